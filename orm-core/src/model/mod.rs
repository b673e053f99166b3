//! What a model is to the rest of the library: typed access to its columns, and the same erased.
mod builder;
mod columns;
mod draft;
mod embedded;
mod handle;
mod key;
pub mod patch;
mod rows;

pub use builder::{FilledBy, Given, GivenUnless, Missing, Open, StartIf};
pub use columns::{ColumnSet, ColumnValue};
pub use draft::{Draft, IntoDraft};
pub use embedded::Embedded;
pub use handle::{Existing, Handle, Node};
pub use key::{IntoKey, KeyColumns};
pub use patch::Patch;
pub(crate) use rows::typed;
pub use rows::{Batch, Growing, Rows, operations, row};

use crate::{
    error::Result,
    relation::RelationField,
    schema::{Table, shape::Shape},
    value::RowReader,
};

/// The columns and relationships of a model, as `derive(Model)` describes them. You use it through `Model`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not a model",
    note = "put `#[derive(Model)]` on the struct"
)]
pub trait Record: Sized + Send + Sync + 'static {
    /// The primary key: the column's type, or a tuple of them.
    type Key: KeyColumns;
    /// Its name with its module, which tells models of one name apart.
    const PATH: &'static str;
    /// What other models may ask of it while they compile.
    const SHAPE: &'static Shape;

    /// Its table.
    fn table() -> &'static Table;

    /// Reads the columns from a row, in the table's order; relationships are unloaded.
    ///
    /// # Errors
    /// A value is null and may not be, is out of range, or of another type.
    fn read(reader: &mut RowReader<'_>) -> Result<Self>;

    /// A copy of the columns; relationships are unloaded.
    fn copy(&self) -> Self;

    /// The column at that position of the table.
    ///
    /// # Panics
    /// There is no such column.
    fn column(&self, position: usize) -> &dyn ColumnValue;

    /// The column at that position of the table.
    ///
    /// # Panics
    /// There is no such column.
    fn column_mut(&mut self, position: usize) -> &mut dyn ColumnValue;

    /// The relationship at that position of the table.
    ///
    /// # Panics
    /// There is no such relationship.
    fn relation(&self, position: usize) -> &RelationField;

    /// The relationship at that position of the table.
    ///
    /// # Panics
    /// There is no such relationship.
    fn relation_mut(&mut self, position: usize) -> &mut RelationField;
}

/// What is about to happen to a row, as `before_save` and `validate` are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The row is new.
    Insert,
    /// The row exists.
    Update,
}

/// A column by its position in the table, for models that must name its state in the builder.
#[diagnostic::on_unimplemented(message = "`{Self}` has no column number {N}")]
pub trait ColumnAt<const N: usize>: Record {
    /// The marker of the column in the builder's state.
    type Field: 'static;
    /// The type of the field.
    type Type: 'static;
}
