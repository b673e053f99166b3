//! Groups of columns that several models share.
use super::{ColumnValue, Open};
use crate::{error::Result, schema, value::RowReader};

/// A group of columns, by `derive(Embedded)`; a model takes it in by `#[orm(embed)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a group of columns",
    label = "not a group of columns",
    note = "put `#[derive(Embedded)]` on the struct"
)]
pub trait Embedded: Sized + Clone + Send + Sync + 'static {
    /// Its columns.
    const COLUMNS: &'static [schema::Column];

    /// Reads the columns from a row, in their order.
    ///
    /// # Errors
    /// As [`Record::read`](super::Record::read).
    fn read(reader: &mut RowReader<'_>) -> Result<Self>;

    /// The group of a new row of which nothing was given; its first column is at `position` of the table.
    fn open(open: &mut Open, position: usize) -> Self;

    /// The group of a new row; its first column is at `position` of the table.
    #[doc(hidden)]
    fn given_or_open(value: Option<Self>, open: &mut Open, position: usize) -> Self {
        match value {
            Some(group) => open.group(position, Self::COLUMNS.len(), group),
            None => Self::open(open, position),
        }
    }

    #[doc(hidden)]
    fn copied(&self) -> Self {
        self.clone()
    }

    /// The column at that position of the group.
    ///
    /// # Panics
    /// There is no such column.
    fn column(&self, position: usize) -> &dyn ColumnValue;

    /// The column at that position of the group.
    ///
    /// # Panics
    /// There is no such column.
    fn column_mut(&mut self, position: usize) -> &mut dyn ColumnValue;
}
