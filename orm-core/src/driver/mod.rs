//! The contract between the library and a database, in one page.
//!
//! A driver is given a statement (text and bound values) and a sink, and feeds the sink each row; or it executes a
//! statement that returns no rows. It knows nothing of models, and nothing above it knows how it talks to its database.
#![cfg_attr(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")), allow(dead_code))]

use crate::{
    error::Result,
    value::{Row, Value},
};
use std::{any::Any, future::Future, pin::Pin, sync::Arc};

#[cfg(not(all(feature = "sqlite", feature = "postgres", feature = "mysql")))]
mod absent;
mod address;
mod connect;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod hint;
mod meter;
#[cfg(feature = "mysql")]
mod mysql;
mod options;
mod pinned;
mod pool;
#[cfg(feature = "postgres")]
mod postgres;
mod reading;
pub mod recorder;
mod repeated;
#[cfg(feature = "sqlite")]
mod sqlite;
mod violation;
pub(crate) use violation::broken_words;
pub(crate) mod whole;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod wire;

pub use connect::connect;
pub use options::{DbOptions, RunStatements, Synchronous};
pub use pinned::pinned;
pub use repeated::{Repeated, Together};

/// A future in a box.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A statement to send: its text and what is bound to it, in the order of the placeholders.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The text. Drivers keep prepared statements by it.
    pub sql: Arc<str>,
    /// The bound values; the variant of each tells the type, also of a null.
    pub values: Vec<Value>,
    /// What is known of its length.
    pub length: Length,
}

/// How long a statement is expected to run, for a driver that may run it in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// At most one row, by its key.
    One,
    /// A few rows by their keys.
    Short,
    /// Any number of rows.
    Unknown,
}

/// Takes the rows of a result, one by one.
pub trait Sink: Send + Any {
    /// Takes a row; an error ends the statement and becomes its result.
    ///
    /// # Errors
    /// The row cannot be decoded.
    fn row(&mut self, row: &dyn Row) -> Result<()>;

    /// So many rows may come, as many as the last time: called before the first one, if at all.
    fn expect(&mut self, rows: usize) {
        let _ = rows;
    }

    /// There are no more rows. Called where the last one was taken, on whatever thread that is; not by all drivers.
    fn end(&mut self) {}
}

/// What a statement without rows did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The number of rows that it matched (updated, deleted) or inserted.
    pub rows: u64,
    /// The first key that the database generated, where it tells so outside the result (MySQL, and SQLite after an INSERT:
    /// the number of the row).
    pub first_key: Option<i64>,
}

/// The transaction statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Begins a transaction.
    Begin(Begin),
    /// Commits it.
    Commit,
    /// Rolls it back.
    Rollback,
    /// Sets the savepoint of that number.
    Savepoint(u32),
    /// Keeps what was done since the savepoint, and forgets the savepoint.
    Release(u32),
    /// Undoes what was done since the savepoint, and forgets the savepoint.
    RollbackTo(u32),
}

/// How a transaction begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Begin {
    /// The isolation; the database's default if none is given.
    pub isolation: Option<Isolation>,
    /// Whether it will not write (SQLite: it takes no write lock at the start).
    pub read_only: bool,
}

/// The isolation of a transaction. SQLite always is serializable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words of SQL")]
pub enum Isolation {
    ReadUncommitted,
    ReadCommitted,
    RepeatableRead,
    Serializable,
}

/// Which database, as far as the text of statements depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL.
    MySql,
    /// MariaDB: MySQL's dialect, and `RETURNING` on INSERT.
    MariaDb,
}

/// A connection that one session or one operation holds. Dropped, it goes back to its pool; what was open is rolled back
/// before anybody else gets it.
///
/// A future of these functions may be dropped at any time; the connection can be used afterwards, and the statement either
/// ran or did not. What it leaves running is stopped before the next statement starts. Inside a transaction a dropped
/// statement may have cost the transaction: then all but `Rollback` is refused, as after a deadlock or a lost connection,
/// so that nothing runs outside the transaction by mistake.
pub trait Connection: Send {
    /// Runs a statement and feeds its rows to the sink, which comes back.
    fn query<'a>(&'a mut self, statement: &'a Statement, sink: Box<dyn Sink>) -> BoxFuture<'a, Result<Box<dyn Sink>>>;

    /// Runs a statement that returns no rows.
    fn execute<'a>(&'a mut self, statement: &'a Statement) -> BoxFuture<'a, Result<Outcome>>;

    /// Runs a statement that returns no rows once for each set of values, in order, and tells what each did. It counts as one
    /// statement where the database needs no round trip for each.
    ///
    /// After an error the sets before the refused one have been run: it belongs into a transaction. A driver that knows which
    /// set was refused says so in the error's facts. The values are lent meanwhile: if the future is dropped, they may be gone.
    fn execute_each<'a>(&'a mut self, statement: &'a mut Repeated) -> BoxFuture<'a, Result<Vec<Outcome>>> {
        Box::pin(async move {
            let mut outcomes = Vec::with_capacity(statement.sets.len());
            for values in statement.sets.values().chunks(statement.sets.width().max(1)) {
                let (sql, values) = (Arc::clone(&statement.sql), values.to_vec());
                outcomes.push(self.execute(&Statement { sql, values, length: Length::Short }).await?);
            }
            Ok(outcomes)
        })
    }

    /// Runs text that may hold several statements, with nothing bound: DDL.
    fn run_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>>;

    /// Begins, ends and divides transactions.
    fn control<'a>(&'a mut self, control: Control) -> BoxFuture<'a, Result<()>>;

    /// Runs a statement in steps: each call of [`RowStream::next`] feeds up to `batch` rows to a sink.
    fn stream<'a>(
        &'a mut self,
        statement: &'a Statement,
        batch: usize,
    ) -> BoxFuture<'a, Result<Box<dyn RowStream + 'a>>>;

    /// Whether a statement may still succeed on this connection; `false` while a lost transaction waits for its rollback.
    fn is_usable(&self) -> bool;

    /// Whether a statement outside of a transaction is one by itself: kept once it succeeds, undone where it fails.
    fn commits_alone(&self) -> bool {
        true
    }

    /// Whether a trigger can leave a row out of a statement without an error, so that fewer rows are written than were given.
    /// It is not asked of PostgreSQL and SQLite, which can.
    fn leaves_rows_out(&self) -> bool {
        false
    }

    /// The statements sent so far, scripts and streams among them; what controls transactions is not counted.
    fn statement_count(&self) -> u64;
}

/// The rows of a running statement, in batches.
pub trait RowStream: Send {
    /// Feeds the next rows to the sink, which comes back with `false` after the last one.
    fn next<'a>(&'a mut self, sink: Box<dyn Sink>) -> BoxFuture<'a, Result<(Box<dyn Sink>, bool)>>;
}

/// A database: gives out connections.
pub trait Driver: Send + Sync {
    /// Which one.
    fn dialect(&self) -> Dialect;

    /// A connection from the pool, waiting up to the pool's timeout.
    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>>>;

    /// Closes the pool; connections that are held are closed when they come back.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// What can be used as a database as it is: an existing sqlx pool (`PgPool`, `MySqlPool`), or a driver.
pub trait IntoDriver {
    /// The driver. Of the options only what is not about connecting counts.
    ///
    /// # Errors
    /// The pool gives no connection.
    fn into_driver(self, options: DbOptions) -> BoxFuture<'static, Result<Arc<dyn Driver>>>;
}

impl IntoDriver for Arc<dyn Driver> {
    fn into_driver(self, _: DbOptions) -> BoxFuture<'static, Result<Arc<dyn Driver>>> {
        Box::pin(std::future::ready(Ok(self)))
    }
}
