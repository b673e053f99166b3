//! Adding and deleting: memory only, written by the next flush.
use super::Session;
use crate::{
    entity::{Added, Entity, IntoEntity, Model},
    error::Error,
    memory::{ALONE, State, stranger},
    model::{Draft, Node},
    relation::take_related,
    schema::Cascade,
};

impl Session {
    /// Adds a new row: a value, or a complete builder. It is written by the next flush; until then its generated key is
    /// unset. What its relationship fields hold is added with it.
    ///
    /// A row given with [`or_connect`](crate::relation::OrConnect) is taken from the database where it is there already.
    ///
    /// In a value, a generated key or a foreign key of 0 (nil, empty) counts as not given; give it through the builder if
    /// you mean it. Mistakes that show here (an entity of another session without a key) make the next flush fail.
    ///
    /// An entity that a rollback made transient is added again as the same entity, with what it holds over relationships that
    /// cascade `save_update`. One that was [expunged](Self::expunge) is part of the session again, with its changes. One that
    /// is marked for deletion is not deleted. One whose deletion was flushed cannot be added again: its row is gone, add a
    /// new value. Adding an entity that is part of the session changes nothing.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let product = session.add(Product::builder().name("mouse").price(dec!(20)));
    /// session.flush().await?;
    /// session.rollback().await?;                 // the row is gone, the entity is transient
    /// session.add(product);
    /// session.commit().await?;
    /// assert_eq!(Product::query().count(&db).await?, 2);
    /// # Ok(()) }
    /// ```
    pub fn add<A: IntoEntity>(&self, row: A) -> Entity<'_, A::Model> {
        let node = match row.into_added() {
            Added::New(draft) => self.add_new(draft),
            Added::Again { session, node, .. } if session == self.id => self.add_again(node),
            Added::Again { row, name, .. } => self.refuse(row, &name),
        };
        self.entity_at(node, ALONE)
    }

    /// Adds several rows, in their order.
    pub fn add_all<A: IntoEntity>(&self, rows: impl IntoIterator<Item = A>) -> Vec<Entity<'_, A::Model>> {
        rows.into_iter().map(|row| self.add(row)).collect()
    }

    fn add_new<M: Model>(&self, draft: Draft<M>) -> Node {
        let Draft { mut value, open } = draft;
        let related = take_related(&mut value);
        let mut graph = self.memory.graph();
        let added = graph.add_row(value, open);
        let (node, known) = added.unwrap_or_else(|_| unreachable!("the row is of the table's own model"));
        if let Err(error) = graph.take_in((node, known), related, self.id) {
            graph.graph.mistake(error);
        }
        node
    }

    fn add_again(&self, node: Node) -> Node {
        self.memory.graph().add_again(node);
        node
    }

    /// Records that an entity of another session was added. What is returned is a copy that is not part of the session.
    fn refuse<M: Model>(&self, row: M, name: &str) -> Node {
        let mut graph = self.memory.graph();
        graph.graph.mistake(stranger("`session.add`", name));
        let added = graph.place(M::table(), Box::new(row));
        added.unwrap_or_else(|_| unreachable!("the row is of the table's own model"))
    }

    /// Marks an entity for deletion by the next flush. It leaves the lists it is in, and stays readable. What the deletion
    /// cascades to is decided by the flush. To delete what was never written is a mistake that the next flush tells:
    /// [`expunge`](Self::expunge) takes it back.
    ///
    /// Where the model is declared with `soft_delete`, the flush marks the row as deleted by an UPDATE; what a cascade reaches is
    /// deleted in its own way, and what else names the row keeps its key. In memory the entity is deleted all the same. See
    /// [`delete_permanently`](Self::delete_permanently).
    pub fn delete<M: Model>(&self, entity: Entity<'_, M>) {
        let Some(node) = self.own_or_note(entity, "delete") else { return };
        let mut graph = self.memory.graph();
        if graph.graph.expunged.contains_key(&node) {
            graph.add_again(node);
        }
        match self.memory.arena.state(node) {
            State::Persistent => {
                graph.graph.permanent.remove(&node);
                graph.set_state(node, State::Deleting);
                graph.graph.deleting.push(node);
            }
            State::Deleting | State::Deleted => {}
            State::Pending | State::Transient => graph.graph.mistake(Error::usage(format!(
                "`session.delete` was given a {} that was never written, so there is nothing to delete: use \
                 `session.expunge` to take it back",
                M::table().model
            ))),
        }
    }

    /// [`delete`](Self::delete) that takes the row away also where the model deletes softly (`soft_delete`); what a cascade
    /// reaches goes for good too. For other models it is `delete`. Laravel's `forceDelete`.
    #[doc(alias = "force_delete")]
    pub fn delete_permanently<M: Model>(&self, entity: Entity<'_, M>) {
        self.delete(entity);
        let Ok(node) = self.own(entity, String::new) else { return };
        if M::table().soft_delete.is_some() && self.memory.arena.state(node) == State::Deleting {
            self.memory.graph().graph.permanent.insert(node);
        }
    }

    /// Takes an entity out of the session, with its unwritten changes: the next flush does not see it. It stays readable,
    /// and [`add`](Self::add) makes it part of the session again, as the row that it was. A rollback undoes neither. What is in
    /// memory of its targets over relationships that cascade `expunge` (`all` does) goes with it.
    pub fn expunge<M: Model>(&self, entity: Entity<'_, M>) {
        let Some(node) = self.own_or_note(entity, "expunge") else { return };
        let mut graph = self.memory.graph();
        for node in graph.reached(node, Cascade::Expunge) {
            graph.expunge(node);
        }
        graph.forget_withdrawn();
    }

    /// The place of an entity of this session; one of another session is recorded as a mistake.
    fn own_or_note<M: Model>(&self, entity: Entity<'_, M>, verb: &str) -> Option<Node> {
        let own = self.own(entity, || format!("`session.{verb}`"));
        own.map_err(|error| self.memory.graph().graph.mistake(error)).ok()
    }
}
