//! Commit, rollback, savepoints.
use super::Session;
use crate::{
    driver::{Begin, Control, Isolation},
    error::{Error, Result},
    memory::Unwritten,
};

/// Memory as it was when a savepoint was opened.
struct Before {
    mark: usize,
    unwritten: Unwritten,
}

impl Session {
    /// Flushes and commits. Entities stay as they are; rows that are read from now on are newer than they.
    ///
    /// # Errors
    /// Those of [`flush`](Self::flush), and what the database refuses at commit; then nothing was committed.
    pub async fn commit(&self) -> Result<()> {
        let mut held = self.held.lock().await;
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
    /// changes that were never flushed. Entities added since become transient.
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
        if held.in_transaction {
            return Err(Error::usage("a transaction is open already: commit or roll back first"));
        }
        held.begin(&self.db, Begin { isolation, read_only: false }).await
    }

    /// Runs a closure, which uses the session that it captured, inside a savepoint: what it did is kept if it returns `Ok`,
    /// and undone in the database and in memory if it returns `Err`.
    ///
    /// # Errors
    /// Those of the closure and of its flush.
    pub async fn savepoint<T, E: From<Error>>(&self, run: impl AsyncFnOnce() -> Result<T, E>) -> Result<T, E> {
        let (number, before) = self.open_savepoint().await?;
        match run().await {
            Ok(value) => match self.release(number).await {
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
        let before = {
            let graph = self.memory.graph();
            Before { mark: graph.graph.journal.len(), unwritten: graph.graph.unwritten() }
        };
        held.begin(&self.db, Begin::default()).await?;
        let number = held.savepoints;
        held.control(Control::Savepoint(number)).await?;
        held.savepoints += 1;
        self.memory.graph().graph.written = true;
        Ok((number, before))
    }

    async fn release(&self, number: u32) -> Result<()> {
        let mut held = self.held.lock().await;
        self.check()?;
        if held.savepoints != number + 1 {
            return Err(Error::usage("savepoints must be nested: another one was opened meanwhile and is still open"));
        }
        self.flush_held(&mut held).await?;
        held.control(Control::Release(number)).await?;
        held.savepoints = number;
        Ok(())
    }

    async fn undo_savepoint(&self, number: u32, before: Before) -> Result<()> {
        let mut held = self.held.lock().await;
        // A failed flush has rolled back to the savepoint already.
        if held.in_transaction && held.savepoints > number {
            held.control(Control::RollbackTo(number)).await?;
        }
        held.savepoints = number;
        self.memory.graph().undo_to(before.mark, before.unwritten);
        if held.in_transaction {
            self.forgive();
        }
        Ok(())
    }
}
