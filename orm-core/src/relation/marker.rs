//! The marker of a relationship: a zero-sized type that knows both models and the other side.
use crate::{model::Record, schema::Relationship, value::Nullability};
use std::marker::PhantomData;

/// A relationship of a model, as a type. `User::orders` is a value of such a type.
pub trait Relation: Copy + Send + Sync + 'static {
    /// The model that has the field.
    type Owner: Record;
    /// The model it leads to.
    type Target: Record;
    /// The other side; [`Reverse`] where none is declared.
    type Inverse: Relation<Owner = Self::Target, Target = Self::Owner>;
    /// [`One`] or [`Many`].
    type Cardinality: Cardinality;
    /// To one: whether there may be no target.
    type Null: Nullability;
    /// What fills the key of a target that is given as a builder: the target's own relationship, or this one.
    type Fill: 'static;
    /// [`Answer<true>`] where a target may be left without its owner.
    type Detach;
    /// [`Answer<true>`] where a link needs nothing but its two keys.
    type Attach;
    /// [`Answer<true>`] where a target can be pushed: every one-to-many, and a many-to-many as `Attach` says.
    type Push;
    /// The position among the owner's relationships.
    const INDEX: u16;

    /// The static description.
    fn relationship() -> &'static Relationship {
        &Self::Owner::table().relationships[usize::from(Self::INDEX)]
    }
}

/// The relationship number `I` of a model, as a type: how a derive names a relationship of another model.
#[diagnostic::on_unimplemented(message = "`{Self}` has no relationship number {I}")]
pub trait RelationAt<const I: usize>: Record {
    /// The marker.
    type Relation: Relation<Owner = Self>;
}

/// The position of the other side of a relationship that has none declared.
pub const NO_SIDE: u16 = u16::MAX;

/// The other side of a relationship that has none declared.
#[derive(Debug)]
pub struct Reverse<R>(PhantomData<fn() -> R>);

impl<R> Clone for Reverse<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Reverse<R> {}

impl<R: Relation> Relation for Reverse<R> {
    type Owner = R::Target;
    type Target = R::Owner;
    type Inverse = R;
    type Cardinality = Many;
    type Null = crate::value::Nullable;
    type Fill = ();
    type Detach = Answer<false>;
    type Attach = Answer<false>;
    type Push = Answer<true>;
    const INDEX: u16 = NO_SIDE;
}

/// To one.
#[derive(Debug, Clone, Copy)]
pub enum One {}
/// To many.
#[derive(Debug, Clone, Copy)]
pub enum Many {}

/// [`One`] or [`Many`].
pub trait Cardinality: 'static {
    /// Whether it is [`Many`].
    const MANY: bool;
}
impl Cardinality for One {
    const MANY: bool = false;
}
impl Cardinality for Many {
    const MANY: bool = true;
}

/// A relationship to one: `BelongsTo` or `HasOne`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` leads to many, not to one",
    note = "use `any`, `none` or `all` on a collection; `has` and `path` are for `BelongsTo` and `HasOne`"
)]
pub trait ToOne: Relation {}
#[diagnostic::do_not_recommend]
impl<R: Relation<Cardinality = One>> ToOne for R {}

/// A relationship to many: `HasMany` or `ManyToMany`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` leads to one, not to many",
    note = "use `has` or `path` on a `BelongsTo` or `HasOne`; `any`, `none` and `all` are for collections"
)]
pub trait ToMany: Relation {}
#[diagnostic::do_not_recommend]
impl<R: Relation<Cardinality = Many>> ToMany for R {}

/// A question that the derive answered from the declarations.
#[derive(Debug, Clone, Copy)]
pub struct Answer<const YES: bool>;

/// [`Answer<true>`].
pub trait Yes {}
impl Yes for Answer<true> {}

/// A relationship whose target may be left without its owner.
#[diagnostic::on_unimplemented(
    message = "a target of `{Self}` cannot be left without its owner",
    label = "the foreign key behind this relationship is NOT NULL",
    note = "move the target with `push` or `set` on its new owner, or delete it with `session.delete`; to allow removing, make the key an `Option`, or declare `cascade(all, delete_orphan)` on the owner's side"
)]
pub trait Detachable: Relation {}
#[diagnostic::do_not_recommend]
impl<R: Relation<Detach: Yes>> Detachable for R {}

/// A list of which the session keeps the members' positions.
#[diagnostic::on_unimplemented(
    message = "the session does not keep the order of `{Self}`",
    label = "its members have no positions",
    note = "give the members an integer column for it and declare `#[orm(ordering = Track::position)]` at the `HasMany`; `push` adds a member to any list"
)]
pub trait OrderedList: Relation {}

/// A many-to-many whose link needs nothing but its two keys.
#[diagnostic::on_unimplemented(
    message = "a link of `{Self}` needs more than its two keys",
    label = "the link model has required columns of its own",
    note = "add the link itself: `session.add(Link::builder()…)`; or give those columns a default"
)]
pub trait Attachable: Relation {}
#[diagnostic::do_not_recommend]
impl<R: Relation<Attach: Yes>> Attachable for R {}

/// A relationship to many that takes members: every one-to-many, and a many-to-many whose link needs nothing but its keys.
#[diagnostic::on_unimplemented(
    message = "a link of `{Self}` needs more than its two keys",
    label = "the link model has required columns of its own",
    note = "add the link itself: `session.add(Link::builder()…)`; or give those columns a default"
)]
pub trait Pushable: Relation {}
#[diagnostic::do_not_recommend]
impl<R: Relation<Push: Yes>> Pushable for R {}
