//! What generated code asks of the columns that a declaration names: `OrderItem::id`.
use super::Column;
use crate::{
    relation::References,
    value::{ColumnType, IntoColumn, Value},
};

/// Checks that a foreign key of type `F` can reference that column of `M`, and tells its position.
pub const fn reference<M, F: References<K>, K: ColumnType>(column: Column<M, K>) -> u16 {
    column.position()
}

/// One column of `M`, or a tuple of them, as a key that is declared at the other side.
pub trait KeyOf<M> {
    /// Their types without `Option`.
    type Types;
}

impl<M, T: ColumnType> KeyOf<M> for Column<M, T> {
    type Types = T::Scalar;
}

macro_rules! keys {
    ($($($column:ident)+;)*) => {$(
        impl<M, $($column: ColumnType),+> KeyOf<M> for ($(Column<M, $column>,)+) {
            type Types = ($($column::Scalar,)+);
        }
    )*};
}
keys! {
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
}

/// Checks that those columns of `M` can reference a key of type `K`.
pub const fn foreign_key<M, K, C: KeyOf<M, Types: References<K>> + Copy>(_: C) {}

/// Checks that the column is one of `M`, and tells its position.
pub const fn column_of<M, T>(column: Column<M, T>) -> u16 {
    column.position()
}

/// A value of the type of that column, to bind.
pub fn encode_for<M, T: ColumnType>(_: Column<M, T>, value: impl IntoColumn<T>) -> Value {
    value.into_column().encode()
}

/// A value of a column type, to bind.
pub fn encode<T: ColumnType>(value: impl IntoColumn<T>) -> Value {
    value.into_column().encode()
}
