//! SQLite's errors as ours: kinds from the extended codes, facts from the messages.
use crate::{
    driver::{hint::NO_TABLE, violation::violation},
    error::{Error, Facts, Kind},
};
use rusqlite::{Error as SqliteError, ErrorCode, ffi};

/// Why an attempt to run a statement failed.
pub(super) enum Failure {
    /// SQLite said so.
    Sqlite(SqliteError),
    /// The sink did, or the values could not be bound.
    Own(Error),
}

impl From<SqliteError> for Failure {
    fn from(error: SqliteError) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Own(error)
    }
}

impl Failure {
    /// Whether another connection holds a lock which it will let go.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Sqlite(error) if is_busy(error))
    }

    pub(super) fn into_error(self) -> Error {
        match self {
            Self::Sqlite(error) => translated(error),
            Self::Own(error) => error,
        }
    }
}

/// A snapshot that is too old to write will not become younger by waiting.
pub(super) fn is_busy(error: &SqliteError) -> bool {
    let code = error.sqlite_error();
    code.is_some_and(|e| e.code == ErrorCode::DatabaseBusy && e.extended_code != ffi::SQLITE_BUSY_SNAPSHOT)
}

/// The error with its kind and facts.
pub(super) fn translated(error: SqliteError) -> Error {
    let Some(code) = error.sqlite_error().copied() else { return database(error) };
    match code.code {
        ErrorCode::ConstraintViolation => constraint(code.extended_code, error),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            let message = "another connection is writing to the database: run the transaction again \
                           (`transaction_retry`), or wait longer (`DbOptions::busy_timeout`)";
            Error::with_source(Kind::Retryable, message, error)
        }
        ErrorCode::OperationInterrupted => {
            Error::with_source(Kind::Database, "the statement was interrupted: its future was dropped", error)
        }
        ErrorCode::CannotOpen | ErrorCode::NotADatabase | ErrorCode::PermissionDenied => {
            Error::with_source(Kind::Connection, format!("the database file cannot be used: {error}"), error)
        }
        _ => database(error),
    }
}

fn database(error: SqliteError) -> Error {
    let said = error.to_string();
    let hint = if said.contains("no such table: ") { NO_TABLE } else { "" };
    Error::with_source(Kind::Database, format!("SQLite refused the statement: {said}{hint}"), error)
}

fn constraint(extended: i32, error: SqliteError) -> Error {
    let kind = match extended {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Kind::UniqueViolation
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Kind::ForeignKeyViolation,
        ffi::SQLITE_CONSTRAINT_NOTNULL => Kind::NotNullViolation,
        ffi::SQLITE_CONSTRAINT_CHECK => Kind::CheckViolation,
        _ => return database(error),
    };
    violation(kind, facts(kind, &error.to_string()), error)
}

/// `UNIQUE constraint failed: users.tenant, users.email` and its like.
fn facts(kind: Kind, message: &str) -> Facts {
    let Some((_, said)) = message.split_once("constraint failed: ") else { return Facts::default() };
    if kind == Kind::CheckViolation {
        return Facts { constraint: Some(said.to_owned()), ..Facts::default() };
    }
    if let Some(index) = said.strip_prefix("index '") {
        return Facts { constraint: Some(index.trim_end_matches('\'').to_owned()), ..Facts::default() };
    }
    let names: Vec<_> = said.split(", ").filter_map(|name| name.rsplit_once('.')).collect();
    Facts {
        table: names.first().map(|(table, _)| (*table).to_owned()),
        columns: names.iter().map(|(_, column)| (*column).to_owned()).collect(),
        ..Facts::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_from_messages() {
        let unique = facts(Kind::UniqueViolation, "UNIQUE constraint failed: users.tenant, users.email");
        assert_eq!((unique.table.as_deref(), unique.columns.join(" ")), (Some("users"), "tenant email".to_owned()));
        let index = facts(Kind::UniqueViolation, "UNIQUE constraint failed: index 'lower_email'");
        assert_eq!(index.constraint.as_deref(), Some("lower_email"));
        let check = facts(Kind::CheckViolation, "CHECK constraint failed: price > 0, or so");
        assert_eq!(check.constraint.as_deref(), Some("price > 0, or so"));
        assert_eq!(facts(Kind::ForeignKeyViolation, "FOREIGN KEY constraint failed").table, None);
    }
}
