//! Writes: many rows of one shape in one statement.
//!
//! The text depends on the shape and the number of rows only, never on the values, so that it repeats and is worth keeping:
//! each shape has `text(dialect, rows)`, and `statement` with the values in the order of the text. On PostgreSQL many rows are
//! one array per column, so that one text serves all sizes but one.
mod connect;
mod delete;
mod insert;
mod link;
mod rowid;
mod text;
mod update;
mod upsert;
mod whole;

pub(crate) use text::rows;
pub use upsert::{Conflict, OnConflict, Upsert, is_writable};
pub(crate) use whole::is_short;

use self::text::Shape;
use super::{
    link::LinkColumn,
    texts::{self, Kind},
};
use crate::{
    driver::{Dialect, Length, Repeated, Statement, Together},
    schema::{Relationship, Table, id},
    value::{Sets, Value},
};
use std::sync::Arc;

/// Rows of a text for several of them. By rusqlite alone, inserting and updating cost, to one row at a time, 0.63 and 0.72 with 8
/// rows, 0.55 and 0.52 with 32, 0.53 and 0.47 with 128, while the text must be prepared for the first of them.
const SEVERAL: usize = 32;

/// Values of rows, each in the order that the shape names its columns.
pub type Rows = Vec<Vec<Value>>;

/// `INSERT`: columns of new rows, and which columns the database gives back.
///
/// Where rows come back, their order is the database's affair. Generated keys are made in the order of the rows on every
/// database, so that the rows that come back, *sorted by the generated key*, are those that were given. For keys that are
/// given, name the key's columns in `returning` to match by them.
#[derive(Debug, Clone, Copy)]
pub struct Insert<'a> {
    /// The table.
    pub table: &'static Table,
    /// The columns that are given; none for rows of nothing but defaults, of which SQLite takes one per statement.
    pub columns: &'a [u16],
    /// The columns that come back, if the database can ([`returns_rows`](super::returns_rows)); ignored on MySQL.
    pub returning: &'a [u16],
}

/// `INSERT` of rows of which some may be there already: those are left as they are. All columns of all rows come back, if the
/// database can ([`returns_rows`](super::returns_rows)).
#[derive(Debug, Clone, Copy)]
pub struct Connect<'a> {
    /// The table.
    pub table: &'static Table,
    /// The columns that are given.
    pub columns: &'a [u16],
    /// The unique columns by which a row is there already.
    pub by: &'a [u16],
}

/// `UPDATE` of many rows, each with its own values. A row's values are those to find it by, then those to set.
#[derive(Debug, Clone, Copy)]
pub struct Update<'a> {
    /// The table.
    pub table: &'static Table,
    /// The columns by which a row is found: the primary key, and the version as it was read, if there is one.
    pub by: &'a [u16],
    /// The columns that are set.
    pub set: &'a [u16],
}

/// `DELETE` of many rows.
#[derive(Debug, Clone, Copy)]
pub struct Delete<'a> {
    /// The table.
    pub table: &'static Table,
    /// The columns by which a row is found: the primary key, and the version as it was read, if there is one.
    pub by: &'a [u16],
}

/// The rows between the two sides of a many-to-many, whether the link is a model or a bare table.
///
/// A row's values are the near key (the owner's), the far key (the target's), then `extra`. The constants of a typed edge
/// are added by themselves.
#[derive(Debug, Clone, Copy)]
pub struct LinkRows<'a> {
    /// The many-to-many.
    pub relationship: &'static Relationship,
    /// Other columns of the link model that are given (what has a default in Rust); for inserts only.
    pub extra: &'a [u16],
}

/// What is done with rows between two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkWrite {
    /// Inserted.
    Insert,
    /// Inserted where there is no such row yet; a missing target is an error all the same.
    InsertAbsent,
    /// Deleted.
    Delete,
    /// All links of the owner deleted: a row's values are the near key only.
    DeleteNear,
}

macro_rules! statements {
    ($($name:ident { $first:ident $(, $second:ident)? }),*) => {$(
        impl $name<'_> {
            /// The statement for these rows, of which there is at least one.
            pub fn statement(&self, dialect: Dialect, rows: Rows) -> Statement {
                self.of_values(dialect, rows.len(), text::flat(rows))
            }

            /// The statement for so many rows, whose values stand one row after another.
            pub fn of_values(&self, dialect: Dialect, rows: usize, values: Vec<Value>) -> Statement {
                let sql = self.kept_text(dialect, rows);
                self.with_values(sql, (dialect, rows), values)
            }

            fn with_values(&self, sql: Arc<str>, (dialect, rows): (Dialect, usize), values: Vec<Value>) -> Statement {
                Statement { sql, values: self.bound(dialect, rows, values), length: Length::Short }
            }

            /// The statement for one row, to be run for each of many.
            pub fn for_each(&self, dialect: Dialect, sets: Sets) -> Repeated {
                Repeated { sql: self.kept_text(dialect, 1), sets, together: None }
            }

            /// The same with a text for several rows at once. `numbers`: the numbers of inserted rows are asked for.
            pub fn for_several(&self, dialect: Dialect, sets: Sets, numbers: bool) -> Repeated {
                let several = sets.len() >= 2 * SEVERAL;
                let text = || Together { sql: self.kept_text(dialect, SEVERAL), sets: SEVERAL, numbers };
                Repeated { together: several.then(text), ..self.for_each(dialect, sets) }
            }

            fn kept_text(&self, dialect: Dialect, rows: usize) -> Arc<str> {
                self.kept(Kind::$name, (dialect, rows), || self.text(dialect, rows))
            }

            fn kept(&self, kind: Kind, (dialect, rows): (Dialect, usize), text: impl FnOnce() -> Arc<str>) -> Arc<str> {
                let columns: [&[u16]; 2] = [self.$first, statements!(@columns self $($second)?)];
                let (subject, rows) = (id(self.table), places(dialect, (columns[0], rows)));
                texts::text(&texts::Shape { dialect, kind, subject, columns, rows }, text)
            }
        }
    )*};
    (@columns $self:ident $second:ident) => { $self.$second };
    (@columns $self:ident) => { &[] };
}
statements!(Insert { columns, returning }, Connect { columns, by }, Update { by, set }, Delete { by });

/// The number of rows that the text has places for; on PostgreSQL one text serves all numbers but one.
fn places(dialect: Dialect, (columns, rows): (&[u16], usize)) -> usize {
    match dialect {
        Dialect::Postgres if !columns.is_empty() => rows.min(2),
        Dialect::Postgres | Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb => rows,
    }
}

/// The end of a statement that returns columns of the rows that it wrote.
pub(super) fn returning(dialect: Dialect, table: &'static Table, columns: &[u16]) -> Arc<str> {
    let mut text = text::Text::new(dialect);
    text.returning(table, columns);
    text.finish()
}

/// A table and some of its columns.
fn shape(table: &'static Table, columns: &[u16]) -> Shape {
    let columns = columns.iter().map(|column| LinkColumn::of(table, *column)).collect();
    Shape { schema: table.schema, name: table.name, columns }
}
