//! Adding and deleting: memory only, written by the next flush.
use super::Session;
use crate::{
    entity::{Entity, Model},
    error::Error,
    memory::{ALONE, Pending, State, wrong_session},
    model::{Draft, Existing, IntoDraft, Node, Record},
    relation::take_related,
};

impl Session {
    /// Adds a new row: a value, or a complete builder. It is written by the next flush; until then its generated key is
    /// unset. What its relationship fields hold is added with it.
    ///
    /// In a value, a generated key or a foreign key of 0 (nil, empty) counts as not given; give it through the builder if
    /// you mean it. Mistakes that show here (an entity of another session without a key) make the next flush fail.
    ///
    /// An entity of this session is added again: one that a rollback made transient is a new row, one that was
    /// [expunged](Self::expunge) is the row that it was, and a deletion that is not flushed yet is taken back. Adding what is
    /// part of the session already changes nothing.
    pub fn add<D: IntoDraft<Model: Model>>(&self, row: D) -> Entity<'_, D::Model> {
        if let Some(existing) = row.existing() {
            return self.add_existing(existing, row);
        }
        let Draft { mut value, unset, given } = row.into_draft();
        let related = take_related(&mut value);
        let mut graph = self.memory.graph();
        let added = graph.add(D::Model::table(), Box::new(value), Pending { unset, given });
        let node = added.unwrap_or_else(|_| unreachable!("the row is of the table's own model"));
        if let Err(error) = graph.take_in(node, related, self.id) {
            graph.graph.mistake(error);
        }
        drop(graph);
        self.entity_at(node, ALONE)
    }

    /// Adds an entity again. One of another session is a mistake, and what is given back is a copy that nobody writes.
    fn add_existing<D: IntoDraft<Model: Model>>(&self, existing: Existing, row: D) -> Entity<'_, D::Model> {
        let mut graph = self.memory.graph();
        if existing.session == self.id {
            graph.add_again(existing.node);
            drop(graph);
            return self.entity_at(existing.node, ALONE);
        }
        graph.graph.mistake(wrong_session("`session.add`", &existing.name(D::Model::table().model)));
        let copy = graph.add(D::Model::table(), Box::new(row.into_draft().value), Pending::default());
        let node = copy.unwrap_or_else(|_| unreachable!("the row is of the table's own model"));
        graph.withdraw(node);
        drop(graph);
        self.entity_at(node, ALONE)
    }

    /// Adds several rows, in their order.
    pub fn add_all<D: IntoDraft<Model: Model>>(&self, rows: impl IntoIterator<Item = D>) -> Vec<Entity<'_, D::Model>> {
        rows.into_iter().map(|row| self.add(row)).collect()
    }

    /// Adds an entity again that a rollback or `expunge` made transient, or takes back its deletion; the same as
    /// [`add`](Self::add) with it.
    pub fn restore<M: Model>(&self, entity: Entity<'_, M>) {
        if let Some(node) = self.own(entity, "restore") {
            self.memory.graph().add_again(node);
        }
    }

    /// Marks an entity for deletion by the next flush. It leaves the lists it is in, and stays readable. What the deletion
    /// cascades to is decided by the flush. To delete what was never written is a mistake that the next flush tells:
    /// [`expunge`](Self::expunge) takes it back.
    pub fn delete<M: Model>(&self, entity: Entity<'_, M>) {
        let Some(node) = self.own(entity, "delete") else { return };
        let mut graph = self.memory.graph();
        if graph.graph.expunged.contains_key(&node) {
            graph.add_again(node);
        }
        match self.memory.arena.state(node) {
            State::Persistent => {
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

    /// Takes an entity out of the session, with its unwritten changes: the next flush does not see it. It stays readable,
    /// and [`add`](Self::add) makes it part of the session again, as the row that it was. A rollback undoes neither.
    pub fn expunge<M: Model>(&self, entity: Entity<'_, M>) {
        if let Some(node) = self.own(entity, "expunge") {
            self.memory.graph().expunge(node);
        }
    }

    /// The place of an entity of this session; one of another session is recorded as a mistake.
    fn own<M: Model>(&self, entity: Entity<'_, M>, verb: &str) -> Option<Node> {
        if entity.raw().session_id() == self.id {
            return Some(entity.raw().node());
        }
        let mistake = wrong_session(&format!("`session.{verb}`"), &format!("{entity:?}"));
        self.memory.graph().graph.mistake(mistake);
        None
    }
}
