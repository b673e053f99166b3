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

/// The table that a statement writes, for errors that do not name it.
pub(in crate::driver) fn target_table(sql: &str) -> Option<String> {
    let mut words = sql.split_ascii_whitespace();
    let first = words.next()?.to_ascii_uppercase();
    let name = match first.as_str() {
        "INSERT" | "REPLACE" => words.find(|word| word.eq_ignore_ascii_case("INTO")).and_then(|_| words.next()),
        "DELETE" => words.find(|word| word.eq_ignore_ascii_case("FROM")).and_then(|_| words.next()),
        "UPDATE" => words.next(),
        _ => None,
    }?;
    let name = name.split('(').next().unwrap_or_default().rsplit('.').next().unwrap_or_default();
    Some(name.trim_matches(['`', '"', ';']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_a_statement_is_found() {
        let table = |sql| target_table(sql).unwrap_or_default();
        assert_eq!(table("INSERT INTO `users` (`id`) VALUES (?)"), "users");
        assert_eq!(table("insert ignore into shop.users(id) values (1)"), "users");
        assert_eq!(table("UPDATE \"users\" SET x = 1"), "users");
        assert_eq!(table("DELETE FROM users"), "users");
        assert_eq!(target_table("SELECT 1"), None);
    }
}
