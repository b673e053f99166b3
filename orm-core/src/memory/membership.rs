//! Entities that leave the session and come back.
use super::{Edge, Graph, Locked, State, Target, journal::Before};
use crate::{
    error::{Error, Kind, Result},
    model::Node,
    schema::{Cascade, Relationship, RelationshipKind},
};

impl Locked<'_> {
    /// An entity leaves, with its unwritten changes. What the database has of it is remembered. That an entity with a row
    /// left, or came back, is not undone by a rollback: meanwhile the session may have another entity of the row.
    pub(crate) fn expunge(&mut self, node: Node) {
        match self.arena.state(node) {
            State::Persistent | State::Deleting => {
                let slot = self.arena.slot(node);
                let stored = self.graph.base.remove(&node).unwrap_or(slot.current());
                self.unjournalled(|graph| graph.leave(node, stored));
                self.graph.expunged.insert(node, stored);
                self.graph.deleting.retain(|other| *other != node);
                self.forget_unchanged();
                slot.set_state(State::Transient);
            }
            State::Pending => {
                self.withdraw(node);
                self.graph.pending.retain(|other| *other != node);
            }
            State::Deleted | State::Transient => {}
        }
    }

    /// An entity that was taken out of the session, or made transient by a rollback, is part of it again; and so are the
    /// targets that it holds over relationships that cascade `save_update`.
    ///
    /// # Errors
    /// The session has another entity of its row.
    pub(super) fn readmit(&mut self, node: Node) -> Result<()> {
        let mut nodes = vec![node];
        let mut next = 0;
        // The list grows while it is walked.
        while next < nodes.len() {
            let node = nodes[next];
            next += 1;
            if self.arena.state(node) != State::Transient {
                continue;
            }
            self.readmit_alone(node)?;
            for relationship in self.arena.table(node).relationships {
                if relationship.cascade.has(Cascade::SaveUpdate) {
                    nodes.extend(self.transient_targets(node, relationship));
                }
            }
        }
        Ok(())
    }

    fn readmit_alone(&mut self, node: Node) -> Result<()> {
        let Some(stored) = self.graph.expunged.get(&node).copied() else {
            self.enlist_again(node);
            return Ok(());
        };
        let table = self.arena.table(node);
        let (rows, row) = self.arena.version(node, stored);
        if let Some(other) = self.find(table, table.primary_key, &rows.key(row, table.primary_key)) {
            return Err(Error::usage(format!(
                "the session read {} anew after its entity was expunged: change the new entity instead of adding the old one \
                 again",
                self.name(other)
            )));
        }
        self.graph.expunged.remove(&node);
        self.arena.slot(node).set_state(State::Persistent);
        self.unjournalled(|graph| graph.enter(node, stored));
        self.touch_since(node, stored);
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

    /// A change that no rollback undoes.
    fn unjournalled(&mut self, change: impl FnOnce(&mut Self)) {
        let mark = self.graph.journal.mark();
        change(self);
        self.graph.journal.truncate(mark);
    }

    /// What `session.add` does to an entity; mistakes wait for the next flush.
    pub(crate) fn add_again(&mut self, node: Node) {
        let result = match self.arena.state(node) {
            State::Transient => self.readmit(node),
            State::Deleting => {
                self.set_state(node, State::Persistent);
                self.graph.deleting.retain(|other| *other != node);
                Ok(())
            }
            State::Deleted => {
                let name = self.name(node);
                let message =
                    format!("{name} was deleted, and cannot be added again: add a new value instead of the entity");
                Err(Error::new(Kind::Deleted, message))
            }
            State::Persistent | State::Pending => Ok(()),
        };
        if let Err(error) = result {
            self.graph.mistake(error);
        }
    }

    /// Whether the row of a deleted entity stays, marked as deleted.
    pub(crate) fn deletes_softly(&self, node: Node) -> bool {
        self.arena.table(node).soft_delete.is_some() && !self.graph.permanent.contains(&node)
    }

    /// A row is changed, if it is not any more as the database has it.
    fn touch_since(&mut self, node: Node, stored: Option<u32>) {
        if self.arena.slot(node).current() == stored {
            return;
        }
        self.graph.record_row(node, Before::Version(stored));
        self.graph.base.insert(node, stored);
        if self.changed(node).is_empty() {
            self.graph.base.remove(&node);
        } else {
            self.graph.dirty.push(node);
        }
    }
}

impl Locked<'_> {
    /// The version that an undone change leaves is what the database has, also of an entity that is out of the session.
    pub(super) fn undo_expunged(&mut self, node: Node, version: Option<u32>) {
        if let Some(stored) = self.graph.expunged.get_mut(&node) {
            *stored = version;
        }
    }

    /// Whether undoing gives an entity its former state: not one that left since, unless its row goes with it.
    pub(super) fn undoes_state(&mut self, node: Node, state: State) -> bool {
        let without_row = matches!(state, State::Pending | State::Transient);
        if without_row {
            self.graph.expunged.remove(&node);
        }
        !self.graph.expunged.contains_key(&node)
    }
}

impl Graph {
    /// What was not written before an entity left is nobody's work now.
    pub(super) fn leave_out_expunged(&mut self) {
        if self.expunged.is_empty() {
            return;
        }
        let expunged = &self.expunged;
        self.base.retain(|node, _| !expunged.contains_key(node));
        self.dirty.retain(|node| !expunged.contains_key(node));
        self.deleting.retain(|node| !expunged.contains_key(node));
    }
}
