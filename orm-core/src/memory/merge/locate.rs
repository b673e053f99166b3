//! Who the copied rows are, as far as memory knows, and what must be loaded to know it.
use super::{Copies, Identity};
use crate::{
    memory::{Locked, State, UNVERIFIED},
    model::Node,
    schema::{Relationship, RelationshipKind, Table, id},
    value::{Key, Value},
};
use std::ops::Range;

/// The keys of rows that memory does not have, by their tables.
pub(crate) type Missing = Vec<(&'static Table, Vec<Vec<Value>>)>;

/// Relationships whose members must be known, since a copy replaces them, with their owners.
pub(crate) type Replaced = Vec<(&'static Relationship, Vec<Node>)>;

impl Locked<'_> {
    /// Finds the entities of some copied rows, and tells what must be loaded to know the others.
    pub(crate) fn locate(&mut self, copies: &mut Copies, level: Range<usize>) -> Missing {
        let mut missing = Missing::new();
        for row in level {
            let Some((table, values)) = copies.rows[row].key.clone().map(|key| (copies.rows[row].table, key)) else {
                continue;
            };
            let key = Key::of(values.iter().map(Key::from));
            if let Some(node) = self.verified(table, &key) {
                copies.rows[row].is = Identity::Entity(node);
                continue;
            }
            let first = *copies.first.entry((id(table), key)).or_insert(row);
            if first != row {
                copies.rows[row].is = Identity::SameAs(first);
                continue;
            }
            match missing.iter_mut().find(|(other, _)| *other == table) {
                Some((_, keys)) => keys.push(values),
                None => missing.push((table, vec![values])),
            }
        }
        missing
    }

    /// Finds what a load brought, and rows that were added and are not written yet.
    pub(crate) fn locate_loaded(&mut self, copies: &mut Copies, level: Range<usize>) {
        for row in level.filter(|row| copies.rows[*row].is == Identity::New).collect::<Vec<_>>() {
            let Some(values) = &copies.rows[row].key else { continue };
            let (table, key) = (copies.rows[row].table, Key::of(values.iter().map(Key::from)));
            if let Some(node) = self.verified(table, &key).or_else(|| self.pending_of(table, &key)) {
                copies.rows[row].is = Identity::Entity(node);
            }
        }
    }

    /// The entity with that key, unless a rollback left nobody knowing whether its row exists.
    fn verified(&mut self, table: &'static Table, key: &Key) -> Option<Node> {
        let node = self.find(table, table.primary_key, key)?;
        (self.arena.epoch(node) != UNVERIFIED).then_some(node)
    }

    fn pending_of(&self, table: &'static Table, key: &Key) -> Option<Node> {
        let is = |node: &&Node| {
            self.arena.table(**node) == table
                && self.arena.state(**node) == State::Pending
                && self.key(**node, table.primary_key) == *key
        };
        self.graph.pending.iter().find(is).copied()
    }

    /// The collections of some copied rows' entities that must be known to be replaced.
    pub(crate) fn replaced(&mut self, copies: &Copies, level: Range<usize>) -> Replaced {
        let mut replaced = Replaced::new();
        for row in level {
            let Some(node) = copies.entity(row).filter(|node| self.arena.state(*node) == State::Persistent) else {
                continue;
            };
            for field in &copies.rows[row].fields {
                let relationship = field.relationship;
                let here = matches!(relationship.kind, RelationshipKind::BelongsTo { .. });
                if here || field.partial || self.is_fresh(node, relationship.position()) {
                    continue;
                }
                match replaced.iter_mut().find(|(other, _)| std::ptr::eq(*other, relationship)) {
                    Some((_, owners)) => owners.push(node),
                    None => replaced.push((relationship, vec![node])),
                }
            }
        }
        replaced
    }
}
