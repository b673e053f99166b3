//! Commit, rollback, savepoints.
use super::{Held, Session, scope};
use crate::{
    driver::{Begin, Control, Isolation},
    error::{Error, Kind, Result},
    memory::Unwritten,
};

/// Memory as it was when a savepoint was opened.
struct Before {
    mark: usize,
    unwritten: Unwritten,
    /// Which transaction it belongs to.
    epoch: u32,
}

impl Session {
    /// Flushes and commits. Entities stay as they are; rows that are read from now on are newer than they.
    ///
    /// # Errors
    /// Those of [`flush`](Self::flush), and what the database refuses at commit; then nothing was committed.
    pub async fn commit(&self) -> Result<()> {
        let mut held = self.held.lock().await;
        if held.savepoints() > 0 {
            return Err(Error::usage("a savepoint is open: commit after it has ended"));
        }
        self.flush_held(&mut held).await?;
        held.count_into(&self.statements);
        if let Err(error) = held.end(Control::Commit).await {
            self.fail(&error);
            return Err(error);
        }
        self.memory.graph().committed();
        Ok(())
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
        let result = held.end(Control::Rollback).await;
        self.memory.graph().rolled_back();
        self.forgive();
        result
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
    /// # Errors
    /// Those of the closure and of its flush.
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
        let (number, before) = self.open_savepoint().await?;
        let mut open = Open { session: self, done: false };
        let result = scope::within(self.id, number + 1, run()).await;
        open.done = true;
        match result {
            Ok(value) => match scope::within(self.id, number + 1, self.release(number)).await {
                Ok(()) => Ok(value),
                Err(error) => {
                    self.undo_savepoint(number, before).await?;
                    Err(error.into())
                }
            },
            Err(error) => {
                self.undo_savepoint(number, before).await?;
                Err(error)
            }
        }
    }

    async fn open_savepoint(&self) -> Result<(u32, Before)> {
        let mut held = self.held.lock().await;
        self.flush_held(&mut held).await?;
        self.check_scope(&held)?;
        let before = {
            let graph = self.memory.graph();
            let (mark, epoch) = (graph.graph.journal.len(), graph.graph.epoch);
            Before { mark, unwritten: graph.graph.unwritten(), epoch }
        };
        held.begin(&self.db, Begin::default()).await?;
        let number = held.savepoints();
        held.control(Control::Savepoint(number)).await?;
        held.set_savepoints(number + 1);
        self.memory.graph().graph.written = true;
        Ok((number, before))
    }

    /// A write, or another savepoint, while a savepoint is open must come from inside it.
    pub(super) fn check_scope(&self, held: &Held) -> Result<()> {
        let (open, inside) = (held.savepoints(), scope::depth(self.id));
        if open == inside {
            return Ok(());
        }
        Err(Error::usage(if open < inside {
            ENDED_INSIDE
        } else {
            "a savepoint is open, and this write comes from a future outside of it: what it writes would be undone with the \
             savepoint; wait until the savepoint has ended"
        }))
    }

    async fn release(&self, number: u32) -> Result<()> {
        let mut held = self.held.lock().await;
        self.check()?;
        if held.savepoints() <= number {
            return Err(Error::usage(ENDED_INSIDE));
        }
        if held.savepoints() != number + 1 {
            return Err(Error::usage("savepoints must be nested: another one was opened meanwhile and is still open"));
        }
        self.flush_held(&mut held).await?;
        held.control(Control::Release(number)).await?;
        held.set_savepoints(number);
        Ok(())
    }

    async fn undo_savepoint(&self, number: u32, before: Before) -> Result<()> {
        let mut held = self.held.lock().await;
        if self.memory.graph().graph.epoch != before.epoch {
            // The closure rolled the transaction back, and this savepoint with it.
            return Ok(());
        }
        // A failed flush has rolled back to the savepoint already.
        if held.savepoints() > number {
            held.control(Control::RollbackTo(number)).await?;
        }
        self.memory.graph().undo_to(before.mark, before.unwritten);
        if held.in_transaction() {
            held.set_savepoints(number);
            self.forgive();
        }
        Ok(())
    }
}

const ENDED_INSIDE: &str = "the transaction was rolled back inside of a savepoint, and the savepoint with it: end the \
                            savepoint's closure with an `Err` before the session writes again";

/// A savepoint whose closure is running; one that is dropped half way leaves the session failed.
struct Open<'s> {
    session: &'s Session,
    done: bool,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.done {
            let message = "a savepoint was cancelled before its closure ended: roll back";
            self.session.fail(&Error::new(Kind::Other, message));
        }
    }
}
