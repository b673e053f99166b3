//! The connection of a session: taken at its first statement, given back at the end of a transaction.
use super::{
    expectation::{Logged, StatementLog},
    open::OpenTransaction,
};
use crate::{
    db::Db,
    driver::{Begin, Connection, Control, Driver},
    error::{Error, Kind, Result},
    unit_of_work::Learned,
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
};

/// A connection while a session holds it.
#[derive(Default)]
pub(super) struct Held {
    connection: Option<Box<dyn Connection>>,
    status: Arc<Status>,
    log: Arc<StatementLog>,
    /// Tells the database which task has the transaction.
    open: Option<OpenTransaction>,
    /// The number of transactions that have ended, by which a savepoint knows whether its own is still open.
    pub(super) ended: u64,
    /// What of the connection's count is in the session's count already.
    counted: u64,
    /// What the transaction learned of tables, which counts if it is committed.
    pub(super) learned: Learned,
    pub(super) commit: End,
}

/// How far what is written now is from its commit.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Nobody knows whether it comes.
    #[default]
    Open,
    /// It follows the flush.
    Near,
    /// The statement that runs is a transaction by itself.
    Now,
}

/// What is open on the connection. It can be asked for while a statement runs.
#[derive(Default)]
pub(super) struct Status {
    in_transaction: AtomicBool,
    savepoints: AtomicU32,
}

impl Status {
    /// Whether a transaction is open.
    pub(super) fn in_transaction(&self) -> bool {
        self.in_transaction.load(Ordering::Relaxed)
    }

    /// The number of open savepoints.
    pub(super) fn savepoints(&self) -> u32 {
        self.savepoints.load(Ordering::Relaxed)
    }
}

/// While a flush runs that a commit follows.
pub(super) struct Ending<'a> {
    pub(super) held: &'a mut Held,
}

impl<'a> Ending<'a> {
    pub(super) fn new(held: &'a mut Held) -> Self {
        held.commit = End::Near;
        Self { held }
    }
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.held.commit = End::Open;
    }
}

impl Held {
    pub(super) fn new(status: Arc<Status>, log: Arc<StatementLog>) -> Self {
        Self { status, log, ..Self::default() }
    }

    /// Whether a transaction is open.
    pub(super) fn in_transaction(&self) -> bool {
        self.status.in_transaction()
    }

    /// The number of open savepoints.
    pub(super) fn savepoints(&self) -> u32 {
        self.status.savepoints()
    }

    /// That many savepoints are open now.
    pub(super) fn set_savepoints(&mut self, number: u32) {
        self.status.savepoints.store(number, Ordering::Relaxed);
    }

    fn set_in_transaction(&mut self, open: bool) {
        self.status.in_transaction.store(open, Ordering::Relaxed);
    }

    /// The connection, taken from the pool if need be.
    pub(super) async fn connection(&mut self, driver: &dyn Driver) -> Result<&mut dyn Connection> {
        if self.connection.is_none() {
            let connection = driver.acquire().await?;
            self.counted = connection.statement_count();
            self.connection = Some(Logged::over(connection, self.log.clone()));
        }
        match &mut self.connection {
            Some(connection) => Ok(connection.as_mut()),
            None => Err(Error::new(Kind::Connection, "there is no connection")),
        }
    }

    /// Begins a transaction, if none is open.
    pub(super) async fn begin(&mut self, db: &Db, begin: Begin) -> Result<()> {
        if self.in_transaction() {
            return Ok(());
        }
        self.connection(db.driver()).await?;
        // Taken out: one whose BEGIN fails or is cancelled goes back to the pool, which undoes what may have begun.
        let Some(mut connection) = self.connection.take() else { return Ok(()) };
        connection.control(Control::Begin(begin)).await?;
        self.connection = Some(connection);
        self.set_in_transaction(true);
        self.open = Some(db.open_transaction());
        Ok(())
    }

    /// Ends the transaction, if one is open, and gives the connection back.
    pub(super) async fn end(&mut self, control: Control) -> Result<()> {
        let open = self.in_transaction();
        let Some(mut connection) = self.leave() else { return Ok(()) };
        if open { connection.control(control).await } else { Ok(()) }
    }

    /// Gives the connection back as it is: its pool rolls back what is open.
    pub(super) fn abandon(&mut self) {
        drop(self.leave());
    }

    /// The transaction is over for the session; whoever takes the connection ends it in the database.
    fn leave(&mut self) -> Option<Box<dyn Connection>> {
        self.ended += u64::from(self.in_transaction());
        self.forget();
        self.connection.take()
    }

    /// Undoes the open transaction in the database, or only the innermost savepoint.
    pub(super) async fn undo(&mut self) -> Result<()> {
        match self.savepoints().checked_sub(1) {
            Some(innermost) => self.undo_savepoint(innermost).await,
            None => self.end(Control::Rollback).await,
        }
    }

    /// Undoes a savepoint, with those inside of it.
    pub(super) async fn undo_savepoint(&mut self, number: u32) -> Result<()> {
        // A table that was made since the savepoint may be another one now.
        self.learned = Learned::default();
        self.control(Control::RollbackTo(number)).await?;
        self.set_savepoints(number);
        Ok(())
    }

    /// Nothing is open any more.
    fn forget(&mut self) {
        self.learned = Learned::default();
        self.set_in_transaction(false);
        self.set_savepoints(0);
        self.open = None;
    }

    /// Controls the open transaction.
    pub(super) async fn control(&mut self, control: Control) -> Result<()> {
        match &mut self.connection {
            Some(connection) => connection.control(control).await,
            None => Ok(()),
        }
    }

    /// Adds the statements sent since the last call.
    pub(super) fn count_into(&mut self, total: &AtomicU64) {
        if let Some(connection) = &self.connection {
            let count = connection.statement_count();
            total.fetch_add(count - self.counted, Ordering::Relaxed);
            self.counted = count;
        }
    }
}
