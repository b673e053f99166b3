//! An embedded group of a model, as a value: `User::times`.
use super::Column;
use std::marker::PhantomData;

/// The group `G` of columns in the model `M`. `User::times` is one; `User::times.column(Timestamps::created_at)` is a
/// column of `User`.
pub struct Embed<M, G> {
    position: u16,
    types: PhantomData<fn() -> (M, G)>,
}

impl<M, G> Embed<M, G> {
    /// The group whose first column is at that position of the table; generated code calls it.
    #[doc(hidden)]
    pub const fn new(position: u16) -> Self {
        Self { position, types: PhantomData }
    }

    /// The position of its first column in the table.
    pub const fn position(&self) -> u16 {
        self.position
    }

    /// A column of the group as a column of the model.
    pub const fn column<T>(&self, column: Column<G, T>) -> Column<M, T> {
        Column::new(self.position + column.position())
    }
}

impl<M, G> Clone for Embed<M, G> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, G> Copy for Embed<M, G> {}
