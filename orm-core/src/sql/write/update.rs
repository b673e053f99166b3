//! `UPDATE` of rows by their keys.
use super::{
    Update,
    text::{Shape, Text, arrays},
};
use crate::{driver::Dialect, sql::link::LinkColumn, value::Value};
use std::{ops::Range, sync::Arc};

impl Update<'_> {
    /// The values of a row in the order of the text: on SQLite, where the same values may be bound for a row alone, what is set
    /// comes first there too.
    fn shape(&self, dialect: Dialect) -> Shape {
        let (first, second) = if sets_first(dialect) { (self.set, self.by) } else { (self.by, self.set) };
        let columns: Vec<u16> = first.iter().chain(second).copied().collect();
        super::shape(self.table, &columns)
    }

    /// Where the values stand by which a row is found, and those that are set.
    fn places(&self, dialect: Dialect) -> (Range<usize>, Range<usize>) {
        let (by, set) = (self.by.len(), self.set.len());
        if sets_first(dialect) { (set..set + by, 0..set) } else { (0..by, by..by + set) }
    }

    /// The text for that many rows.
    pub fn text(&self, dialect: Dialect, rows: usize) -> Arc<str> {
        let shape = self.shape(dialect);
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
            (1, _) | (_, Dialect::Sqlite) => {
                let width = self.by.len() + self.set.len();
                values.chunks_mut(width).for_each(|row| row.rotate_left(self.by.len()));
                values
            }
            (_, Dialect::Postgres) => {
                let types = self.table.sql_types(self.by).chain(self.table.sql_types(self.set));
                arrays(types, rows, values)
            }
            (_, Dialect::MySql | Dialect::MariaDb) => values,
        }
    }

    fn single(&self, text: &mut Text, shape: &Shape) {
        let (by, set) = self.places(text.dialect);
        let (by, set) = (&shape.columns[by], &shape.columns[set]);
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
        let (_, set) = self.places(text.dialect);
        let set = shape.columns.iter().enumerate().skip(set.start).take(set.len());
        text.raw(" SET ").each(set, ", ", |text, (position, column)| {
            match text.dialect {
                Dialect::Sqlite | Dialect::Postgres => text.name(column.name),
                Dialect::MySql | Dialect::MariaDb => text.at("r", column.name),
            };
            text.raw(" = ").taken(position, column);
        });
    }

    fn matched(&self, text: &mut Text, shape: &Shape) {
        let (by, _) = self.places(text.dialect);
        let by = shape.columns.iter().enumerate().skip(by.start).take(by.len());
        text.each(by, " AND ", |text, (position, column)| {
            text.at("r", column.name).raw(" = ").taken(position, column);
        });
    }
}

/// Whether what is set is bound before what a row is found by, also in the text for many rows.
fn sets_first(dialect: Dialect) -> bool {
    dialect == Dialect::Sqlite
}
