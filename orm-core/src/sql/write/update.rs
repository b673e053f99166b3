//! `UPDATE` of rows by their keys.
use super::{
    Update,
    text::{Shape, Text, arrays},
};
use crate::{driver::Dialect, sql::link::LinkColumn, value::Value};
use std::sync::Arc;

impl Update<'_> {
    fn shape(&self) -> Shape {
        let columns: Vec<u16> = self.by.iter().chain(self.set).copied().collect();
        super::shape(self.table, &columns)
    }

    /// The text for that many rows.
    pub fn text(&self, dialect: Dialect, rows: usize) -> Arc<str> {
        let shape = self.shape();
        let mut text = Text::new(dialect);
        text.raw("UPDATE ").table(&shape);
        if rows == 1 {
            self.single(&mut text, &shape)
        } else {
            self.many(&mut text, &shape, rows)
        }
        text.finish()
    }

    /// What is bound for so many rows, in the order of the text. In the text for one row what is set comes first.
    pub(super) fn bound(&self, dialect: Dialect, rows: usize, mut values: Vec<Value>) -> Vec<Value> {
        match (rows, dialect) {
            (1, _) => {
                values.rotate_left(self.by.len());
                values
            }
            (_, Dialect::Postgres) => {
                let types = self.table.sql_types(self.by).chain(self.table.sql_types(self.set));
                arrays(types, rows, values)
            }
            (_, Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb) => values,
        }
    }

    fn single(&self, text: &mut Text, shape: &Shape) {
        let (by, set) = shape.columns.split_at(self.by.len());
        let equals = |text: &mut Text, column: &LinkColumn| _ = text.name(column.name).raw(" = ").value(column);
        text.raw(" SET ").each(set, ", ", equals).raw(" WHERE ").each(by, " AND ", equals);
    }

    fn many(&self, text: &mut Text, shape: &Shape, rows: usize) {
        text.raw(" AS ").name("r");
        match text.dialect {
            Dialect::Sqlite | Dialect::Postgres => {
                self.assign(text, shape);
                text.raw(" FROM ").source(shape, rows).raw(" WHERE ");
                self.matched(text, shape);
            }
            Dialect::MySql | Dialect::MariaDb => {
                text.raw(" INNER JOIN ").source(shape, rows).raw(" ON ");
                self.matched(text, shape);
                self.assign(text, shape);
            }
        }
    }

    fn assign(&self, text: &mut Text, shape: &Shape) {
        let set = shape.columns.iter().enumerate().skip(self.by.len());
        text.raw(" SET ").each(set, ", ", |text, (position, column)| {
            match text.dialect {
                Dialect::Sqlite | Dialect::Postgres => text.name(column.name),
                Dialect::MySql | Dialect::MariaDb => text.at("r", column.name),
            };
            text.raw(" = ").taken(position, column);
        });
    }

    fn matched(&self, text: &mut Text, shape: &Shape) {
        let by = shape.columns.iter().enumerate().take(self.by.len());
        text.each(by, " AND ", |text, (position, column)| {
            text.at("r", column.name).raw(" = ").taken(position, column);
        });
    }
}
