//! What a broken constraint is called and which columns it has: told alike, whatever the database says of it.
use crate::{
    driver,
    error::{Error, Facts},
    schema::Table,
    sql,
};

/// The error of a statement over rows of a table, with what the declaration knows of a broken constraint. `gives_keys`:
/// whether the statement gave foreign keys, so that one that names no row is the table's own.
pub(super) fn complete(table: &'static Table, error: Error, gives_keys: bool) -> Error {
    if !error.is_violation() {
        return error;
    }
    let mut facts = error.facts().clone();
    if facts.table.is_none() && (gives_keys || !error.is_foreign_key_violation()) {
        facts.table = Some(table.name.to_owned());
    }
    if facts.table.as_deref() == Some(table.name) {
        fill(table, &error, &mut facts);
    }
    error.with_facts(facts)
}

/// As [`complete`], and says what was done to how many rows.
pub(super) fn in_step(error: Error, table: &'static Table, (verb, rows): (&str, usize)) -> Error {
    let error = complete(table, error, true);
    let said = if error.is_violation() { driver::broken_words(&error, error.facts()) } else { error.to_string() };
    let message = format!("{verb} {rows} row{} of {}: {said}", if rows == 1 { "" } else { "s" }, table.name);
    error.context(message)
}

fn fill(table: &'static Table, error: &Error, facts: &mut Facts) {
    let known = sql::ddl::constraints(table);
    if facts.columns.is_empty() {
        let named = known.iter().find(|(name, _)| Some(name) == facts.constraint.as_ref());
        facts.columns = match (named, facts.constraint.as_deref()) {
            (Some((_, columns)), _) => columns.iter().map(|column| (*column).to_owned()).collect(),
            (None, Some("PRIMARY")) => key_columns(table),
            (None, _) => Vec::new(),
        };
    }
    if facts.constraint.is_none() && error.is_foreign_key_violation() && facts.columns.is_empty() {
        // SQLite says nothing at all; of a single key there is no doubt.
        let mut keys = table.foreign_keys();
        if let (Some(key), None) = (keys.next(), keys.next()) {
            facts.columns = key.columns.iter().map(|column| column_name(table, *column)).collect();
        }
    }
    if facts.constraint.is_none() && !error.is_not_null_violation() {
        let of_columns = known.iter().find(|(_, columns)| !columns.is_empty() && *columns == facts.columns);
        facts.constraint = of_columns.map(|(name, _)| name.clone());
    }
}

fn key_columns(table: &Table) -> Vec<String> {
    table.primary_key.iter().map(|column| column_name(table, *column)).collect()
}

fn column_name(table: &Table, column: u16) -> String {
    table.columns[usize::from(column)].name.to_owned()
}
