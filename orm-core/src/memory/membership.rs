//! Entities that leave the session and come back.
use super::{Locked, State, journal::Undo};
use crate::{
    error::{Error, Kind, Result},
    model::Node,
};

impl Locked<'_> {
    /// An entity leaves, with its unwritten changes. What the database has of it is remembered.
    pub(crate) fn expunge(&mut self, node: Node) {
        let state = self.arena.state(node);
        if matches!(state, State::Persistent | State::Deleting) {
            let current = self.arena.slot(node).current();
            let stored = self.graph.base.remove(&node).unwrap_or(current);
            self.leave(node, stored);
            let stored = self.graph.expunged.insert(node, stored);
            self.graph.record(Undo::Expunged { node, stored });
            self.graph.deleting.retain(|other| *other != node);
            self.forget_unchanged();
        }
        if state != State::Deleted {
            self.withdraw(node);
            self.graph.pending.retain(|other| *other != node);
        }
    }

    /// An entity that was taken out of the session, or made transient by a rollback, is part of it again.
    ///
    /// # Errors
    /// The session has another entity of its row.
    pub(crate) fn readmit(&mut self, node: Node) -> Result<()> {
        if self.arena.state(node) != State::Transient {
            return Ok(());
        }
        let Some(stored) = self.graph.expunged.get(&node).copied() else {
            self.enlist_again(node);
            return Ok(());
        };
        let table = self.arena.table(node);
        let (rows, row) = self.arena.version(node, stored);
        if let Some(other) = self.find(table, table.primary_key, &rows.key(row, table.primary_key)) {
            let message = format!(
                "the session loaded {} anew after its entity was expunged: change that entity instead of adding the other again",
                self.name(other)
            );
            return Err(Error::usage(message));
        }
        self.graph.expunged.remove(&node);
        self.graph.record(Undo::Expunged { node, stored: Some(stored) });
        self.set_state(node, State::Persistent);
        self.enter(node, stored);
        self.touch_since(node, stored);
        Ok(())
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

    /// A row is changed, if it is not any more as the database has it.
    fn touch_since(&mut self, node: Node, stored: Option<u32>) {
        if self.arena.slot(node).current() == stored {
            return;
        }
        self.graph.base.insert(node, stored);
        if self.changed(node).is_empty() {
            self.graph.base.remove(&node);
        } else {
            self.graph.dirty.push(node);
        }
    }
}
