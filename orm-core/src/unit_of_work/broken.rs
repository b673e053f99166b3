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
    fill(table, &error, &mut facts);
    if error.is_foreign_key_violation() && says_nothing(table, &facts) {
        only_key(table, &mut facts);
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

/// What one database tells and another does not: each constraint of the table has a name and columns.
pub(super) fn fill(table: &'static Table, error: &Error, facts: &mut Facts) {
    if facts.table.as_deref() != Some(table.name) {
        return;
    }
    let known = sql::ddl::constraints(table);
    if facts.columns.is_empty() {
        let named = known.iter().find(|(name, _)| Some(name) == facts.constraint.as_ref());
        facts.columns = match (named, facts.constraint.as_deref()) {
            (Some((_, columns)), _) => columns.iter().map(|column| (*column).to_owned()).collect(),
            (None, Some("PRIMARY")) => column_names(table, table.primary_key),
            (None, _) => Vec::new(),
        };
    }
    if facts.constraint.is_none() && !error.is_not_null_violation() {
        let of_columns = known.iter().find(|(_, columns)| !columns.is_empty() && *columns == facts.columns);
        facts.constraint = of_columns.map(|(name, _)| name.clone());
    }
}

pub(super) fn column_names(table: &Table, columns: &[u16]) -> Vec<String> {
    columns.iter().map(|column| table.columns[usize::from(*column)].name.to_owned()).collect()
}

/// SQLite does not say which foreign key of a table is broken.
fn says_nothing(table: &Table, facts: &Facts) -> bool {
    facts.table.as_deref() == Some(table.name) && facts.constraint.is_none() && facts.columns.is_empty()
}

/// Of a single foreign key there is no doubt.
fn only_key(table: &'static Table, facts: &mut Facts) {
    let mut keys = table.foreign_keys();
    if let (Some(key), None) = (keys.next(), keys.next()) {
        facts.columns = column_names(table, key.columns);
    }
}
