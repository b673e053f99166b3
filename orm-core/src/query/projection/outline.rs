//! What a projection reads, as plain data: columns, and lists that are loaded after.
use super::{ProjectedRows, Projection};
use crate::{
    error::{Error, Result},
    model::Record,
    query::{
        Include, Parts, Tuples,
        expr::{Expr, Path, Start},
        same_path,
    },
    schema::{Relationship, RelationshipKind, Table},
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
    /// Its name, for messages.
    pub name: &'static str,
    /// What it reads.
    pub outline: fn() -> Outline,
    /// Room for its values.
    pub rows: fn() -> Box<dyn ProjectedRows>,
}

impl Nested {
    /// A projection.
    pub fn of<P: Projection>() -> Self {
        let name = std::any::type_name::<P>();
        Self { id: TypeId::of::<P>(), name, outline: Outline::of::<P>, rows: || Box::new(Vec::<P>::new()) }
    }
}

impl Nested {
    /// Refuses lists that lead back to their own projection, but for the one way that ends where its rows end: from a parent
    /// to its children. Any other would hold the same rows over and over.
    ///
    /// # Errors
    /// There is such a list.
    pub(crate) fn check_end(&self) -> Result<()> {
        self.check_below(&mut Vec::new())
    }

    fn check_below(&self, path: &mut Vec<TypeId>) -> Result<()> {
        path.push(self.id);
        for list in (self.outline)().lists {
            let above = path.contains(&list.nested.id);
            match above {
                false => list.nested.check_below(path)?,
                true if list.nested.id == self.id && list.is_to_children() => {}
                true => return Err(list.endless(self)),
            }
        }
        path.pop();
        Ok(())
    }
}

impl fmt::Debug for Nested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Nested").field(&self.name).finish()
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

    /// A query of the rows of these parts: the columns, and behind them what is missing of the keys by which the lists are
    /// loaded. The places and types of the keys' columns are told for each list.
    pub(crate) fn tuples(&self, parts: Parts) -> (Tuples, Vec<Vec<(usize, SqlType)>>) {
        let mut columns = self.columns.clone();
        let mut places = Vec::with_capacity(self.lists.len());
        for list in &self.lists {
            places.push(list.key().map(|(key, sql_type)| (place(&mut columns, key), sql_type)).collect());
        }
        (Tuples { parts, columns, group_by: Vec::new(), having: None }, places)
    }
}

/// Where a column is selected; it is added if it is not among the others.
fn place(columns: &mut Vec<Expr>, wanted: Expr) -> usize {
    let known = columns.iter().position(|column| match (column, &wanted) {
        (Expr::Column { path: a, column: one, .. }, Expr::Column { path: b, column: other, .. }) => {
            one == other && same_path(a, b)
        }
        _ => false,
    });
    known.unwrap_or_else(|| {
        columns.push(wanted);
        columns.len() - 1
    })
}

impl List {
    /// Whether it leads from a row to the rows of the same table that have it as their only parent.
    fn is_to_children(&self) -> bool {
        let relationship = self.include.relationship;
        let one_parent = matches!(relationship.kind, RelationshipKind::HasMany(_));
        one_parent && self.path.is_empty() && relationship.owner() == relationship.target()
    }

    fn endless(&self, holder: &Nested) -> Error {
        let (relationship, nested) = (self.include.relationship, self.nested.name);
        let model = relationship.owner().model;
        Error::usage(format!(
            "{} holds {nested} by {model}::{}, which leads back to itself without end: give this list a struct of its own that \
             does not go on (only a list of children may hold its own struct)",
            holder.name, relationship.name
        ))
    }

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
