//! SQLite: whether a table's key is the number of the row, asked along with an `INSERT`.
use super::Insert;
use crate::{
    driver::{Dialect, Length, Statement},
    schema::Table,
    value::Value,
};

impl Insert<'_> {
    /// The statement for so many rows, which gives back one more column: whether that key of the table is the number of the
    /// row (`INTEGER PRIMARY KEY`), so that SQLite tells it after each INSERT.
    pub(crate) fn asking(&self, dialect: Dialect, (rows, values): (usize, Vec<Value>), key: u16) -> Statement {
        let sql = format!("{}, {}", self.text(dialect, rows), question(self.table, key));
        Statement { sql: sql.into(), values: self.bound(dialect, rows, values), length: Length::Short }
    }
}

/// A key that is the number of the row is the only one of its table and needs no index; `BIGINT PRIMARY KEY`,
/// `INTEGER PRIMARY KEY DESC` and a table `WITHOUT ROWID` have one. Views and virtual tables have no pages.
fn question(table: &Table, key: u16) -> String {
    let (name, schema) = (literal(table.name), table.schema);
    let catalog = schema.map_or_else(String::new, |schema| format!("\"{}\".", schema.replace('"', "\"\"")));
    let of_table = schema.map_or_else(|| name.clone(), |schema| format!("{name}, {}", literal(schema)));
    // A temporary table would hide the one that is asked for.
    let hidden = match schema {
        Some(_) => String::new(),
        None => format!(" AND NOT EXISTS (SELECT 1 FROM temp.sqlite_master WHERE name = {name} COLLATE NOCASE)"),
    };
    format!(
        "EXISTS (SELECT 1 FROM {catalog}sqlite_master WHERE type = 'table' AND rootpage > 0 AND name = {name} COLLATE NOCASE){hidden} \
         AND (SELECT group_concat(name) FROM pragma_table_info({of_table}) WHERE pk > 0) = {} COLLATE NOCASE \
         AND NOT EXISTS (SELECT 1 FROM pragma_index_list({of_table}) WHERE origin = 'pk')",
        literal(table.columns[usize::from(key)].name)
    )
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
