//! `DELETE` of rows by their keys.
use super::{
    Delete, Rows,
    text::{Shape, Text, arrays, flat},
};
use crate::{driver::Dialect, sql::link::LinkColumn, value::Value};
use std::sync::Arc;

impl Delete<'_> {
    /// The text for that many rows.
    pub fn text(&self, dialect: Dialect, rows: usize) -> Arc<str> {
        text(&super::shape(self.table, self.by), dialect, rows)
    }

    /// What is bound, in the order of the text.
    pub fn values(&self, dialect: Dialect, rows: Rows) -> Vec<Value> {
        values(&super::shape(self.table, self.by), dialect, rows)
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
pub(super) fn values(shape: &Shape, dialect: Dialect, mut rows: Rows) -> Vec<Value> {
    match (dialect, rows.len()) {
        (_, 0 | 1) => flat(rows),
        (Dialect::Postgres, _) => arrays(shape.columns.iter().map(|column| column.sql_type), rows),
        (Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb, count) => {
            let last = rows[count - 1].clone();
            rows.resize(count.next_power_of_two(), last);
            flat(rows)
        }
    }
}
