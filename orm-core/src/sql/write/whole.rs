//! PostgreSQL: statements that write all their rows or fail, and so can be transactions by themselves. A trigger may keep a row
//! from being written, and a row may be gone; then a statement that counts what it wrote undoes it by an error.
use super::{Delete, Insert, Update, text::Text};
use crate::{
    driver::{
        Dialect, Statement,
        whole::{BEGIN, ROWS, WRITTEN},
    },
    error::Error,
    sql::texts::Kind,
    value::Value,
};
use std::sync::Arc;

/// What is no boolean, so that turning it into one fails: the text that tells such an error from others.
const SHORT: &str = "orm: rows written: ";

/// Whether a statement was refused, and undone, since it would not have written all of its rows.
pub(crate) fn is_short(error: &Error) -> bool {
    error.to_string().contains(SHORT)
}

/// A statement and the number of rows that it has to write.
struct Whole {
    write: Arc<str>,
    /// Whether the number of rows is that of the first array; else the text has so many.
    as_arrays: bool,
    rows: usize,
}

impl Whole {
    fn new(write: Arc<str>, columns: &[u16], rows: usize) -> Self {
        Self { write, as_arrays: rows > 1 && !columns.is_empty(), rows }
    }

    /// The rows that were written follow, by what the statement gives back.
    fn begin(&self, gives_back: &str) -> Text {
        let mut text = Text::new(Dialect::Postgres);
        text.raw(BEGIN).raw(&self.write).raw(gives_back).raw(") ");
        text
    }

    /// Whether all rows were written; if not, an error.
    fn check(&self, text: &mut Text) {
        text.raw("SELECT CASE WHEN count(*) >= ");
        match self.as_arrays {
            true => text.raw(ROWS),
            false => text.raw(&self.rows.to_string()),
        };
        text.raw(" THEN TRUE ELSE CAST('").raw(SHORT).raw("' || count(*) AS boolean) END FROM ").name(WRITTEN);
    }

    /// Of a statement that gives nothing back.
    fn text(&self) -> Arc<str> {
        let mut text = self.begin(" RETURNING 1");
        self.check(&mut text);
        text.finish()
    }
}

impl Insert<'_> {
    /// The statement for so many rows, refused if it does not write all of them. Some column comes back.
    pub(crate) fn whole(&self, rows: usize, values: Vec<Value>) -> Statement {
        let text = || {
            let whole = Whole::new(self.text(Dialect::Postgres, rows), self.columns, rows);
            let mut text = whole.begin("");
            let names = self.returning.iter().map(|column| self.table.columns[usize::from(*column)].name);
            text.raw("SELECT ").each(names, ", ", |text, name| _ = text.name(name)).raw(" FROM ").name(WRITTEN);
            text.raw(" WHERE (");
            whole.check(&mut text);
            text.raw(")");
            text.finish()
        };
        let (dialect, kind) = (Dialect::Postgres, Kind::WholeInsert);
        self.with_values(self.kept(kind, (dialect, rows), text), (dialect, rows), values)
    }
}

impl Update<'_> {
    /// The statement for so many rows, refused if it does not find all of them.
    pub(crate) fn whole(&self, rows: usize, values: Vec<Value>) -> Statement {
        let (dialect, kind) = (Dialect::Postgres, Kind::WholeUpdate);
        let text = || Whole::new(self.text(dialect, rows), self.by, rows).text();
        self.with_values(self.kept(kind, (dialect, rows), text), (dialect, rows), values)
    }
}

impl Delete<'_> {
    /// The statement for so many rows, refused if it does not find all of them.
    pub(crate) fn whole(&self, rows: usize, values: Vec<Value>) -> Statement {
        let (dialect, kind) = (Dialect::Postgres, Kind::WholeDelete);
        let text = || Whole::new(self.text(dialect, rows), self.by, rows).text();
        self.with_values(self.kept(kind, (dialect, rows), text), (dialect, rows), values)
    }
}
