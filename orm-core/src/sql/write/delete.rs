//! `DELETE` of rows by their keys.
use super::{
    Delete,
    text::{Shape, Text, arrays},
};
use crate::{driver::Dialect, sql::link::LinkColumn, value::Value};
use std::sync::Arc;

impl Delete<'_> {
    /// The text for that many rows.
    pub fn text(&self, dialect: Dialect, rows: usize) -> Arc<str> {
        text(&super::shape(self.table, self.by), dialect, rows)
    }

    /// What is bound for so many rows, in the order of the text.
    pub(super) fn bound(&self, dialect: Dialect, rows: usize, values: Vec<Value>) -> Vec<Value> {
        bound(&super::shape(self.table, self.by), dialect, (rows, values))
    }
}

pub(super) fn text(shape: &Shape, dialect: Dialect, rows: usize) -> Arc<str> {
    let mut text = Text::new(dialect);
    text.raw("DELETE FROM ").table(shape).raw(" WHERE ");
    match shape.columns.as_slice() {
        columns if rows == 1 => {
            let equals = |text: &mut Text, column: &LinkColumn| _ = text.name(column.name).raw(" = ").value(column);
            text.each(columns, " AND ", equals);
        }
        [column] => single(&mut text, column, rows),
        columns => composite(&mut text, columns, rows),
    }
    text.finish()
}

fn single(text: &mut Text, column: &LinkColumn, rows: usize) {
    text.name(column.name);
    match text.dialect {
        Dialect::Postgres => {
            text.raw(" = ANY(").array(column).raw(")");
        }
        Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb => {
            let values = 0..rows.next_power_of_two();
            text.raw(" IN (").each(values, ", ", |text, _| _ = text.value(column)).raw(")");
        }
    }
}

fn composite(text: &mut Text, columns: &[LinkColumn], rows: usize) {
    text.names(columns.iter().map(|column| column.name)).raw(" IN (");
    let rows = 0..rows.next_power_of_two();
    match text.dialect {
        Dialect::Postgres => {
            text.raw("SELECT ").each(columns, ", ", |text, column| {
                text.cast(column, |text| _ = text.unnest(&[*column]));
            });
        }
        Dialect::Sqlite => _ = text.raw("VALUES ").each(rows, ", ", |text, _| _ = text.row(columns)),
        Dialect::MySql | Dialect::MariaDb => _ = text.each(rows, ", ", |text, _| _ = text.row(columns)),
    }
    text.raw(")");
}

/// On SQLite and MySQL the last key is repeated up to a power of two, so that the texts of few sizes repeat.
pub(super) fn bound(shape: &Shape, dialect: Dialect, (rows, mut values): (usize, Vec<Value>)) -> Vec<Value> {
    match (dialect, rows) {
        (_, 0 | 1) => values,
        (Dialect::Postgres, _) => arrays(shape.columns.iter().map(|column| column.sql_type), rows, values),
        (Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb, _) => {
            let last = values.len() - shape.columns.len();
            for _ in rows..rows.next_power_of_two() {
                values.extend_from_within(last..last + shape.columns.len());
            }
            values
        }
    }
}
