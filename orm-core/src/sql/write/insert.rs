//! `INSERT`.
use super::{
    Insert,
    text::{Shape, Text, arrays},
};
use crate::{
    driver::Dialect,
    sql::returns_rows,
    value::{SqlType, Value},
};
use std::sync::Arc;

impl Insert<'_> {
    /// The text for that many rows.
    pub fn text(&self, dialect: Dialect, rows: usize) -> Arc<str> {
        let mut text = Text::new(dialect);
        text.raw("INSERT INTO ");
        let shape = super::shape(self.table, self.columns);
        text.table(&shape);
        if shape.columns.is_empty() {
            defaults(&mut text, self.table.columns[0].name, rows);
        } else {
            given(&mut text, &shape, rows);
        }
        self.give_back(&mut text);
        text.finish()
    }

    /// What is bound for so many rows, in the order of the text.
    pub(super) fn bound(&self, dialect: Dialect, rows: usize, values: Vec<Value>) -> Vec<Value> {
        bound(self.table.sql_types(self.columns), dialect, (rows, values))
    }

    fn give_back(&self, text: &mut Text) {
        if !self.returning.is_empty() && returns_rows(text.dialect) {
            text.returning(self.table, self.returning);
        }
    }
}

/// Rows of nothing but defaults.
fn defaults(text: &mut Text, column: &str, rows: usize) {
    match (text.dialect, rows) {
        (Dialect::MySql | Dialect::MariaDb, _) => {
            text.raw(" () VALUES ").each(0..rows, ", ", |text, _| _ = text.raw("()"))
        }
        (Dialect::Sqlite, _) | (Dialect::Postgres, 1) => text.raw(" DEFAULT VALUES"),
        (Dialect::Postgres, _) => {
            text.raw(" ").names([column]).raw(" VALUES ").each(0..rows, ", ", |text, _| _ = text.raw("(DEFAULT)"))
        }
    };
}

/// Rows with values. On PostgreSQL the order of the arrays is made explicit: the database evaluates defaults after the sort,
/// so that generated keys ascend with the rows.
pub(super) fn given(text: &mut Text, shape: &Shape, rows: usize) {
    let columns = &shape.columns;
    text.raw(" ").names(columns.iter().map(|column| column.name));
    if !as_arrays(text.dialect, rows) {
        text.raw(" VALUES ").each(0..rows, ", ", |text, _| _ = text.row(columns));
        return;
    }
    text.raw(" SELECT ").each(columns.iter().enumerate(), ", ", |text, (position, column)| {
        text.taken(position, column);
    });
    let names: Vec<String> = (0..columns.len()).map(|i| super::text::source_column(text.dialect, i)).collect();
    text.raw(" FROM ").unnest(columns).raw(" WITH ORDINALITY AS ").name("v").raw(" ");
    text.names(names.iter().map(String::as_str).chain(["row"])).raw(" ORDER BY ").at("v", "row");
}

pub(super) fn bound(
    types: impl Iterator<Item = SqlType>,
    dialect: Dialect,
    (rows, values): (usize, Vec<Value>),
) -> Vec<Value> {
    if as_arrays(dialect, rows) { arrays(types, rows, values) } else { values }
}

/// Whether rows are bound as one array per column.
pub(super) fn as_arrays(dialect: Dialect, rows: usize) -> bool {
    dialect == Dialect::Postgres && rows > 1
}
