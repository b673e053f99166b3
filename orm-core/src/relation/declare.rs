//! What generated code asks of the paths that a declaration names: `UserRole::user`, `Country::code`.
use super::Relation;
use crate::{
    model::Record,
    schema::{TableRef, shape::Shape},
};

/// A key that can hold the key `K`: the same type.
#[diagnostic::on_unimplemented(
    message = "the foreign key is of type `{Self}`, and the key that it references of type `{K}`",
    label = "expected `{K}`",
    note = "give both the same type (an `Option` of it where there may be no target); a composite key has its columns in the order of the referenced ones"
)]
pub trait References<K> {}
impl<K> References<K> for K {}

/// Checks that a foreign key of type `F` can reference a key of type `K`.
pub const fn same_type<F: References<K>, K>() {}

/// The position of a relationship.
pub const fn index_of<R: Relation>(_: R) -> u16 {
    R::INDEX
}

/// The table of a relationship's owner.
pub const fn table_of<R: Relation>(_: R) -> TableRef {
    <R::Owner as Record>::table
}

/// The shape of a relationship's owner.
pub const fn shape_of<R: Relation>(_: R) -> &'static Shape {
    <R::Owner as Record>::SHAPE
}

/// The path of a relationship's owner.
pub const fn path_of<R: Relation>(_: R) -> &'static str {
    <R::Owner as Record>::PATH
}
