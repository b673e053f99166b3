//! A column of a model, as a value: `User::email`.
use crate::{model::Record, value::ColumnType};
use std::{any::Any, marker::PhantomData};

/// The column of a model, with the type of its field. `User::email` is one.
pub struct Column<M, T> {
    position: u16,
    types: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Column<M, T> {
    /// The column at that position of the table; generated code calls it.
    #[doc(hidden)]
    pub const fn new(position: u16) -> Self {
        Self { position, types: PhantomData }
    }

    /// Its position in the table.
    pub const fn position(&self) -> u16 {
        self.position
    }
}

impl<M: Record, T: ColumnType> Column<M, T> {
    /// The column of a row.
    pub(crate) fn of(self, row: &M) -> &T {
        let value: &dyn Any = row.column(usize::from(self.position));
        match value.downcast_ref() {
            Some(value) => value,
            // Generated code makes a column for the field of its own position.
            None => unreachable!("a column has the type of its field"),
        }
    }
}

impl<M, T> Clone for Column<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T> Copy for Column<M, T> {}
