//! `INSERT` of rows that may be there already.
use super::{
    Connect, insert,
    text::{Shape, Text},
};
use crate::{driver::Dialect, sql::returns_rows, value::Value};
use std::sync::Arc;

impl Connect<'_> {
    fn shape(&self) -> Shape {
        super::shape(self.table, self.columns)
    }

    /// The text for that many rows.
    pub fn text(&self, dialect: Dialect, rows: usize) -> Arc<str> {
        let shape = self.shape();
        let mut text = Text::new(dialect);
        text.raw("INSERT INTO ").table(&shape);
        let name = |column: u16| self.table.columns[usize::from(column)].name;
        let by = name(self.by[0]);
        match dialect {
            Dialect::Sqlite | Dialect::Postgres => {
                text.raw(" AS ").name("r");
                insert::given(&mut text, &shape, rows);
                // An update that changes nothing makes the database lock the row and give it back.
                text.raw(" ON CONFLICT ").names(self.by.iter().map(|column| name(*column)));
                text.raw(" DO UPDATE SET ").name(by).raw(" = ").at("r", by);
            }
            Dialect::MySql | Dialect::MariaDb => {
                insert::given(&mut text, &shape, rows);
                text.raw(" ON DUPLICATE KEY UPDATE ").name(by).raw(" = ").name(by);
            }
        }
        if returns_rows(dialect) {
            let all = self.table.columns.iter().map(|column| column.name);
            text.raw(" RETURNING ").each(all, ", ", |text, name| _ = text.name(name));
        }
        text.finish()
    }

    /// What is bound for so many rows, in the order of the text.
    pub(super) fn bound(&self, dialect: Dialect, rows: usize, values: Vec<Value>) -> Vec<Value> {
        insert::bound(self.table.sql_types(self.columns), dialect, (rows, values))
    }
}
