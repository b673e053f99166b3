//! Adding and deleting: memory only, written by the next flush.
use super::Session;
use crate::{
    entity::{Entity, Model},
    error::Error,
    memory::{ALONE, Pending, State, wrong_session},
    model::{Draft, IntoDraft, Node, Record},
    relation::take_related,
};

impl Session {
    /// Adds a new row: a value, or a complete builder. It is written by the next flush; until then its generated key is
    /// unset. What its relationship fields hold is added with it.
    ///
    /// In a value, a generated key or a foreign key of 0 (nil, empty) counts as not given; give it through the builder if
    /// you mean it. Mistakes that show here (an entity of another session without a key) make the next flush fail.
    pub fn add<D: IntoDraft<Model: Model>>(&self, row: D) -> Entity<'_, D::Model> {
        let Draft { mut value, unset, given } = row.into_draft();
        let related = take_related(&mut value);
        let mut graph = self.memory.graph();
        let added = graph.add(D::Model::table(), Box::new(value), Pending::new(unset, given));
        let node = added.unwrap_or_else(|_| unreachable!("the row is of the table's own model"));
        if let Err(error) = graph.take_in(node, related, self.id) {
            graph.graph.mistake(error);
        }
        drop(graph);
        self.entity_at(node, ALONE)
    }

    /// Adds several rows, in their order.
    pub fn add_all<D: IntoDraft<Model: Model>>(&self, rows: impl IntoIterator<Item = D>) -> Vec<Entity<'_, D::Model>> {
        rows.into_iter().map(|row| self.add(row)).collect()
    }

    /// Adds an entity again that a rollback or `expunge` made transient, or takes back its deletion.
    pub fn restore<M: Model>(&self, entity: Entity<'_, M>) {
        let Some(node) = self.own(entity, "add") else { return };
        let mut graph = self.memory.graph();
        match self.memory.arena.state(node) {
            State::Transient => graph.enlist_again(node),
            State::Deleting => {
                graph.set_state(node, State::Persistent);
                graph.graph.deleting.retain(|other| *other != node);
            }
            State::Deleted => {
                let message = format!("{} was deleted: add a new value instead of the entity", graph.name(node));
                graph.graph.mistake(Error::usage(message));
            }
            State::Persistent | State::Pending => {}
        }
    }

    /// Marks an entity for deletion by the next flush. It leaves the lists it is in, and stays readable. What the deletion
    /// cascades to is decided by the flush.
    pub fn delete<M: Model>(&self, entity: Entity<'_, M>) {
        let Some(node) = self.own(entity, "delete") else { return };
        let mut graph = self.memory.graph();
        match self.memory.arena.state(node) {
            State::Persistent => {
                graph.set_state(node, State::Deleting);
                graph.graph.deleting.push(node);
            }
            State::Deleting | State::Deleted => {}
            State::Pending | State::Transient => graph.graph.mistake(Error::usage(format!(
                "a {} was deleted that was never written: use `session.expunge` to take it back",
                M::table().model
            ))),
        }
    }

    /// Takes an entity out of the session, with its unwritten changes: the next flush does not see it.
    pub fn expunge<M: Model>(&self, entity: Entity<'_, M>) {
        let Some(node) = self.own(entity, "expunge") else { return };
        let mut graph = self.memory.graph();
        let version = self.memory.arena.slot(node).current();
        graph.leave(node, version);
        graph.withdraw(node);
        graph.graph.base.remove(&node);
        graph.forget_unchanged();
    }

    /// The place of an entity of this session; one of another session is recorded as a mistake.
    fn own<M: Model>(&self, entity: Entity<'_, M>, verb: &str) -> Option<Node> {
        if entity.raw().session_id() == self.id {
            return Some(entity.raw().node());
        }
        self.memory.graph().graph.mistake(wrong_session(&format!("`session.{verb}`")));
        None
    }
}
