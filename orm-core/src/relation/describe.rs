//! How generated code declares relationships: what their markers know is not written again.
use super::Relation;
use crate::{
    model::Record,
    schema::{Action, KeySource, Link, Relationship, RelationshipKind, shape},
    value::Nullability,
};

/// A `BelongsTo` by these columns, with the rules that hold if nothing is said.
pub const fn belongs_to<R: Relation>(name: &'static str, columns: &'static [u16]) -> Relationship {
    let kind = RelationshipKind::BelongsTo {
        columns,
        references: &[],
        nullable: <R::Null as Nullability>::NULLABLE,
        on_delete: Action::NoAction,
        on_update: Action::NoAction,
        constraint: true,
        index: true,
    };
    Relationship::of::<R>(name, kind)
}

/// A `HasOne` whose key is in these columns of the target; without columns, in its inverse.
pub const fn has_one<R: Relation>(name: &'static str, columns: &'static [u16]) -> Relationship {
    Relationship::of::<R>(name, RelationshipKind::HasOne(key::<R>(columns)))
}

/// A `HasMany` whose key is in these columns of the targets; without columns, in its inverse.
pub const fn has_many<R: Relation>(name: &'static str, columns: &'static [u16]) -> Relationship {
    Relationship::of::<R>(name, RelationshipKind::HasMany(key::<R>(columns)))
}

/// A `ManyToMany` through a table between.
pub const fn many_to_many<R: Relation>(name: &'static str, link: Link) -> Relationship {
    Relationship::of::<R>(name, RelationshipKind::ManyToMany(link))
}

const fn key<R: Relation>(columns: &'static [u16]) -> KeySource {
    if columns.is_empty() { KeySource::Inverse(<R::Inverse as Relation>::INDEX) } else { KeySource::Columns(columns) }
}

/// The position of the relationship of `T` that is the other side of this one of `M`; see [`shape::inverse`].
#[track_caller]
pub const fn inverse<M: Record, T: Record>(index: usize) -> usize {
    shape::inverse(M::SHAPE, index, T::SHAPE)
}

/// Whether a target may be left without its owner.
pub const fn detachable<R: Relation>() -> bool {
    let (owner, target) = (<R::Owner as Record>::SHAPE, <R::Target as Record>::SHAPE);
    shape::detachable(owner, R::INDEX as usize, target, <R::Inverse as Relation>::INDEX)
}
