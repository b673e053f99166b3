//! What a session has not written yet, as entities.
use super::Session;
use crate::{
    entity::{Entity, Model},
    memory::{ALONE, State},
    model::Node,
};

impl Session {
    /// The entities of a model that were added and are not written yet, in the order of their adding. SQLAlchemy's
    /// `session.new`.
    pub fn added<M: Model>(&self) -> Vec<Entity<'_, M>> {
        let pending = self.memory.graph().graph.pending.clone();
        self.of_model(pending, State::Pending)
    }

    /// The entities of a model that were changed since they were read or written, in the order of their first change; those
    /// that were changed back are not among them. SQLAlchemy's `session.dirty`, without what has no net change.
    pub fn modified<M: Model>(&self) -> Vec<Entity<'_, M>> {
        let mut graph = self.memory.graph();
        let dirty = graph.graph.dirty.clone();
        let changed = dirty.into_iter().filter(|node| !graph.unwritten_columns(*node).is_empty()).collect();
        drop(graph);
        self.of_model(changed, State::Persistent)
    }

    /// The entities of a model that are marked for deletion. SQLAlchemy's `session.deleted`.
    pub fn deleted<M: Model>(&self) -> Vec<Entity<'_, M>> {
        let deleting = self.memory.graph().graph.deleting.clone();
        self.of_model(deleting, State::Deleting)
    }

    fn of_model<M: Model>(&self, nodes: Vec<Node>, state: State) -> Vec<Entity<'_, M>> {
        let arena = &self.memory.arena;
        let wanted = |node: &Node| arena.table(*node) == M::table() && arena.state(*node) == state;
        nodes.into_iter().filter(wanted).map(|node| self.entity_at(node, ALONE)).collect()
    }
}
