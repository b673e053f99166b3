//! What to undo: every change since the last commit, in order, so that a rollback restores memory.
use super::{Cell, Reference, State, cells::Places, graph::EdgeKey};
use crate::{
    model::{Node, Open},
    schema::Table,
    value::Key,
};

/// How one change is undone.
pub(crate) enum Undo {
    /// Rows of one chunk that follow each other, and become as they were.
    Rows {
        first: Node,
        count: u32,
        before: Before,
    },
    Cell {
        node: Node,
        relation: u16,
        /// In a box: it is large and rare, and each entry of the journal has room for the largest.
        cell: Option<Box<Cell>>,
    },
    /// A member joined or left.
    Member {
        node: Node,
        relation: u16,
        member: Node,
        places: Places,
    },
    /// A member of a list that keeps positions was moved from that place.
    Moved {
        node: Node,
        relation: u16,
        member: Node,
        place: u32,
    },
    Link {
        node: Node,
        edge: EdgeKey,
        target: Option<Reference>,
    },
    Index(Box<Indexed>),
    /// An index was made of what the transaction has written; another one is made when it is needed.
    NewIndex {
        table: &'static Table,
        columns: &'static [u16],
    },
}

/// What a row was before a change.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Before {
    Version(Option<u32>),
    State(State),
    /// What was left open in an added row, which was written.
    Open(Box<Open>),
    /// An added row was written: what was left open in it, and its version before.
    Added {
        open: Option<Box<Open>>,
        version: Option<u32>,
    },
    /// When it was seen last; of a row that was first read after the transaction's first write, that nobody knows whether it
    /// exists.
    Seen(u32),
}

/// The entity that stood in an index under a key.
pub(crate) struct Indexed {
    pub(crate) table: &'static Table,
    pub(crate) columns: &'static [u16],
    pub(crate) key: Key,
    pub(crate) node: Option<Node>,
}

impl Undo {
    /// How the change of one row is undone.
    pub(crate) fn row(node: Node, before: Before) -> Self {
        Self::Rows { first: node, count: 1, before }
    }
}

/// The changes, the last one last.
#[derive(Default)]
pub(crate) struct Journal {
    changes: Vec<Undo>,
    /// Up to where a mark was set: what is noted later stays apart from what came before.
    marked: usize,
}

impl Journal {
    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Where the journal stands now, to come back to.
    pub(crate) fn mark(&mut self) -> usize {
        self.marked = self.changes.len();
        self.marked
    }

    /// Notes a change.
    pub(crate) fn push(&mut self, undo: Undo) {
        self.changes.push(undo);
    }

    /// Notes the change of a row. Rows are added, written and changed in their order, and mostly alike: one note is enough
    /// for those.
    pub(crate) fn push_row(&mut self, node: Node, before: Before) {
        if !self.extend_last(node, |last| *last == before) {
            self.push(Undo::row(node, before));
        }
    }

    /// Notes that an added row was written, without a box for each of those that are alike.
    pub(crate) fn push_arrived(&mut self, node: Node, open: Option<Open>, version: Option<u32>) {
        let is_alike = |last: &Before| matches!(last, Before::Added { open: other, version: of } if *of == version && other.as_deref() == open.as_ref());
        if !self.extend_last(node, is_alike) {
            self.push(Undo::row(node, Before::Added { open: open.map(Box::new), version }));
        }
    }

    /// Extends the last note by the row, if that follows and was alike.
    fn extend_last(&mut self, node: Node, is_alike: impl FnOnce(&Before) -> bool) -> bool {
        let Some(Undo::Rows { first, count, before }) = self.changes[self.marked..].last_mut() else { return false };
        let follows = node.chunk == first.chunk && node.row.checked_sub(*count) == Some(first.row);
        if !follows || !is_alike(before) {
            return false;
        }
        *count += 1;
        true
    }

    /// Takes the last change after a mark.
    pub(crate) fn pop_after(&mut self, mark: usize) -> Option<Undo> {
        if self.changes.len() <= mark {
            return None;
        }
        let undo = self.changes.pop();
        self.marked = self.marked.min(self.changes.len());
        undo
    }

    /// Forgets what came after a mark.
    pub(crate) fn truncate(&mut self, mark: usize) {
        self.changes.truncate(mark);
        self.marked = self.marked.min(mark);
    }

    /// What a flush wrote is committed: keeps what it did not write, after these.
    pub(crate) fn keep_unwritten(&mut self, first: Vec<Undo>, Flushed { collected, settling, settled }: Flushed) {
        let mut changes = std::mem::replace(&mut self.changes, first);
        let after = changes.split_off(settled.min(changes.len()));
        changes.truncate(settling);
        self.changes.extend(changes.drain(collected.min(changes.len())..));
        self.changes.extend(after);
        self.marked = 0;
    }
}

/// Where a flush stands in the journal: what came between collecting and settling, and after settling, it did not write.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Flushed {
    pub(crate) collected: usize,
    pub(crate) settling: usize,
    pub(crate) settled: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(journal: &mut Journal, mark: usize) -> Vec<(u32, u32)> {
        let mut rows = Vec::new();
        while let Some(Undo::Rows { first, count, .. }) = journal.pop_after(mark) {
            rows.push((first.row, count));
        }
        rows
    }

    fn push(journal: &mut Journal, row: u32) {
        journal.push_row(Node { chunk: 0, row }, Before::Version(None));
    }

    #[test]
    fn rows_that_change_alike_in_their_order_are_one_change() {
        let mut journal = Journal::default();
        [3, 4, 5, 7, 6].into_iter().for_each(|row| push(&mut journal, row));
        journal.push_row(Node { chunk: 1, row: 7 }, Before::Version(None));
        journal.push_row(Node { chunk: 1, row: 8 }, Before::State(State::Pending));
        assert_eq!(rows(&mut journal, 0), [(8, 1), (7, 1), (6, 1), (7, 1), (3, 3)]);
    }

    #[test]
    fn what_comes_after_a_mark_stays_apart() {
        let mut journal = Journal::default();
        push(&mut journal, 0);
        let outer = journal.mark();
        push(&mut journal, 1);
        push(&mut journal, 2);
        let inner = journal.mark();
        push(&mut journal, 3);
        assert_eq!(rows(&mut journal, inner), [(3, 1)]);
        push(&mut journal, 3);
        assert_eq!(rows(&mut journal, outer), [(3, 1), (1, 2)]);
        push(&mut journal, 1);
        journal.truncate(outer);
        push(&mut journal, 1);
        assert_eq!(rows(&mut journal, outer), [(1, 1)]);
        assert_eq!(rows(&mut journal, 0), [(0, 1)]);
    }
}
