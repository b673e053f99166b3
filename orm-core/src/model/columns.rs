//! One column of a row without its type, and sets of columns.
use crate::{
    error::Result,
    value::{Cell, ColumnType, Key, Sets, Value},
};
use std::any::Any;

/// A column of a row, its type erased. Implemented for every [`ColumnType`].
pub trait ColumnValue: Any {
    /// As a value to bind.
    fn value(&self) -> Value;
    /// Appends it to the values of a statement that is run for many sets of them.
    fn pack(&self, sets: &mut Sets);
    /// As part of an identity.
    fn key(&self) -> Key;
    /// Whether the value is in memory.
    fn is_loaded(&self) -> bool;
    /// Whether both are stored alike; columns of different types never are.
    fn same(&self, other: &dyn ColumnValue) -> bool;
    /// Whether a stored value would be read as this one.
    fn is_stored_as(&self, cell: Cell<'_>) -> bool;
    /// Takes the value.
    ///
    /// # Errors
    /// It is not of this column's type.
    fn set(&mut self, value: Value) -> Result<()>;
    /// Takes a copy of the other column, which is of the same type.
    fn assign(&mut self, other: &dyn ColumnValue);
}

impl<T: ColumnType> ColumnValue for T {
    fn value(&self) -> Value {
        self.encode()
    }

    fn pack(&self, sets: &mut Sets) {
        ColumnType::pack(self, sets);
    }

    fn key(&self) -> Key {
        ColumnType::key(self)
    }

    fn is_loaded(&self) -> bool {
        ColumnType::is_loaded(self)
    }

    fn same(&self, other: &dyn ColumnValue) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<T>().is_some_and(|other| ColumnType::same(self, other))
    }

    fn is_stored_as(&self, cell: Cell<'_>) -> bool {
        ColumnType::is_stored_as(self, cell)
    }

    fn set(&mut self, value: Value) -> Result<()> {
        *self = T::from_value(value)?;
        Ok(())
    }

    fn assign(&mut self, other: &dyn ColumnValue) {
        let other: &dyn Any = other;
        if let Some(other) = other.downcast_ref::<T>() {
            self.clone_from(other);
        }
    }
}

/// A set of column positions of one model, of which there are at most 128.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnSet(u128);

impl ColumnSet {
    /// No column.
    pub const EMPTY: Self = Self(0);

    /// These and that one.
    #[must_use]
    pub const fn with(self, position: u16) -> Self {
        Self(self.0 | 1 << position)
    }

    /// These without that one.
    #[must_use]
    pub const fn without(self, position: u16) -> Self {
        Self(self.0 & !(1 << position))
    }

    /// Those in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Adds one.
    pub const fn insert(&mut self, position: u16) {
        self.0 |= 1 << position;
    }

    /// Whether that one is in the set.
    pub const fn has(self, position: u16) -> bool {
        self.0 & (1 << position) != 0
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Their number.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The positions in ascending order.
    pub fn iter(self) -> impl Iterator<Item = u16> + Clone {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            if rest == 0 {
                return None;
            }
            let position = rest.trailing_zeros() as u16;
            rest &= rest - 1;
            Some(position)
        })
    }
}

impl FromIterator<u16> for ColumnSet {
    fn from_iter<I: IntoIterator<Item = u16>>(positions: I) -> Self {
        positions.into_iter().fold(Self::EMPTY, Self::with)
    }
}
