//! What can be given where a relationship wants its target.
use super::Relation;
use crate::{
    model::{Draft, Existing, Handle, IntoDraft, Record},
    value::Nullable,
};

/// A target that was given: a new row, or an entity.
pub enum Related<T> {
    /// A new row (or, if its generated key is set, the existing row of that key).
    New(Draft<T>),
    /// An entity.
    Existing(Existing),
}

/// What a relationship `R` takes as its target: an entity, a handle, a value, or a builder that lacks at most the key
/// which the relationship fills. Where there may be no target, also an `Option` of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given for the relationship `{R}`",
    label = "expected an entity, a value or a builder of the related model",
    note = "a builder may leave out the key which this relationship fills, and no other required column"
)]
pub trait IntoRelated<R: Relation> {
    /// The target, if there is one.
    fn into_related(self) -> Option<Related<R::Target>>;
}

impl<R: Relation<Target = T>, T: Record> IntoRelated<R> for T {
    fn into_related(self) -> Option<Related<T>> {
        Some(Related::New(self.into_draft()))
    }
}

impl<R: Relation<Target = T>, T: Record> IntoRelated<R> for Handle<T> {
    fn into_related(self) -> Option<Related<T>> {
        let (table, columns) = (T::table(), T::table().primary_key);
        Some(Related::Existing(Existing { table, session: self.session, node: self.node, key: None, columns }))
    }
}

impl<R: Relation<Null = Nullable>, I: IntoRelated<R>> IntoRelated<R> for Option<I> {
    fn into_related(self) -> Option<Related<R::Target>> {
        self.and_then(I::into_related)
    }
}
