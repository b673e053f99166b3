//! Rows that a statement did not find: which ones, asked only then.
use super::blame;
use crate::{
    driver::{Connection, Dialect},
    error::{Error, Facts, Kind, Result},
    schema::Table,
    value::{Key, SqlType, Value},
};

/// A row that a statement was to find, and how it is found afterwards if it was.
pub(super) struct Sought {
    pub(super) key: Vec<Value>,
    /// Its key once it is written; none if it is gone then.
    pub(super) after: Option<Vec<Value>>,
    /// Where its version is compared: what was written to the columns that tell it apart from another writer's.
    pub(super) written: Vec<Value>,
}

impl Sought {
    /// A row that nothing was done to, by its key and the version that it was to have.
    pub(super) fn unchanged(by: &[Value], table: &Table) -> Self {
        let (key, version) = by.split_at(table.primary_key.len());
        Self { key: key.to_vec(), after: Some(key.to_vec()), written: version.to_vec() }
    }
}

/// The error of rows that a statement did not find, with their names as far as they can be told now.
pub(super) async fn stale(
    verb: &str,
    (table, columns, rows): (&'static Table, &[u16], Vec<Sought>),
    database: (&mut dyn Connection, Dialect),
) -> Error {
    let names = match missed((table, columns), &rows, database).await {
        Ok(missed) if !missed.is_empty() => missed,
        Ok(_) | Err(_) if rows.len() == 1 => rows.iter().map(|row| blame::name(table, &row.key)).collect(),
        Ok(_) | Err(_) => Vec::new(),
    };
    error((verb, table), names, rows.len())
}

/// The error of rows that a statement over so many rows did not find, where their names are known.
pub(super) fn error((verb, table): (&str, &Table), names: Vec<String>, rows: usize) -> Error {
    let what = match names.len() {
        0 => format!("some of {rows} rows of {}", table.name),
        1..=5 => names.join(", "),
        more => format!("{} and {} more", names[..5].join(", "), more - 5),
    };
    let message = format!(
        "{what} could not be {verb}d: somebody else changed or deleted it since it was read; roll back, read again and \
         repeat the change",
    );
    let entity = names.into_iter().next();
    let facts = Facts { table: Some(table.name.to_owned()), entity, ..Facts::default() };
    Error::new(Kind::Stale, message).with_facts(facts)
}

/// The rows that are not as the statement left those that it found.
async fn missed(
    (table, columns): (&'static Table, &[u16]),
    rows: &[Sought],
    database: (&mut dyn Connection, Dialect),
) -> Result<Vec<String>> {
    let columns: Vec<u16> = table.primary_key.iter().chain(columns).copied().collect();
    let sought = |row: &Sought| row.after.as_ref().unwrap_or(&row.key).iter().chain(&row.written).cloned().collect();
    let keys: Vec<Vec<Value>> = rows.iter().map(sought).collect();
    let found = |row: &Sought| row.after.clone().unwrap_or_else(|| row.key.clone());
    let there = blame::rows_with((table, &columns), rows.iter().map(found).collect(), database).await?;
    let is_there = |key: &Vec<Value>| there.contains(&Key::of(key.iter().map(Key::from)));
    let missed = rows.iter().zip(&keys).filter(|(row, key)| is_there(key) != row.after.is_some());
    Ok(missed.map(|(row, _)| blame::name(table, &row.key)).collect())
}

/// The columns of an UPDATE by which its rows are told apart from those of another writer: those that a database gives back
/// as they were given, the version among them.
pub(super) fn telling(table: &Table, columns: &[u16]) -> Vec<u16> {
    let exact = |column: &u16| match table.columns[usize::from(*column)].sql_type {
        SqlType::F32 | SqlType::F64 => false,
        #[cfg(feature = "rust_decimal")]
        SqlType::Decimal => false,
        #[cfg(feature = "json")]
        SqlType::Json => false,
        _ => !table.primary_key.contains(column),
    };
    columns.iter().copied().filter(exact).collect()
}

/// The columns by which a row is found.
pub(super) fn found_by(table: &'static Table, locked: bool) -> Vec<u16> {
    let version = table.version_column().filter(|_| locked);
    table.primary_key.iter().copied().chain(version).collect()
}
