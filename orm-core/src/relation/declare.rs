//! What generated code asks of the paths that a declaration names: `UserRole::user`, `Country::code`.
use super::Relation;
use crate::{
    model::Record,
    schema::{TableRef, shape::Shape},
};

/// The targets of the two sides of a link between `Owner` and `Target`.
#[diagnostic::on_unimplemented(
    message = "the sides of this link lead to `{Self}`, and the relationship is between `({Owner}, {Target})`",
    label = "expected relationships to `({Owner}, {Target})`",
    note = "write `through(Link::a, Link::b)`: first the link's relationship to the model that has this field, then the one to the model that the field leads to"
)]
pub trait LinkBetween<Owner, Target> {}
impl<Owner, Target> LinkBetween<Owner, Target> for (Owner, Target) {}

/// The model of both sides of a link.
#[diagnostic::on_unimplemented(
    message = "the sides of this link are relationships of two models, `{M}` and `{Self}`",
    label = "expected two relationships of one model",
    note = "a link model has a `BelongsTo` to each side"
)]
pub trait SameLink<M> {}
impl<M> SameLink<M> for M {}

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

/// Checks both sides of a link between `Owner` and `Target`.
pub const fn link_of<Owner, Target, N: Relation, F: Relation>(_: N, _: F)
where
    (N::Target, F::Target): LinkBetween<Owner, Target>,
    F::Owner: SameLink<N::Owner>,
{
}

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
