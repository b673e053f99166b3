//! A driver with one connection inside a transaction that is never committed: for tests that leave nothing behind.
use super::{Begin, BoxFuture, Connection, Control, Dialect, Driver, Outcome, Repeated, RowStream, Sink, Statement};
use crate::error::{Error, Kind, Result};
use std::{sync::Arc, time::Duration};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// The savepoint that stands for the transaction of whoever uses the connection; sessions count theirs from 1.
const TRANSACTION: u32 = u32::MAX;

/// The driver pinned to one connection. What is committed through it is seen through it, and gone when it is dropped.
///
/// Transactions on it are savepoints, so they behave as ever, but there is one at a time: a second session waits for the
/// first to end its transaction, up to the timeout.
///
/// # Errors
/// The driver gives no connection, or no transaction begins on it.
pub async fn pinned(driver: &dyn Driver, timeout: Duration) -> Result<Arc<dyn Driver>> {
    let mut connection = driver.acquire().await?;
    connection.control(Control::Begin(Begin::default())).await?;
    let pin = Arc::new(Mutex::new(Pin { connection, open: false, left: 0 }));
    Ok(Arc::new(Pinned { pin, dialect: driver.dialect(), timeout }))
}

struct Pinned {
    pin: Arc<Mutex<Pin>>,
    dialect: Dialect,
    timeout: Duration,
}

struct Pin {
    connection: Box<dyn Connection>,
    /// Whether the savepoint is set, by whoever has the connection or had it last.
    open: bool,
    /// The statements of those who had it before.
    left: u64,
}

struct Lent(OwnedMutexGuard<Pin>);

impl Driver for Pinned {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>>> {
        Box::pin(async {
            let wait = tokio::time::timeout(self.timeout, Arc::clone(&self.pin).lock_owned());
            let mut lent = Lent(wait.await.map_err(|_| taken())?);
            lent.rollback().await?;
            lent.0.left = lent.0.connection.statement_count();
            Ok(Box::new(lent) as Box<dyn Connection>)
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

fn taken() -> Error {
    let message = "the test database has one connection, which a session or stream holds: commit it, roll it back or drop \
                   it before another is used";
    Error::new(Kind::Connection, message)
}

impl Lent {
    async fn begin(&mut self) -> Result<()> {
        self.0.connection.control(Control::Savepoint(TRANSACTION)).await?;
        self.0.open = true;
        Ok(())
    }

    async fn commit(&mut self) -> Result<()> {
        self.0.connection.control(Control::Release(TRANSACTION)).await?;
        self.0.open = false;
        Ok(())
    }

    async fn rollback(&mut self) -> Result<()> {
        if self.0.open {
            self.0.connection.control(Control::RollbackTo(TRANSACTION)).await?;
        }
        self.0.open = false;
        Ok(())
    }
}

impl Connection for Lent {
    fn query<'a>(&'a mut self, statement: &'a Statement, sink: Box<dyn Sink>) -> BoxFuture<'a, Result<Box<dyn Sink>>> {
        self.0.connection.query(statement, sink)
    }

    fn execute<'a>(&'a mut self, statement: &'a Statement) -> BoxFuture<'a, Result<Outcome>> {
        self.0.connection.execute(statement)
    }

    fn execute_each<'a>(&'a mut self, statement: &'a mut Repeated) -> BoxFuture<'a, Result<Vec<Outcome>>> {
        self.0.connection.execute_each(statement)
    }

    fn run_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>> {
        self.0.connection.run_script(sql)
    }

    fn control(&mut self, control: Control) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            match control {
                Control::Begin(_) => self.begin().await,
                Control::Commit => self.commit().await,
                Control::Rollback => self.rollback().await,
                within => self.0.connection.control(within).await,
            }
        })
    }

    fn stream<'a>(
        &'a mut self,
        statement: &'a Statement,
        batch: usize,
    ) -> BoxFuture<'a, Result<Box<dyn RowStream + 'a>>> {
        self.0.connection.stream(statement, batch)
    }

    fn is_usable(&self) -> bool {
        self.0.connection.is_usable()
    }

    fn commits_alone(&self) -> bool {
        // It would fail in the outer transaction, and PostgreSQL takes nothing more there.
        false
    }

    fn statement_count(&self) -> u64 {
        self.0.connection.statement_count() - self.0.left
    }
}
