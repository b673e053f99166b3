//! Rows in chunks with stable addresses, readable without a lock.
use super::slot::{Slot, State};
use crate::{
    model::{Growing, Node, Record, Rows, typed},
    schema::Table,
    value::Key,
};
use append_only_vec::AppendOnlyVec;
use std::sync::OnceLock;

/// All rows of a session. Chunks are only ever appended.
#[derive(Default)]
pub(crate) struct Arena {
    chunks: AppendOnlyVec<Chunk>,
}

/// Rows of one model that came together, or one by one.
pub(crate) struct Chunk {
    pub(crate) table: &'static Table,
    store: Store,
    /// The model's growing chunk, which holds the later versions of all its rows.
    growing: u32,
    /// When the rows were read.
    epoch: u32,
}

enum Store {
    /// The rows of one result, as it was decoded, and their slots, made when the first of them is needed: most results are
    /// only read.
    Fixed(Box<dyn Rows>, OnceLock<Box<[Slot]>>),
    /// Single rows and versions, made when the first one comes.
    Growing(OnceLock<Box<Singles>>),
}

/// Each version has a slot too, which nobody looks at.
struct Singles {
    rows: Box<dyn Growing>,
    slots: AppendOnlyVec<Slot>,
}

impl Singles {
    fn new(table: &'static Table) -> Box<Self> {
        Box::new(Self { rows: (table.operations.growing)(), slots: AppendOnlyVec::new() })
    }
}

impl Arena {
    /// Appends a growing chunk for a model.
    pub(crate) fn grow(&self, table: &'static Table) -> u32 {
        let store = Store::Growing(OnceLock::new());
        // The chunk's own number is the next one: chunks are appended under the graph's lock only.
        let growing = self.chunks.len() as u32;
        self.chunks.push(Chunk { table, store, growing, epoch: 0 }) as u32
    }

    /// Appends the rows of a result.
    pub(crate) fn adopt(&self, table: &'static Table, rows: Box<dyn Rows>, growing: u32, epoch: u32) -> u32 {
        let store = Store::Fixed(rows, OnceLock::new());
        self.chunks.push(Chunk { table, store, growing, epoch }) as u32
    }

    pub(crate) fn chunk(&self, chunk: u32) -> &Chunk {
        &self.chunks[chunk as usize]
    }

    pub(crate) fn table(&self, node: Node) -> &'static Table {
        self.chunk(node.chunk).table
    }

    /// A row's slot, to change it. To read what it says, no slot has to be there.
    pub(crate) fn slot(&self, node: Node) -> &Slot {
        self.chunk(node.chunk).slot(node.row)
    }

    fn made_slot(&self, node: Node) -> Option<&Slot> {
        self.chunk(node.chunk).made_slot(node.row)
    }

    pub(crate) fn state(&self, node: Node) -> State {
        self.made_slot(node).map_or(State::Persistent, Slot::state)
    }

    /// The number of the current version of a row; `None` for the row itself.
    pub(crate) fn current_version(&self, node: Node) -> Option<u32> {
        self.made_slot(node).and_then(Slot::current)
    }

    /// Whether the session inserted the row in that epoch.
    pub(crate) fn is_inserted_in(&self, node: Node, epoch: u32) -> bool {
        self.made_slot(node).is_some_and(|slot| slot.is_inserted_in(epoch))
    }

    /// When the row was last seen in a result.
    pub(crate) fn epoch(&self, node: Node) -> u32 {
        let chunk = self.chunk(node.chunk);
        match chunk.made_slot(node.row).map_or(0, Slot::epoch) {
            0 => chunk.epoch,
            epoch => epoch,
        }
    }

    /// Where the current version of a row is.
    pub(crate) fn current(&self, node: Node) -> (&dyn Rows, usize) {
        let chunk = self.chunk(node.chunk);
        self.version_of(chunk, node.row, chunk.made_slot(node.row).and_then(Slot::current))
    }

    /// Where that version of a row is.
    pub(crate) fn version(&self, node: Node, version: Option<u32>) -> (&dyn Rows, usize) {
        self.version_of(self.chunk(node.chunk), node.row, version)
    }

    fn version_of<'a>(&'a self, chunk: &'a Chunk, row: u32, version: Option<u32>) -> (&'a dyn Rows, usize) {
        match version {
            None => (chunk.rows(), row as usize),
            Some(row) => (self.chunk(chunk.growing).rows(), row as usize),
        }
    }

    /// Whether that row of a result has this primary key in memory and, with it, in the database.
    pub(crate) fn is_unaltered(&self, node: Node, key: &Key, columns: &[u16]) -> bool {
        let Store::Fixed(rows, slots) = &self.chunk(node.chunk).store else { return false };
        let row = node.row as usize;
        let is_clean = row < rows.len() && slots.get().is_none_or(|slots| slots[row].is_clean());
        is_clean && rows.key(row, columns) == *key
    }

    /// The current version of a row, as its model.
    pub(crate) fn row<M: Record>(&self, node: Node) -> Option<&M> {
        let (rows, row) = self.current(node);
        typed(rows, row)
    }

    /// The model's growing chunk and its rows.
    pub(crate) fn growing(&self, node: Node) -> &dyn Growing {
        self.growing_rows(self.chunk(node.chunk).growing)
    }

    pub(crate) fn growing_rows(&self, chunk: u32) -> &dyn Growing {
        self.chunk(chunk).singles().rows.as_ref()
    }

    /// The rows of a growing chunk, of a memory that nobody reads any more.
    pub(crate) fn into_growing(self, chunk: u32) -> Option<Box<dyn Growing>> {
        match self.chunks.into_vec().into_iter().nth(chunk as usize)?.store {
            Store::Growing(singles) => Some(singles.into_inner()?.rows),
            Store::Fixed(..) => None,
        }
    }

    /// Gives the rows of a growing chunk up to `rows` their slots. Called under the graph's lock.
    pub(crate) fn fill_slots(&self, chunk: u32, rows: usize) {
        let slots = &self.chunk(chunk).singles().slots;
        while slots.len() < rows {
            slots.push(Slot::default());
        }
    }

    /// The number of the model's growing chunk.
    pub(crate) fn growing_chunk(&self, node: Node) -> u32 {
        self.chunk(node.chunk).growing
    }
}

impl Chunk {
    pub(crate) fn rows(&self) -> &dyn Rows {
        match &self.store {
            Store::Fixed(rows, _) => rows.as_ref(),
            Store::Growing(_) => self.singles().rows.as_ref(),
        }
    }

    fn singles(&self) -> &Singles {
        match &self.store {
            Store::Growing(singles) => singles.get_or_init(|| Singles::new(self.table)),
            Store::Fixed(..) => unreachable!("only growing chunks are named as growing"),
        }
    }

    fn slot(&self, row: u32) -> &Slot {
        match &self.store {
            Store::Fixed(rows, slots) => &slots.get_or_init(|| clean(rows.len()))[row as usize],
            Store::Growing(_) => &self.singles().slots[row as usize],
        }
    }

    /// The slot of a row, if there may be something in it.
    fn made_slot(&self, row: u32) -> Option<&Slot> {
        match &self.store {
            Store::Fixed(_, slots) => slots.get().map(|slots| &slots[row as usize]),
            Store::Growing(_) => Some(&self.singles().slots[row as usize]),
        }
    }
}

fn clean(rows: usize) -> Box<[Slot]> {
    std::iter::repeat_with(Slot::default).take(rows).collect()
}
