//! What a session has not written yet, as entities.
use super::Session;
use crate::{
    entity::{Entity, Model},
    memory::{ALONE, State},
    model::{Node, typed},
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

    /// The row of an entity as the database has it, as far as the session knows: what it was before its unwritten changes.
    /// `None` for an entity that is not written yet. EF Core's original values; compare with the fields of the entity.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let order = session.get_one::<Order>(1).await?;
    /// order.set(Order::status, "sent");
    /// assert_eq!(session.original(order).map(|order| order.status.as_str()), Some("pending"));
    /// session.flush().await?;
    /// assert_eq!(session.original(order).map(|order| order.status.as_str()), Some("sent"));
    /// # Ok(()) }
    /// ```
    pub fn original<'s, M: Model>(&'s self, entity: Entity<'_, M>) -> Option<&'s M> {
        let (raw, arena) = (entity.raw(), &self.memory.arena);
        let node = raw.node();
        if raw.session_id() != self.id || matches!(arena.state(node), State::Pending | State::Transient) {
            return None;
        }
        let stored = self.memory.graph().stored_version(node);
        let (rows, row) = arena.version(node, stored);
        typed(rows, row)
    }

    fn of_model<M: Model>(&self, nodes: Vec<Node>, state: State) -> Vec<Entity<'_, M>> {
        let arena = &self.memory.arena;
        let wanted = |node: &Node| arena.table(*node) == M::table() && arena.state(*node) == state;
        nodes.into_iter().filter(wanted).map(|node| self.entity_at(node, ALONE)).collect()
    }
}
