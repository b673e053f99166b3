//! Which entities the rows of a result are: those of an earlier result one behind the other, else by the index.
use super::{Arena, identity::Index};
use crate::{
    model::{Batch, Node},
    value::Key,
};

/// The chunk number that stands for a place among the new rows of the result at hand.
pub(super) const NEW: u32 = u32::MAX;

/// The entities of the rows of a result, as they are found.
pub(super) struct Found<'b> {
    batch: &'b dyn Batch,
    columns: &'static [u16],
    pub(super) nodes: Vec<Node>,
    /// The rows that are new; places among them stand for their entities.
    pub(super) fresh: Vec<usize>,
}

impl<'b> Found<'b> {
    pub(super) fn new(batch: &'b dyn Batch, columns: &'static [u16]) -> Self {
        Self { batch, columns, nodes: Vec::with_capacity(batch.len()), fresh: Vec::new() }
    }

    /// The first row of which nothing is known yet.
    pub(super) fn next(&self) -> Option<usize> {
        (self.nodes.len() < self.batch.len()).then_some(self.nodes.len())
    }

    fn key(&self, row: usize) -> Key {
        self.batch.key(row, self.columns)
    }

    /// Finds rows by their keys, up to the first one that is in memory: others may follow it there.
    pub(super) fn look_up(&mut self, index: &mut Index, row: usize) {
        for row in row..self.batch.len() {
            // A duplicate within this result stands for a place among the new rows.
            let new = Node { chunk: NEW, row: self.fresh.len() as u32 };
            let node = *index.nodes.get_or_insert(&self.key(row), new);
            self.nodes.push(node);
            if node == new {
                self.fresh.push(row);
            } else if node.chunk != NEW {
                return;
            }
        }
    }

    pub(super) fn follow_last(&mut self, arena: &Arena) {
        if let Some(Node { chunk, row }) = self.nodes.last().copied().filter(|last| last.chunk != NEW) {
            self.follow(arena, Node { chunk, row: row + 1 });
        }
    }

    /// Finds rows where an earlier result had them in the same order. That needs no index.
    pub(super) fn follow(&mut self, arena: &Arena, from: Node) {
        let mut node = from;
        while self.next().is_some_and(|row| arena.is_unaltered(node, &self.key(row), self.columns)) {
            self.nodes.push(node);
            node.row += 1;
        }
    }
}
