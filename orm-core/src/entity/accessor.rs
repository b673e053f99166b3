//! How an entity reaches its columns and relationships: through accessors that the derive makes.
use super::{Beyond, Extent, ManyRelation, OneRelation, Proxy};
use crate::{
    memory::ResultId,
    model::{IntoDraft, IntoKey, KeyColumns, Node, Record},
    query::{EitherNull, InsertMany, Query},
    relation::{IntoUnique, Keyed, OrConnect, Relation, ToMany, ToOne},
    session::Session,
};
use std::{marker::PhantomData, ops::Deref};

/// A struct with `#[derive(Model)]`: a table's row as a value, and an entity inside a session.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not a model",
    note = "put `#[derive(Model)]` on the struct; of an entity give `entity.to_value()`, of a reference a clone"
)]
pub trait Model: Record {
    /// The relationship methods of an entity; derefs to the model.
    type Accessors<'s>: Copy + Send + Sync + Deref<Target = Self> + From<Raw<'s, Self>> + AsRef<Raw<'s, Self>>;

    /// A query of all rows.
    fn query() -> Query<Self> {
        Query::new()
    }

    /// New rows, inserted without a session's memory: values or complete builders, of one kind. See [`InsertMany`].
    #[doc(alias = "bulk_create")]
    #[doc(alias = "bulk_insert")]
    #[doc(alias = "createMany")]
    #[doc(alias = "saveMany")]
    fn insert_many<D: IntoDraft<Model = Self>>(rows: impl IntoIterator<Item = D>) -> InsertMany<Self> {
        InsertMany::new(rows)
    }

    /// The existing row with that primary key, as the target of a relationship; nothing is loaded.
    ///
    /// Needed where the key is natural or made by the program: there a related *value* is a new row. `push` and `set`, which
    /// return the target, want it in memory.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let order = session.add(Order::builder().user(User::existing(1)).total_amount(dec!(5)));
    /// session.commit().await?;
    /// assert_eq!(order.user_id, 1);
    /// # Ok(()) }
    /// ```
    fn existing(key: impl IntoKey<Self::Key>) -> Keyed<Self> {
        Keyed::new(key.into_key().into_values())
    }

    /// This row, or, where a row with the same unique value exists, that one: see [`OrConnect`].
    fn or_connect(self, by: impl IntoUnique<Self>) -> OrConnect<Self> {
        OrConnect::new(self, by)
    }
}

/// An entity's place in the memory of its session, and the result that it was reached through. Generated code wraps it.
pub struct Raw<'s, M> {
    session: &'s Session,
    node: Node,
    result: ResultId,
    model: PhantomData<fn() -> M>,
}

impl<M> Clone for Raw<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Raw<'_, M> {}

impl<'s, M: Record> Raw<'s, M> {
    pub(crate) fn new(session: &'s Session, node: Node, result: ResultId) -> Self {
        Self { session, node, result, model: PhantomData }
    }

    pub(crate) fn session(&self) -> &'s Session {
        self.session
    }

    /// How messages name the entity.
    pub(crate) fn name(&self) -> String {
        self.session.memory().graph().name(self.node)
    }

    pub(crate) fn session_id(&self) -> u64 {
        self.session.id()
    }

    pub(crate) fn node(&self) -> Node {
        self.node
    }

    pub(crate) fn result(&self) -> ResultId {
        self.result
    }

    /// The current version of the row.
    pub(crate) fn row(&self) -> &'s M {
        match self.session.memory().arena.row(self.node) {
            Some(row) => row,
            // Entities are made by the session for nodes of their own model only.
            None => unreachable!("an entity's node is a row of its model"),
        }
    }
}

impl<M: Record> Deref for Raw<'_, M> {
    type Target = M;

    fn deref(&self) -> &M {
        self.row()
    }
}

impl<'s, M: Model> Raw<'s, M> {
    /// A relationship to many.
    pub fn many<R: ToMany<Owner = M>>(self) -> ManyRelation<'s, R> {
        ManyRelation::new(self)
    }

    /// What lies behind a relationship.
    pub fn proxy<R, P>(self) -> Proxy<'s, R, P>
    where
        R: Relation<Owner = M, Target: Model, Null: EitherNull<P::Null>>,
        P: Beyond<R::Target>,
        (R::Cardinality, <R::Null as EitherNull<P::Null>>::Null): Extent,
    {
        Proxy::new(self)
    }

    /// A relationship to one.
    pub fn one<R: ToOne<Owner = M>>(self) -> OneRelation<'s, R> {
        OneRelation::new(self)
    }
}
