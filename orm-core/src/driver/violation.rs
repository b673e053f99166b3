//! The words for broken constraints, the same for every database.
use crate::error::{Error, Facts, Kind};

/// The error of a broken constraint.
pub(super) fn violation(
    kind: Kind,
    facts: Facts,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    Error::with_source(kind, message(kind, &facts), source).with_facts(facts)
}

/// A broken constraint in words, once more is known of it than the database said.
pub(crate) fn broken_words(error: &Error, facts: &Facts) -> String {
    message(error.kind(), facts)
}

fn message(kind: Kind, facts: &Facts) -> String {
    let place = place(facts);
    match kind {
        Kind::UniqueViolation => format!("another row has the same value{}, which must be unique", of(&place)),
        Kind::ForeignKeyViolation => {
            format!("a foreign key{} names no row, or the row is still referenced", of(&place))
        }
        Kind::NotNullViolation => format!("no value was given{}, which may not be null", of(&place)),
        _ => format!("a value does not satisfy the check{}", of(&place)),
    }
}

fn of(place: &str) -> String {
    if place.is_empty() { String::new() } else { format!(" of {place}") }
}

/// `users.email`, `users (tenant, email)`, `users (users_email_key)`: as much as is known.
fn place(facts: &Facts) -> String {
    let table = facts.table.as_deref().unwrap_or_default();
    match (&*facts.columns, &facts.constraint) {
        ([], None) => table.to_owned(),
        ([], Some(constraint)) if table.is_empty() => constraint.clone(),
        ([], Some(constraint)) => format!("{table} ({constraint})"),
        ([column], _) if table.is_empty() => column.clone(),
        ([column], _) => format!("{table}.{column}"),
        (columns, _) => format!("{table} ({})", columns.join(", ")).trim_start().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(table: &str, columns: &[&str]) -> Facts {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        Facts { table: (!table.is_empty()).then(|| table.to_owned()), columns, ..Facts::default() }
    }

    #[test]
    fn a_violation_names_what_is_known() {
        let one = message(Kind::UniqueViolation, &facts("users", &["email"]));
        assert_eq!(one, "another row has the same value of users.email, which must be unique");
        let two = message(Kind::UniqueViolation, &facts("users", &["tenant", "email"]));
        assert_eq!(two, "another row has the same value of users (tenant, email), which must be unique");
        let none = message(Kind::ForeignKeyViolation, &facts("", &[]));
        assert_eq!(none, "a foreign key names no row, or the row is still referenced");
    }
}
