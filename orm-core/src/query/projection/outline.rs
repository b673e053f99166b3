//! What a projection reads, as plain data: columns, and lists that are loaded after.
use super::{ProjectedRows, Projection};
use crate::{
    model::Record,
    query::{
        Include, Parts, Tuples,
        expr::{Expr, Path, Start},
    },
    schema::{Relationship, Table},
    value::SqlType,
};
use std::{any::TypeId, fmt};

/// What a projection reads from each row, and what it loads after.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// The columns and expressions, in the order in which they are read.
    pub columns: Vec<Expr>,
    /// The lists, in the order in which they are filled.
    pub lists: Vec<List>,
}

/// A list inside a projection: a relationship to many, by one statement for all owners.
#[derive(Debug, Clone)]
pub struct List {
    /// The to-one relationships from the projection's row to the owner of the list.
    pub path: Vec<&'static Relationship>,
    /// The relationship, and which of its targets are wanted.
    pub include: Include,
    /// What the targets become.
    pub nested: Nested,
}

/// The projection of a list's targets, without its type.
#[derive(Clone, Copy)]
pub struct Nested {
    /// Which one it is.
    pub id: TypeId,
    /// What it reads.
    pub outline: fn() -> Outline,
    /// Room for its values.
    pub rows: fn() -> Box<dyn ProjectedRows>,
}

impl Nested {
    /// A projection.
    pub fn of<P: Projection>() -> Self {
        Self { id: TypeId::of::<P>(), outline: Outline::of::<P>, rows: || Box::new(Vec::<P>::new()) }
    }
}

impl fmt::Debug for Nested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Nested").field(&self.id).finish()
    }
}

impl Outline {
    /// Of a projection.
    pub fn of<P: Projection>() -> Self {
        let mut outline = Self::default();
        P::outline(&mut outline);
        outline
    }

    /// Adds what a projection reads that is behind a to-one relationship.
    pub(super) fn behind(&mut self, relationship: &'static Relationship, target: Self) {
        self.columns.extend(target.columns.into_iter().map(|column| column.through(relationship)));
        self.lists.extend(target.lists.into_iter().map(|mut list| {
            list.path.insert(0, relationship);
            list
        }));
    }

    /// A query of the rows of these parts: the columns, and behind them the keys by which the lists are loaded. The places and
    /// types of the keys' columns are told for each list.
    pub(crate) fn tuples(&self, parts: Parts) -> (Tuples, Vec<Vec<(usize, SqlType)>>) {
        let mut columns = self.columns.clone();
        let mut places = Vec::with_capacity(self.lists.len());
        for list in &self.lists {
            let (keys, types): (Vec<Expr>, Vec<SqlType>) = list.key().unzip();
            places.push((columns.len()..).zip(types).collect());
            columns.extend(keys);
        }
        (Tuples { parts, columns, group_by: Vec::new(), having: None }, places)
    }
}

impl List {
    /// The columns of the owner that its targets are found by.
    fn key(&self) -> impl Iterator<Item = (Expr, SqlType)> {
        let relationship = self.include.relationship;
        let table = relationship.owner();
        relationship.near_key().iter().map(move |column| {
            let path = Path { start: Start::Root, steps: self.path.clone() };
            (Expr::Column { path, table, column: *column }, table.columns[usize::from(*column)].sql_type)
        })
    }
}

/// A column of the row behind a to-one relationship that is null only if the row is missing.
pub(super) fn presence<T: Record>(relationship: &'static Relationship) -> Expr {
    let table: &'static Table = T::table();
    let key = table.primary_key.first().copied().unwrap_or_default();
    Expr::column(table, key).through(relationship)
}
