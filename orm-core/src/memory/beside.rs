//! Rows that the session inserted itself have no targets but those it was given, unless rows were written beside its memory.
use super::{Locked, State};
use crate::{
    model::Node,
    schema::{Relationship, RelationshipKind, Table},
};

/// What a transaction wrote of which memory does not know to whose collections it belongs.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// Statements that name no rows of memory: anything may have been written.
    anything: bool,
    /// Tables with rows that were written by the keys of their parents.
    by_key: Vec<&'static str>,
    /// Link tables with rows that were written one by one, or by the keys of their targets.
    inserted: Vec<&'static str>,
}

impl Beside {
    /// A statement was sent of which memory does not know what it writes.
    pub(crate) fn note_anything(&mut self) {
        self.anything = true;
    }

    /// Rows of a table were written by the keys of their parents.
    pub(crate) fn note_by_key(&mut self, table: &'static str) {
        note(&mut self.by_key, table);
    }

    /// Rows of a table were inserted.
    pub(crate) fn note_inserted(&mut self, table: &'static str) {
        note(&mut self.inserted, table);
    }

    /// Whether memory knows of all rows of a table that were written by the keys of their parents.
    pub(crate) fn knows_parents_of(&self, table: &'static Table) -> bool {
        !self.by_key.contains(&table.name)
    }

    fn may_have(&self, relationship: &'static Relationship) -> bool {
        self.anything
            || match relationship.link() {
                Some(link) => self.inserted.contains(&link.table_name()),
                None => !self.knows_parents_of(relationship.target()),
            }
    }
}

fn note(tables: &mut Vec<&'static str>, table: &'static str) {
    if !tables.contains(&table) {
        tables.push(table);
    }
}

impl Locked<'_> {
    /// Whether an entity has no targets of a relationship but those that memory knows: it is not written yet, or the open
    /// transaction inserted it, and nobody else can reference what is not committed.
    pub(crate) fn is_new(&self, node: Node, relation: u16) -> bool {
        if self.arena.state(node) == State::Pending {
            return true;
        }
        let relationship = || &self.arena.table(node).relationships[usize::from(relation)];
        self.arena.is_inserted_in(node, self.graph.epoch)
            && !has_key(relationship())
            && !self.graph.beside.may_have(relationship())
    }
}

/// Whether the owner holds the key, so that its target may be older than it.
fn has_key(relationship: &Relationship) -> bool {
    matches!(relationship.kind, RelationshipKind::BelongsTo { .. })
}
