//! Statements that write all of their rows or fail (`sql/write/whole.rs`), as far as drivers tell of them.
use super::Statement;
use crate::value::Value;

/// What is written, as a table of its own. No column or table of a user has such a name.
pub(crate) const WRITTEN: &str = "orm:written";

/// How such a statement begins.
pub(crate) const BEGIN: &str = "WITH \"orm:written\" AS (";

/// The number of its rows, where each column is bound as one array.
pub(crate) const ROWS: &str = "cardinality($1)";

/// What it does, in SQL.
pub(super) fn written(sql: &str) -> &str {
    sql.strip_prefix(BEGIN).unwrap_or(sql)
}

/// The number of rows that it wrote, if it is one and did not fail: its own result is one row for all of them.
pub(super) fn rows(statement: &Statement) -> Option<u64> {
    let rest = statement.sql.strip_prefix(BEGIN)?;
    match statement.values.first() {
        Some(Value::Array(_, Some(column))) if rest.contains(ROWS) => Some(column.len() as u64),
        _ => Some(1),
    }
}
