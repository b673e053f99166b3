//! PostgreSQL's errors as ours.
use crate::{
    driver::{
        hint::{NO_TABLE, NO_ZERO},
        violation::violation,
        wire,
    },
    error::{Error, Facts, Kind},
};
use sqlx::postgres::PgDatabaseError;

pub(super) fn translated(error: sqlx::Error) -> Error {
    match wire::plain(error) {
        Ok(error) => {
            let Some(postgres) = error.try_downcast_ref::<PgDatabaseError>() else {
                return Error::with_source(Kind::Database, error.message().to_owned(), sqlx::Error::Database(error));
            };
            let hint = hint(postgres.code());
            of_database((kind(postgres.code()), hint), facts(postgres), error)
        }
        Err(error) => error,
    }
}

fn of_database((kind, hint): (Kind, &str), facts: Facts, error: Box<dyn sqlx::error::DatabaseError>) -> Error {
    let said = error.message().to_owned();
    let source = sqlx::Error::Database(error);
    match kind {
        Kind::UniqueViolation | Kind::ForeignKeyViolation | Kind::NotNullViolation | Kind::CheckViolation => {
            violation(kind, facts, source)
        }
        Kind::Retryable => {
            let message = format!("the transaction met another one: run it again (`transaction_retry`); {said}");
            Error::with_source(kind, message, source)
        }
        Kind::Connection => Error::with_source(kind, format!("PostgreSQL ended the connection: {said}"), source),
        _ => Error::with_source(kind, format!("PostgreSQL refused the statement: {said}{hint}"), source)
            .with_facts(facts),
    }
}

fn kind(code: &str) -> Kind {
    match code {
        "23505" => Kind::UniqueViolation,
        "23503" | "23001" => Kind::ForeignKeyViolation,
        "23502" => Kind::NotNullViolation,
        "23514" => Kind::CheckViolation,
        // Serialization failure, deadlock, a lock that was not waited for.
        "40001" | "40P01" | "55P03" => Kind::Retryable,
        "57P01" | "57P02" | "57P03" | "53300" => Kind::Connection,
        // Such as too few values bound: the connection goes on.
        "08P01" => Kind::Database,
        "0A000" => Kind::Unsupported,
        code if code.starts_with("08") => Kind::Connection,
        _ => Kind::Database,
    }
}

fn hint(code: &str) -> &'static str {
    match code {
        "42P01" => NO_TABLE,
        "22021" | "22P05" => NO_ZERO,
        _ => "",
    }
}

fn facts(error: &PgDatabaseError) -> Facts {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let columns = match error.column() {
        Some(column) => vec![column.to_owned()],
        None => error.detail().map(key_columns).unwrap_or_default(),
    };
    let values = error.detail().and_then(key_values);
    Facts { table: owned(error.table()), constraint: owned(error.constraint()), columns, values, ..Facts::default() }
}

/// Of `Key (tenant, email)=(1, a@x) already exists.` what is in the second parentheses.
fn key_values(detail: &str) -> Option<String> {
    let (_, rest) = detail.strip_prefix("Key (")?.split_once(")=(")?;
    let ends = [") already exists", ") is not present in table", ") is still referenced from table"];
    ends.iter().find_map(|end| rest.rsplit_once(end)).map(|(values, _)| values.to_owned())
}

/// Of `Key (tenant, email)=(1, a@x) already exists.` A key that is still referenced is of another table than the one named.
fn key_columns(detail: &str) -> Vec<String> {
    if detail.contains(" is still referenced ") {
        return Vec::new();
    }
    let names = detail.strip_prefix("Key (").and_then(|rest| rest.split(")=(").next()).unwrap_or_default();
    let plain = |name: &str| name.trim_matches('"').to_owned();
    names.split(", ").filter(|name| !name.is_empty()).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_from_the_detail() {
        assert_eq!(key_columns("Key (tenant, \"eMail\")=(1, a) already exists."), ["tenant", "eMail"]);
        assert_eq!(key_columns("Key (id)=(1) is still referenced from table \"orders\"."), Vec::<String>::new());
        assert_eq!(key_columns("Schlüssel"), Vec::<String>::new());
        assert_eq!(key_values("Key (tenant, email)=(1, a@x) already exists.").as_deref(), Some("1, a@x"));
        assert_eq!(key_values("Key (id)=(1) is still referenced from table \"orders\".").as_deref(), Some("1"));
    }
}
