//! The errors of MySQL and MariaDB as ours: kinds from the numbers, facts from the messages, which say more than any field.
use crate::{
    driver::{hint::NO_TABLE, violation::violation, wire},
    error::{Error, Facts, Kind},
};
use sqlx::mysql::MySqlDatabaseError;

pub(super) fn translated(error: sqlx::Error, sql: &str) -> Error {
    match wire::plain(error) {
        Ok(error) => {
            let number = error.try_downcast_ref::<MySqlDatabaseError>().map_or(0, MySqlDatabaseError::number);
            let hint = if number == 1146 { NO_TABLE } else { "" };
            of_database((kind(number, error.code().as_deref()), hint), sql, error)
        }
        Err(error) => error,
    }
}

/// A deadlock ends the transaction; a lock that was not given in time ends only the statement.
pub(super) fn ends_transaction(error: &sqlx::Error) -> bool {
    let error = error.as_database_error().and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>());
    error.is_some_and(|error| error.number() == 1213)
}

fn kind(number: u16, state: Option<&str>) -> Kind {
    match number {
        1022 | 1062 | 1169 | 1586 | 1859 => Kind::UniqueViolation,
        1216 | 1217 | 1451 | 1452 => Kind::ForeignKeyViolation,
        1048 | 1364 => Kind::NotNullViolation,
        3819 => Kind::CheckViolation,
        // The same number means something else in MySQL.
        4025 if state == Some("23000") => Kind::CheckViolation,
        // Lock wait timeout, deadlock, a lock that was not waited for, a row that changed since the snapshot.
        1205 | 1213 | 3572 | 1020 => Kind::Retryable,
        1040 | 1042 | 1053 | 1152..=1161 | 1184 | 1927 => Kind::Connection,
        _ => Kind::Database,
    }
}

fn of_database((kind, hint): (Kind, &str), sql: &str, error: Box<dyn sqlx::error::DatabaseError>) -> Error {
    let said = error.message().to_owned();
    let source = sqlx::Error::Database(error);
    match kind {
        Kind::UniqueViolation | Kind::ForeignKeyViolation | Kind::NotNullViolation | Kind::CheckViolation => {
            violation(kind, facts(kind, &said, sql), source)
        }
        Kind::Retryable => {
            let message = format!("the transaction met another one: run it again (`transaction_retry`); {said}");
            Error::with_source(kind, message, source)
        }
        Kind::Connection => Error::with_source(kind, format!("the server ended the connection: {said}"), source),
        _ => Error::with_source(kind, format!("the server refused the statement: {said}{hint}"), source),
    }
}

fn facts(kind: Kind, said: &str, sql: &str) -> Facts {
    match kind {
        Kind::UniqueViolation => unique(said, sql),
        Kind::ForeignKeyViolation => foreign_key(said),
        Kind::NotNullViolation => not_null(said, sql),
        _ => check(said, sql),
    }
}

/// `Duplicate entry '1-a@x' for key 'users.users_email'`; the value may hold anything, so from the end.
fn unique(said: &str, sql: &str) -> Facts {
    let key = said.rsplit_once(" for key '").map(|(_, key)| key.trim_end_matches('\''));
    let (table, constraint) = match key.and_then(|key| key.split_once('.')) {
        Some((table, key)) => (Some(table.to_owned()), Some(key)),
        None => (target_table(sql), key),
    };
    Facts { table, constraint: constraint.map(str::to_owned), ..Facts::default() }
}

/// ``… fails (`db`.`orders`, CONSTRAINT `orders_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`))``
fn foreign_key(said: &str) -> Facts {
    let quoted = |text: &str| text.split('`').nth(1).map(str::to_owned);
    let after = |word: &str| said.split_once(word).map(|(_, rest)| rest);
    let columns = after("FOREIGN KEY (").and_then(|rest| rest.split(')').next()).unwrap_or_default();
    let is_child = said.contains("child row");
    Facts {
        table: after("`.`").and_then(|rest| rest.split('`').next()).map(str::to_owned),
        constraint: after("CONSTRAINT ").and_then(quoted),
        columns: columns.split(',').filter_map(quoted).filter(|_| is_child).collect(),
        ..Facts::default()
    }
}

/// `Column 'name' cannot be null`, `Field 'name' doesn't have a default value`
fn not_null(said: &str, sql: &str) -> Facts {
    let column = said.split('\'').nth(1).map(str::to_owned);
    Facts { table: target_table(sql), columns: column.into_iter().collect(), ..Facts::default() }
}

/// ``CONSTRAINT `adult` failed for `db`.`users` ``, `Check constraint 'adult' is violated.`
fn check(said: &str, sql: &str) -> Facts {
    let constraint = said.split(['`', '\'']).nth(1).map(str::to_owned);
    Facts { table: target_table(sql), constraint, ..Facts::default() }
}

/// The table that a statement writes, for errors that do not name it.
fn target_table(sql: &str) -> Option<String> {
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
    fn facts_are_read_from_messages() {
        let text = "Cannot add or update a child row: a foreign key constraint fails (`db`.`orders`, CONSTRAINT `fk` \
                    FOREIGN KEY (`tenant`, `user_id`) REFERENCES `users` (`tenant`, `id`))";
        let facts = foreign_key(text);
        assert_eq!((facts.table.as_deref(), facts.constraint.as_deref()), (Some("orders"), Some("fk")));
        assert_eq!(facts.columns, ["tenant", "user_id"]);
        let facts = unique("Duplicate entry 'x' for key 'a' for key 'users.email'", "");
        assert_eq!((facts.table.as_deref(), facts.constraint.as_deref()), (Some("users"), Some("email")));
        let facts = unique("Duplicate entry 'x' for key 'email'", "INSERT INTO users VALUES (1)");
        assert_eq!((facts.table.as_deref(), facts.constraint.as_deref()), (Some("users"), Some("email")));
    }

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
