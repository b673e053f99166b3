//! What PostgreSQL and MySQL have in common: a server behind sqlx.
//!
//! sqlx may lose step with the server when one of its futures is dropped halfway. So none ever is: a statement's future
//! owns its connection, and if the caller loses interest, the future stays with the [`place`] of the connection and is
//! finished, after asking the server to cancel it, before the connection is used again.
mod connection;
mod error;
mod place;
mod run;
mod stream;

pub(super) use connection::WireConnection;
pub(super) use error::plain;
#[cfg(feature = "mysql")]
pub(super) use run::next;

use super::{
    Begin, BoxFuture, Connection, DbOptions, Dialect, Driver, Outcome, Sink,
    pool::{Open, Pool},
};
use crate::{
    error::{Error, Kind, Result},
    value::Value,
};
use futures_core::stream::BoxStream;
use sqlx::{Database, Either, database::HasStatementCache, pool::PoolConnection};
use std::{sync::Arc, time::Duration};

pub(super) type Arguments<S> = <<S as Server>::Db as Database>::Arguments;
pub(super) type Answer<S> = std::result::Result<
    Either<<<S as Server>::Db as Database>::QueryResult, <<S as Server>::Db as Database>::Row>,
    sqlx::Error,
>;

/// One kind of server.
pub(super) trait Server: Open<Raw = Raw<<Self as Server>::Db>> {
    /// As sqlx names it.
    type Db: Database + HasStatementCache;
    /// What is known of a result's columns, found once per statement.
    type Columns: Send + 'static;
    /// Whether a failed statement spoils its whole transaction.
    const FAILS_AS_A_WHOLE: bool;

    fn dialect(&self) -> Dialect;

    fn log_values(&self) -> bool;

    /// Whether a statement outside of a transaction is one by itself.
    fn commits_alone(&self) -> bool {
        true
    }

    /// Whether a trigger can leave a row out of a statement without an error.
    fn leaves_rows_out(&self) -> bool {
        false
    }

    /// The values, each in the type that its variant names.
    fn arguments(values: &[Value]) -> Result<Arguments<Self>>;

    /// Sends the statement.
    fn send(
        connection: &mut <Self::Db as Database>::Connection,
        sql: Arc<str>,
        arguments: Arguments<Self>,
    ) -> BoxStream<'_, Answer<Self>>;

    /// Sends a statement that gives at most one row, and reads all of its answer.
    fn send_for_one(
        connection: &mut <Self::Db as Database>::Connection,
        sql: Arc<str>,
        arguments: Arguments<Self>,
    ) -> BoxFuture<'_, sqlx::Result<Option<<Self::Db as Database>::Row>>>;

    /// Sends text with nothing bound.
    fn send_text(connection: &mut <Self::Db as Database>::Connection, sql: String) -> BoxStream<'_, Answer<Self>>;

    fn columns(row: &<Self::Db as Database>::Row) -> Self::Columns;

    fn feed(row: &<Self::Db as Database>::Row, columns: &Self::Columns, sink: &mut dyn Sink) -> Result<()>;

    fn outcome(result: &<Self::Db as Database>::QueryResult) -> Outcome;

    /// The error with its kind and facts.
    fn error(error: sqlx::Error, sql: &str) -> Error;

    /// Whether the server rolled the transaction back when it gave this error.
    fn ends_transaction(error: &sqlx::Error) -> bool;

    /// Whether a prepared statement no longer fits its tables, and would if it were prepared again.
    fn is_stale(error: &sqlx::Error) -> bool;

    fn begin(begin: Begin) -> String;

    /// Asks the server to cancel what runs on the connection of that number.
    fn cancel(&self, id: u64) -> BoxFuture<'_, ()>;
}

/// A connection, and the number that the server gave it.
pub(super) struct Raw<D: Database> {
    pub(super) held: Held<D>,
    pub(super) id: Option<u64>,
    /// Whether it lost the server, or step with it.
    pub(super) broken: bool,
    /// Whether the server rolled the transaction back by itself.
    pub(super) rolled_back: bool,
    /// Whether a statement failed on it.
    pub(super) failed: bool,
    /// Whether its prepared statements are of tables as they were once.
    pub(super) stale: bool,
}

pub(super) enum Held<D: Database> {
    Own(D::Connection),
    /// Of a pool of the user's.
    Pooled(PoolConnection<D>),
}

impl<D: Database> Raw<D> {
    fn new(held: Held<D>) -> Self {
        Self { held, id: None, broken: false, rolled_back: false, failed: false, stale: false }
    }

    pub(super) fn connection(&mut self) -> &mut D::Connection {
        match &mut self.held {
            Held::Own(connection) => connection,
            Held::Pooled(connection) => connection,
        }
    }
}

/// Where connections come from.
pub(super) enum Source<D: Database> {
    Address(Box<<D::Connection as sqlx::Connection>::Options>),
    Pool(sqlx::Pool<D>),
}

impl<D: Database> Source<D> {
    pub(super) async fn connect(&self, timeout: Duration) -> sqlx::Result<Raw<D>> {
        match self {
            Self::Address(options) => {
                let connecting = sqlx::ConnectOptions::connect(&**options);
                let connection =
                    tokio::time::timeout(timeout, connecting).await.map_err(|_| sqlx::Error::PoolTimedOut)??;
                Ok(Raw::new(Held::Own(connection)))
            }
            Self::Pool(pool) => Ok(Raw::new(Held::Pooled(pool.acquire().await?))),
        }
    }

    /// Whether connections stay in our own pool.
    pub(super) fn keeps(&self) -> bool {
        matches!(self, Self::Address(_))
    }
}

/// A connection that lay idle for longer is asked whether the server still knows it.
pub(super) const ASK_AFTER: Duration = Duration::from_secs(30);

/// A connection that could not be made. The address is shown without its secrets.
pub(super) fn unreachable(address: &str, error: sqlx::Error) -> Error {
    let reason = match &error {
        sqlx::Error::PoolTimedOut => "it did not answer in time".to_owned(),
        // What could not be read may be a part of the password.
        sqlx::Error::Configuration(_) => {
            return Error::new(Kind::Connection, format!("the URL of {address} cannot be read"));
        }
        other => other.to_string(),
    };
    Error::with_source(Kind::Connection, format!("cannot connect to {address}: {reason}"), error)
}

struct WireDriver<S: Server> {
    pool: Arc<Pool<S>>,
}

/// A driver with its first connection made.
pub(super) async fn connect<S: Server>(server: S, options: &DbOptions) -> Result<Arc<dyn Driver>> {
    Ok(Arc::new(WireDriver { pool: Pool::connect(server, options).await? }))
}

impl<S: Server> Driver for WireDriver<S> {
    fn dialect(&self) -> Dialect {
        self.pool.opener().dialect()
    }

    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>>> {
        Box::pin(async {
            let (raw, lease) = self.pool.acquire().await?;
            Ok(Box::new(WireConnection::<S>::new(raw, lease)) as Box<dyn Connection>)
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.pool.close();
        Box::pin(std::future::ready(()))
    }
}
