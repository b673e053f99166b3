//! How an entity reaches its columns and relationships: through accessors that the derive makes.
use crate::{
    model::Record,
    relation::{Relation, ToMany, ToOne},
};
use std::{marker::PhantomData, ops::Deref};

/// A struct with `#[derive(Model)]`: a table's row as a value, and an entity inside a session.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not a model",
    note = "put `#[derive(Model)]` on the struct"
)]
pub trait Model: Record {
    /// The relationship methods of an entity; derefs to the model.
    type Accessors<'s>: Copy + Send + Sync + Deref<Target = Self> + From<Raw<'s, Self>> + AsRef<Raw<'s, Self>>;
}

/// An entity's place in the memory of its session.
pub struct Raw<'s, M>(PhantomData<&'s M>);

impl<M> Clone for Raw<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Raw<'_, M> {}

impl<M> Deref for Raw<'_, M> {
    type Target = M;
    fn deref(&self) -> &M {
        unimplemented!()
    }
}

impl<'s, M: Model> Raw<'s, M> {
    /// A relationship to many.
    pub fn many<R: ToMany<Owner = M>>(self) -> ManyRelation<'s, R> {
        ManyRelation(PhantomData)
    }

    /// A relationship to one.
    pub fn one<R: ToOne<Owner = M>>(self) -> OneRelation<'s, R> {
        OneRelation(PhantomData)
    }
}

/// A relationship to many of an entity.
pub struct ManyRelation<'s, R: Relation>(PhantomData<&'s R>);
/// A relationship to one of an entity.
pub struct OneRelation<'s, R: Relation>(PhantomData<&'s R>);
