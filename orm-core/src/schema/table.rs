//! One table, with everything that is known of its model.
use super::{Action, Column, Relationship};
use crate::{
    error::Result,
    model::{Batch, Change, ColumnSet, Growing},
    query::expr::Expr,
    relation::Derived,
    value::SqlType,
};
use std::{
    any::{Any, TypeId},
    fmt,
};

/// How one table names another: through a function, so that tables may point at each other.
pub type TableRef = fn() -> &'static Table;

/// The static description of a model's table.
pub struct Table {
    /// The model's type.
    pub id: fn() -> TypeId,
    /// The model's name, `User`.
    pub model: &'static str,
    /// The table's name in the database.
    pub name: &'static str,
    /// The table's schema in the database, if it is not the default one.
    pub schema: Option<&'static str>,
    /// The columns in the order of the fields, those of embedded groups in their place.
    pub columns: &'static [Column],
    /// The positions of the primary key's columns.
    pub primary_key: &'static [u16],
    /// The unique constraints over several columns.
    pub uniques: &'static [Unique],
    /// The indexes over several columns, or with a condition.
    pub indexes: &'static [Index],
    /// The conditions over several columns.
    pub checks: &'static [Check],
    /// The relationships in the order of the fields.
    pub relationships: &'static [Relationship],
    /// Whether the table is a view, or may otherwise not be written.
    pub read_only: bool,
    /// The column that is set where a row is softly deleted.
    pub soft_delete: Option<u16>,
    /// The conditions that queries put on its rows, asked at each execution.
    pub criteria: &'static [fn() -> Expr],
    /// Functions of the model that code which knows only the table calls.
    pub operations: Operations,
}

/// A unique constraint over several columns.
#[derive(Debug, Clone, Copy)]
pub struct Unique {
    /// The columns' positions.
    pub columns: &'static [u16],
}

/// An index over several columns, or with a condition.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// The columns' positions.
    pub columns: &'static [u16],
    /// The SQL condition of a partial index.
    pub condition: Option<&'static str>,
}

/// A condition over the columns of a row.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// The SQL condition.
    pub condition: &'static str,
}

/// A foreign key of a table, from a relationship or from `references`.
#[derive(Debug, Clone, Copy)]
pub struct ForeignKey {
    /// The columns' positions in the table itself.
    pub columns: &'static [u16],
    /// The referenced table.
    pub target: &'static Table,
    /// The referenced columns' positions.
    pub target_columns: &'static [u16],
    /// What deleting the referenced row does.
    pub on_delete: Action,
    /// What changing the referenced key does.
    pub on_update: Action,
    /// Whether the key has an index of its own.
    pub index: bool,
}

/// The user's hooks on a row about to be written, which is the model behind `Any`.
pub type AroundSave = fn(&mut dyn Any, Change) -> Result<()>;

/// Functions of a model, for code that is compiled once for all models.
#[derive(Clone, Copy)]
pub struct Operations {
    /// An empty batch to decode rows into.
    pub batch: fn(usize) -> Box<dyn Batch>,
    /// An empty append-only store.
    pub growing: fn() -> Box<dyn Growing>,
    /// The user's `before_save`, then the user's `validate`, on the row about to be written.
    pub around_save: Option<AroundSave>,
    /// What the model derives besides.
    pub derived: Derived,
}

impl Table {
    /// Whether the model itself says that rows are hidden.
    pub(crate) fn has_criteria(&self) -> bool {
        self.soft_delete.is_some() || !self.criteria.is_empty()
    }

    /// The foreign keys, those of relationships first.
    pub fn foreign_keys(&'static self) -> impl Iterator<Item = ForeignKey> {
        let of_relationships = self.relationships.iter().filter_map(Relationship::foreign_key);
        let bare = self.columns.iter().enumerate().filter_map(|(position, column)| {
            let reference = column.references.as_ref()?;
            Some(ForeignKey {
                columns: self.single(position),
                target: (reference.table)(),
                target_columns: std::slice::from_ref(&reference.column),
                on_delete: reference.on_delete,
                on_update: reference.on_update,
                index: column.index,
            })
        });
        of_relationships.chain(bare)
    }

    /// The list of just that position.
    pub(crate) fn single(&self, position: usize) -> &'static [u16] {
        &POSITIONS[position..=position]
    }

    /// The position of the column of that field.
    pub fn column_of_field(&self, field: &str) -> Option<u16> {
        self.columns.iter().position(|column| column.field == field).map(|position| position as u16)
    }

    /// The position of the relationship of that name.
    pub fn relationship(&self, name: &str) -> Option<u16> {
        self.relationships.iter().position(|r| r.name == name).map(|position| position as u16)
    }

    /// The primary key's only column, if the database generates it.
    pub fn generated_key(&self) -> Option<u16> {
        match *self.primary_key {
            [only] if self.columns[usize::from(only)].generated => Some(only),
            _ => None,
        }
    }

    /// The sets of columns that identify a row, the generated key left out.
    pub(crate) fn unique_keys(&'static self) -> impl Iterator<Item = &'static [u16]> {
        let primary = self.generated_key().is_none().then_some(self.primary_key);
        let single = self.columns.iter().enumerate().filter(|(_, column)| column.unique);
        let single = single.map(|(position, _)| self.single(position));
        primary.into_iter().chain(self.uniques.iter().map(|unique| unique.columns)).chain(single)
    }

    /// The unique key over just these columns, if there is one.
    pub(crate) fn unique_over(&'static self, columns: ColumnSet) -> Option<&'static [u16]> {
        self.unique_keys().find(|key| key.iter().copied().collect::<ColumnSet>() == columns)
    }

    /// How these columns are bound and read.
    pub(crate) fn sql_types(&self, columns: &[u16]) -> impl Iterator<Item = SqlType> {
        columns.iter().map(|column| self.columns[usize::from(*column)].sql_type)
    }

    /// The position of the version column, if there is one.
    pub fn version_column(&self) -> Option<u16> {
        self.columns.iter().position(|column| column.role == super::Role::Version).map(|position| position as u16)
    }
}

/// The greatest number of columns of a model.
pub(super) const MAX_COLUMNS: usize = 128;

static POSITIONS: [u16; MAX_COLUMNS] = {
    let mut positions = [0; MAX_COLUMNS];
    let mut i = 0;
    while i < MAX_COLUMNS {
        positions[i] = i as u16;
        i += 1;
    }
    positions
};

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        (self.id)() == (other.id)()
    }
}

impl Eq for Table {}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("model", &self.model).field("name", &self.name).finish_non_exhaustive()
    }
}
