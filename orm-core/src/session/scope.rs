//! Which savepoint the running future is inside of: a write from another future while one is open is an error, not a race.
use std::{cell::RefCell, future::Future, pin::pin, task::Poll};

thread_local! {
    /// The sessions and savepoint depths of the closures that are being polled on this thread, innermost last.
    static OPEN: RefCell<Vec<(u64, u32)>> = const { RefCell::new(Vec::new()) };
}

/// Runs a future that counts as being inside a savepoint of a session whenever it is polled.
pub(super) async fn within<T>(session: u64, depth: u32, run: impl Future<Output = T>) -> T {
    let mut run = pin!(run);
    std::future::poll_fn(move |context| {
        let _inside = Inside::enter(session, depth);
        let poll: Poll<T> = run.as_mut().poll(context);
        poll
    })
    .await
}

/// How many savepoints of a session the running future is inside of.
pub(super) fn depth(session: u64) -> u32 {
    OPEN.with_borrow(|open| open.iter().rev().find(|(other, _)| *other == session).map_or(0, |(_, depth)| *depth))
}

/// One poll; dropped also where it panics.
struct Inside;

impl Inside {
    fn enter(session: u64, depth: u32) -> Self {
        OPEN.with_borrow_mut(|open| open.push((session, depth)));
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|open| _ = open.pop());
    }
}
