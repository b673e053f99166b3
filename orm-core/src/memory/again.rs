//! Entities that left the session and are added again: by a rollback, which took their rows, or by `expunge`, which did not.
use super::{Edge, Locked, State, Target};
use crate::{
    error::{Error, Result},
    model::Node,
    schema::{Cascade, Relationship, RelationshipKind},
};

/// An entity that was taken out of the session while its row stays in the database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Detached {
    /// The version that the database has, if the entity was changed.
    base: Option<Option<u32>>,
    /// When it left: what is undone up to here never happened.
    epoch: u32,
    mark: usize,
}

impl Locked<'_> {
    /// Takes an entity out of the session, with its unwritten changes.
    pub(crate) fn take_out(&mut self, node: Node) {
        let version = self.arena.slot(node).current();
        let base = self.graph.base.remove(&node);
        if let State::Persistent | State::Deleting = self.arena.state(node) {
            let (epoch, mark) = (self.graph.epoch, self.graph.journal.len());
            self.graph.detached.insert(node, Detached { base, epoch, mark });
        }
        self.leave(node, base.unwrap_or(version));
        self.withdraw(node);
    }

    /// What is undone never left the session.
    pub(super) fn undo_detached(&mut self, mark: usize) {
        let epoch = self.graph.epoch;
        self.graph.detached.retain(|_, detached| detached.epoch != epoch || detached.mark < mark);
    }

    /// Adds a transient entity again, and over the relationships that cascade `save_update` those that it holds. An expunged
    /// one is persistent again, with its changes; another one is a new row.
    ///
    /// # Errors
    /// The row of an expunged entity has another entity by now.
    pub(crate) fn add_again(&mut self, node: Node) -> Result<()> {
        let mut nodes = vec![node];
        let mut next = 0;
        // The list grows while it is walked.
        while next < nodes.len() {
            let node = nodes[next];
            next += 1;
            if self.arena.state(node) != State::Transient {
                continue;
            }
            self.one_again(node)?;
            for relationship in self.arena.table(node).relationships {
                if relationship.cascade.has(Cascade::SaveUpdate) {
                    nodes.extend(self.transient_targets(node, relationship));
                }
            }
        }
        Ok(())
    }

    fn one_again(&mut self, node: Node) -> Result<()> {
        let Some(Detached { base, .. }) = self.graph.detached.get(&node).copied() else {
            self.enlist_again(node);
            return Ok(());
        };
        let table = self.arena.table(node);
        let key = self.key(node, table.primary_key);
        if let Some(other) = self.find(table, table.primary_key, &key) {
            let message = format!(
                "an expunged {} was added again, and the session has another entity of its row by now: use that, or merge, \
                 `session.merge(entity.to_value())`",
                self.name(other)
            );
            return Err(Error::usage(message));
        }
        self.graph.detached.remove(&node);
        self.set_state(node, State::Persistent);
        self.enter(node);
        if let Some(base) = base {
            self.graph.base.insert(node, base);
            self.graph.dirty.push(node);
        }
        Ok(())
    }

    fn transient_targets(&mut self, node: Node, relationship: &'static Relationship) -> Vec<Node> {
        let mut targets = match (&relationship.kind, Edge::of(relationship)) {
            (RelationshipKind::BelongsTo { .. }, Some(edge)) => match self.target(node, &edge) {
                Target::Node(target) => vec![target],
                Target::None | Target::Dangling | Target::Key(_) => Vec::new(),
            },
            _ => self.members(node, relationship.position()),
        };
        targets.retain(|target| self.arena.state(*target) == State::Transient);
        targets
    }
}
