//! Errors that are not about the statement.
use crate::error::{Error, Kind};

/// The error, if it is about the connection or the values and not from the database.
pub(in crate::driver) fn plain(error: sqlx::Error) -> Result<Box<dyn sqlx::error::DatabaseError>, Error> {
    Err(match error {
        sqlx::Error::Database(error) => return Ok(error),
        error if is_broken(&error) => {
            Error::with_source(Kind::Connection, format!("the connection to the server is lost: {error}"), error)
        }
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
            Error::with_source(Kind::Connection, format!("the pool gave no connection: {error}"), error)
        }
        sqlx::Error::Encode(_) => {
            Error::with_source(Kind::Unsupported, format!("a value cannot be sent to the database: {error}"), error)
        }
        error => Error::with_source(Kind::Database, format!("the statement failed: {error}"), error),
    })
}

/// Whether the connection is of no use any more.
pub(super) fn is_broken(error: &sqlx::Error) -> bool {
    use sqlx::Error::{Io, Protocol, Tls, WorkerCrashed};
    match error {
        // Found before anything is sent. (MySQL's check of the number of values comes when the statement has been prepared,
        // and leaves sqlx waiting for its result.)
        Protocol(message) => !message.contains("too many arguments"),
        error => matches!(error, Io(_) | Tls(_) | WorkerCrashed),
    }
}
