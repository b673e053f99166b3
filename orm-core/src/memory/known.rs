//! Rows of a result that memory has as they are: while the result comes in they are known by their keys, and are not decoded.
use super::{Freshness, Locked, Memory, Nodes, State, found::NEW, graph::UNVERIFIED, identity::has_row};
use crate::{
    error::Result,
    model::{Batch, Node, Rows},
    schema::{Table, id},
    value::Key,
};
use std::sync::Arc;

/// After so many rows in turn that nobody knew, the others are taken for new.
const STRANGE: u32 = 32;

/// But for one of so many, in case that those that are known come last.
const SAMPLE: u32 = 16;

/// Knows rows of one model by their keys. Those that it does not know may be in memory all the same.
pub(crate) struct Known {
    memory: Arc<Memory>,
    table: &'static Table,
    epoch: u32,
    /// The entity of the row that comes next, if the result is like an earlier one.
    next: Option<Node>,
    /// The rows since the last one that was known.
    strange: u32,
}

impl Known {
    /// None where no row of the model is in memory, or where memory may have to take something from rows that it has.
    pub(crate) fn new(memory: &Arc<Memory>, table: &'static Table, freshness: Freshness) -> Option<Self> {
        if freshness != Freshness::ByTransaction {
            return None;
        }
        let Locked { graph, .. } = memory.graph();
        let model = graph.models.get(&id(table)).filter(|model| !model.is_empty())?;
        let next = model.chunks.last().map(|chunk| Node { chunk: *chunk, row: 0 });
        Some(Self { memory: Arc::clone(memory), table, epoch: graph.epoch, next, strange: 0 })
    }

    /// Whether to ask for the next row.
    pub(crate) fn asks(&mut self) -> bool {
        let asks = self.strange < STRANGE || self.strange.is_multiple_of(SAMPLE);
        self.strange = self.strange.wrapping_add(u32::from(!asks));
        asks
    }

    /// The entity of the row with this key, if it is in memory and the row would change nothing about it. `is_same` compares
    /// the row with one in memory.
    pub(crate) fn entity(&mut self, key: &Key, is_same: impl FnOnce(&dyn Rows, usize) -> bool) -> Option<Node> {
        let found = self.follow(key).or_else(|| self.look_up(key));
        self.strange = if found.is_some() { 0 } else { self.strange.wrapping_add(1) };
        let node = found?;
        self.next = Some(Node { row: node.row + 1, ..node });
        self.stays(node, is_same).then_some(node)
    }

    /// Needs neither lock nor index.
    fn follow(&self, key: &Key) -> Option<Node> {
        self.next.filter(|node| self.memory.arena.is_unaltered(*node, key, self.table.primary_key))
    }

    fn look_up(&self, key: &Key) -> Option<Node> {
        self.memory.graph().find(self.table, self.table.primary_key, key)
    }

    fn stays(&self, node: Node, is_same: impl FnOnce(&dyn Rows, usize) -> bool) -> bool {
        let seen = self.memory.arena.epoch(node);
        if self.memory.arena.state(node) == State::Deleting || (seen != UNVERIFIED && seen >= self.epoch) {
            return true;
        }
        let version = self.memory.graph().stored_version(node);
        let (rows, row) = self.memory.arena.version(node, version);
        is_same(rows, row)
    }
}

/// The entity of each row of a result, of which some were known while it came in.
#[derive(Default)]
pub(crate) struct Places(Vec<Node>);

impl Places {
    /// Whether no row was known.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of rows, of which so many were decoded.
    pub(crate) fn len(&self, decoded: usize) -> usize {
        if self.0.is_empty() { decoded } else { self.0.len() }
    }

    /// The next row was decoded, behind so many others.
    pub(crate) fn push_decoded(&mut self, decoded: usize) {
        if !self.0.is_empty() {
            self.0.push(decoded_at(decoded));
        }
    }

    /// The next row was known; so many others were decoded.
    pub(crate) fn push_known(&mut self, node: Node, decoded: usize) {
        if self.0.is_empty() {
            self.0.extend((0..decoded).map(decoded_at));
        }
        self.0.push(node);
    }
}

fn decoded_at(row: usize) -> Node {
    Node { chunk: NEW, row: row as u32 }
}

impl Locked<'_> {
    /// Takes a result into memory of which only the rows that were not known were decoded.
    pub(crate) fn intern_among(
        &mut self,
        table: &'static Table,
        decoded: Box<dyn Batch>,
        (places, unique): (Places, bool),
        freshness: Freshness,
    ) -> Result<Nodes> {
        if places.is_empty() {
            return self.intern(table, decoded, unique, freshness);
        }
        let decoded = if decoded.is_empty() { None } else { Some(self.intern(table, decoded, false, freshness)?) };
        let mut nodes = places.0;
        for node in &mut nodes {
            *node = match &decoded {
                Some(decoded) if node.chunk == NEW => decoded.get(node.row as usize).unwrap_or(*node),
                _ => self.meet_known(*node)?,
            };
        }
        Ok(Nodes::of(&nodes))
    }

    /// A row was met that an entity has in memory. If that left while the result came in, it has another entity now.
    fn meet_known(&mut self, node: Node) -> Result<Node> {
        let state = self.arena.state(node);
        if !has_row(state) {
            return self.copy_of(node);
        }
        let seen = self.arena.epoch(node);
        if state != State::Deleting && (seen == UNVERIFIED || seen < self.graph.epoch) {
            self.see(node);
        }
        Ok(node)
    }

    fn copy_of(&mut self, node: Node) -> Result<Node> {
        let table = self.arena.table(node);
        let mut copy = (table.operations.batch)(1);
        let (rows, row) = self.stored_row(node);
        copy.push_copy(rows, row);
        let nodes = self.intern(table, copy, false, Freshness::ByTransaction)?;
        Ok(nodes.get(0).unwrap_or(node))
    }
}
