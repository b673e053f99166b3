//! What happens when a future that writes is dropped half way.
use super::{Held, Session};
use crate::error::{Error, Kind};

/// A piece of work that leaves the session failed if it is dropped before its end. The transaction is rolled back in the
/// database at once; inside a savepoint that is left to the savepoint's end, which undoes only its own part.
pub(super) struct Guard<'a> {
    session: &'a Session,
    pub(super) held: &'a mut Held,
    what: &'static str,
    done: bool,
}

impl<'a> Guard<'a> {
    /// `what` names the work: "a flush".
    pub(super) fn new(session: &'a Session, held: &'a mut Held, what: &'static str) -> Self {
        Self { session, held, what, done: false }
    }

    /// The work came to its end, good or bad.
    pub(super) fn done(mut self) {
        self.done = true;
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        self.held.count_into(&self.session.statements);
        self.session.fail(&cancelled(self.what));
        if self.held.savepoints() == 0 {
            self.held.abandon();
        }
    }
}

pub(super) fn cancelled(what: &str) -> Error {
    Error::new(
        Kind::Other,
        format!("{what} was cancelled before its end: its transaction is rolled back in the database"),
    )
}
