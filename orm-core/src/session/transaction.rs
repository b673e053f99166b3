//! Commit, rollback, savepoints.
use super::{
    Held, Session,
    guard::{self, Guard, cancelled},
    scope,
};
use crate::{
    driver::{Begin, Control, Isolation},
    error::{Error, Result},
    memory::{Locked, Unwritten},
};
use std::{cmp::Ordering, sync::atomic};

/// What was when a savepoint was opened.
struct Before {
    number: u32,
    /// The number of transactions that had ended.
    ended: u64,
    mark: usize,
    unwritten: Unwritten,
}

impl Session {
    /// Flushes and commits. Entities stay as they are; rows that are read from now on are newer than they.
    ///
    /// On a server, where no transaction is open and one statement writes all there is to write, that statement is the whole
    /// transaction, in one round trip instead of three. It still writes all of its rows or none: where some may be gone, or
    /// left out by a trigger, PostgreSQL counts them within the statement, and other servers get a transaction after all.
    ///
    /// # Errors
    /// Those of [`flush`](Self::flush), and what the database refuses at commit; then nothing was committed. If the connection
    /// is lost, or the future is dropped, while the database commits, nobody knows whether it did: roll back, and read again.
    pub async fn commit(&self) -> Result<()> {
        let mut held = self.held.lock().await;
        if held.savepoints() > 0 {
            return Err(Error::usage("a savepoint is open: commit after it has ended"));
        }
        self.flush_before_commit(&mut held).await?;
        held.count_into(&self.statements);
        let guard = Guard::new(self, &mut held, guard::COMMIT);
        let learned = std::mem::take(&mut guard.held.learned);
        let result = guard.held.end(Control::Commit).await;
        guard.done();
        match &result {
            Ok(()) => {
                self.memory.note_write();
                self.loops.clear();
                self.memory.graph().committed();
                self.db.rowids().learn(learned);
            }
            Err(error) => self.fail(error),
        }
        result
    }

    /// Undoes everything since the last commit: the rows, and the entities with their relationships, keys and states, also
    /// changes that were never flushed. Entities added since become transient. Inside of savepoints it undoes them all, and
    /// what came before them; only the `Err` of a savepoint's closure undoes that savepoint alone.
    ///
    /// # Errors
    /// The connection is lost; memory is restored all the same, and the database rolls back by itself.
    pub async fn rollback(&self) -> Result<()> {
        let mut held = self.held.lock().await;
        held.count_into(&self.statements);
        // Memory first: dropped while the database rolls back, this leaves nothing that was undone in one place only.
        self.restore(|graph| graph.rolled_back());
        held.end(Control::Rollback).await
    }

    /// Begins a transaction now, instead of at the first write.
    ///
    /// # Errors
    /// One is open already.
    pub async fn begin(&self, isolation: Option<Isolation>) -> Result<()> {
        let mut held = self.held.lock().await;
        self.check()?;
        if held.in_transaction() {
            return Err(Error::usage("a transaction is open already: commit or roll back first"));
        }
        self.memory.note_write();
        held.begin(&self.db, Begin { isolation, read_only: false }).await
    }

    /// Whether a transaction is open: since the first write, `begin` or a locked read, until commit or rollback. SQLAlchemy's
    /// `in_transaction`.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let user = session.get_one::<User>(1).await?;
    /// assert!(!session.in_transaction());                 // reads open none
    /// user.set(User::full_name, "Bob");
    /// session.flush().await?;
    /// assert!(session.in_transaction());
    /// let inside = session.savepoint(async || orm::Result::Ok(session.savepoint_depth())).await?;
    /// assert_eq!((inside, session.savepoint_depth()), (1, 0));
    /// # session.rollback().await
    /// # }
    /// ```
    pub fn in_transaction(&self) -> bool {
        self.status.in_transaction()
    }

    /// How many savepoints are open, one inside the other. SQLAlchemy's `in_nested_transaction` asks whether there is one.
    pub fn savepoint_depth(&self) -> u32 {
        self.status.savepoints()
    }

    /// Runs a closure, which uses the session that it captured, inside a savepoint: what it did is kept if it returns `Ok`,
    /// and undone in the database and in memory if it returns `Err`.
    ///
    /// While it is open, writes of other futures through the session are errors. What these change in memory meanwhile becomes
    /// part of the savepoint: its end writes it, or undoes it.
    ///
    /// # Errors
    /// Those of the closure and of its flush. Where undoing it fails, the session stays failed until
    /// [`rollback`](Self::rollback).
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let user = session.get_one::<User>(1).await?;
    /// let tried: orm::Result<()> = session
    ///     .savepoint(async || {
    ///         user.set(User::full_name, "Bob");
    ///         session.flush().await?;
    ///         Err(orm::Error::other("on second thought"))
    ///     })
    ///     .await;
    /// assert!(tried.is_err());
    /// assert_eq!(user.full_name, "Ann");
    /// # Ok(()) }
    /// ```
    pub async fn savepoint<T, E: From<Error>>(&self, run: impl AsyncFnOnce() -> Result<T, E>) -> Result<T, E> {
        let before = self.open_savepoint().await?;
        let number = before.number;
        let open = Open { session: self, number, done: false };
        let result = match scope::within(self.id, number + 1, run()).await {
            Ok(value) => {
                let released = scope::within(self.id, number + 1, self.release(&before)).await;
                released.map(|()| value).map_err(E::from)
            }
            Err(error) => Err(error),
        };
        if result.is_err() {
            self.undo_savepoint(before).await;
        }
        open.done();
        result
    }

    async fn open_savepoint(&self) -> Result<Before> {
        let mut held = self.held.lock().await;
        self.flush_held(&mut held).await?;
        self.check_scope(&held)?;
        let before = {
            let mut graph = self.memory.graph();
            let (mark, unwritten) = (graph.graph.journal.mark(), graph.graph.unwritten());
            Before { number: held.savepoints(), ended: held.ended, mark, unwritten }
        };
        held.begin(&self.db, Begin::default()).await?;
        let guard = Guard::new(self, &mut held, "a savepoint");
        let opened = guard.held.control(Control::Savepoint(before.number)).await;
        match &opened {
            Ok(()) => guard.held.set_savepoints(before.number + 1),
            Err(error) => self.give_up(guard.held, error),
        }
        guard.done();
        opened?;
        self.memory.graph().graph.written = true;
        Ok(before)
    }

    /// A write, or another savepoint, while a savepoint is open must come from inside it.
    pub(super) fn check_scope(&self, held: &Held) -> Result<()> {
        match held.savepoints().cmp(&scope::depth(self.id)) {
            Ordering::Equal => Ok(()),
            Ordering::Greater => Err(Error::usage(
                "a savepoint is open, and this write comes from a future outside of it: what it writes would be undone with \
                 the savepoint; wait until the savepoint has ended",
            )),
            Ordering::Less => Err(over()),
        }
    }

    async fn release(&self, before: &Before) -> Result<()> {
        let mut held = self.held.lock().await;
        self.check()?;
        if held.ended != before.ended {
            return Err(over());
        }
        if held.savepoints() != before.number + 1 {
            return Err(Error::usage("savepoints must be nested: another one was opened meanwhile and is still open"));
        }
        self.flush_held(&mut held).await?;
        let guard = Guard::new(self, &mut held, "a savepoint");
        let released = guard.held.control(Control::Release(before.number)).await;
        if released.is_ok() {
            guard.held.set_savepoints(before.number);
        }
        guard.done();
        released
    }

    /// Undoes a savepoint. Where that fails, or its transaction is over, the session stays failed until `rollback`.
    async fn undo_savepoint(&self, before: Before) {
        let mut held = self.held.lock().await;
        if !held.in_transaction() || held.ended != before.ended {
            return;
        }
        // A failed flush has rolled back to the savepoint already.
        if held.savepoints() > before.number {
            let guard = Guard::new(self, &mut held, "a savepoint");
            let undone = guard.held.undo_savepoint(before.number).await;
            if let Err(error) = &undone {
                self.give_up(guard.held, error);
            }
            guard.done();
            if undone.is_err() {
                return;
            }
        }
        self.restore(|graph| graph.undo_to(before.mark, before.unwritten));
    }

    fn restore(&self, restore: impl FnOnce(&mut Locked<'_>)) {
        let mut graph = self.memory.graph();
        restore(&mut graph);
        self.memory.note_write();
        // Under the lock: who does not find what was loaded sees that it was undone.
        self.restored.fetch_add(1, atomic::Ordering::Relaxed);
        drop(graph);
        self.forgive();
    }

    /// How often a rollback restored memory, by which who reads knows that what was loaded may have been undone.
    pub(crate) fn restored(&self) -> u64 {
        self.restored.load(atomic::Ordering::Relaxed)
    }

    /// A transaction of which nobody knows what it did is rolled back.
    fn give_up(&self, held: &mut Held, error: &Error) {
        self.fail(error);
        held.abandon();
    }
}

fn over() -> Error {
    Error::usage(
        "the savepoint is over, since its whole transaction was rolled back inside of it: return from its closure",
    )
}

/// A savepoint whose closure is running; one that is dropped half way leaves the session failed.
struct Open<'s> {
    session: &'s Session,
    number: u32,
    done: bool,
}

impl Open<'_> {
    fn done(mut self) {
        self.done = true;
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        self.session.fail(&cancelled("a savepoint"));
        // One inside of another is undone with that. Who reads just now keeps the lock: then `rollback` does it.
        if let (0, Ok(mut held)) = (self.number, self.session.held.try_lock()) {
            held.abandon();
        }
    }
}
