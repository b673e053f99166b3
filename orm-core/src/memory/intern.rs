//! Rows of a result become entities: one per key, the freshest version as the rules say.
use super::{Locked, Nodes, State, graph::UNVERIFIED, journal::Undo};
use crate::{
    error::Result,
    model::{Batch, Node, Rows},
    schema::Table,
};

/// What a row does to an entity that is already in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// It replaces what an earlier transaction read.
    ByTransaction,
    /// It always replaces a clean entity, and also discards changes.
    Force,
}

/// From this number of rows on a result is kept as a chunk of its own.
const OWN_CHUNK: usize = 64;

impl Locked<'_> {
    /// Takes the rows of a result into memory and tells the entity of each. `unique`: no row occurs twice.
    pub(crate) fn intern(
        &mut self,
        table: &'static Table,
        batch: Box<dyn Batch>,
        unique: bool,
        freshness: Freshness,
    ) -> Result<Nodes> {
        let epoch = self.graph.epoch;
        let arena = self.arena;
        let model = self.graph.model(arena, table);
        if unique && model.is_empty() {
            // A look-up that found nothing made them; they are made again when they are needed.
            model.indexes.clear();
            return self.adopt(table, batch, epoch);
        }
        let columns = table.primary_key;
        let rows = batch.len();
        let mut nodes: Vec<Option<Node>> = Vec::with_capacity(rows);
        let mut fresh = Vec::new();
        for row in 0..rows {
            let key = batch.key(row, columns);
            let index = self.index(table, columns);
            match index.nodes.get(&key).copied() {
                // A duplicate within this result stands for a place among the new rows.
                Some(node) if node.chunk == NEW => nodes.push(Some(node)),
                Some(node) => {
                    nodes.push(Some(node));
                    self.meet(node, batch_rows(batch.as_ref()), row, freshness)?;
                }
                None => {
                    let node = Node { chunk: NEW, row: fresh.len() as u32 };
                    index.nodes.insert(key, node);
                    nodes.push(Some(node));
                    fresh.push(row);
                }
            }
        }
        let added = self.adopt_part(table, batch, &fresh, epoch)?;
        Ok(Nodes::List(nodes.into_iter().flatten().filter_map(|node| resolve(node, &added)).collect()))
    }

    /// Takes all rows, of which none is known.
    fn adopt(&mut self, table: &'static Table, batch: Box<dyn Batch>, epoch: u32) -> Result<Nodes> {
        let len = batch.len() as u32;
        let arena = self.arena;
        let nodes = if (len as usize) < OWN_CHUNK {
            self.absorb(table, batch, epoch)?
        } else {
            let model = self.graph.model(arena, table);
            let chunk = arena.adopt(table, batch.into_rows(), model.growing, epoch);
            model.chunks.push(chunk);
            Nodes::Run { chunk, start: 0, len }
        };
        self.note_tentative(&nodes);
        Ok(nodes)
    }

    /// Moves a few rows into the growing chunk.
    fn absorb(&mut self, table: &'static Table, batch: Box<dyn Batch>, epoch: u32) -> Result<Nodes> {
        let arena = self.arena;
        let model = self.graph.model(arena, table);
        let growing = model.growing;
        let range = arena.growing_rows(growing).absorb(batch)?;
        arena.fill_slots(growing, range.end);
        for row in range.clone() {
            arena.slot(Node { chunk: growing, row: row as u32 }).set_epoch(epoch);
            model.singles.push(row as u32);
        }
        Ok(Nodes::Run { chunk: growing, start: range.start as u32, len: range.len() as u32 })
    }

    /// Takes the rows at those positions, enters them into the indexes, and tells their entities.
    fn adopt_part(
        &mut self,
        table: &'static Table,
        mut batch: Box<dyn Batch>,
        rows: &[usize],
        epoch: u32,
    ) -> Result<Nodes> {
        if rows.len() < batch.len() {
            let mut next = rows.iter().peekable();
            batch.retain(&mut |row| next.next_if_eq(&&row).is_some());
        }
        let nodes = self.adopt(table, batch, epoch)?;
        let arena = self.arena;
        for index in &mut self.graph.model(arena, table).indexes {
            for node in nodes.iter() {
                let (rows, row) = arena.current(node);
                index.nodes.insert(rows.key(row, index.columns), node);
            }
        }
        Ok(nodes)
    }

    fn note_tentative(&mut self, nodes: &Nodes) {
        if self.graph.written {
            for node in nodes.iter() {
                self.graph.record(Undo::Tentative { node });
            }
        }
    }

    /// A row of an entity that is in memory.
    fn meet(&mut self, node: Node, rows: &dyn Rows, row: usize, freshness: Freshness) -> Result<()> {
        let epoch = self.arena.epoch(node);
        let newer = epoch == UNVERIFIED || epoch < self.graph.epoch;
        if !(newer || freshness == Freshness::Force) || self.arena.state(node) == State::Deleting {
            return Ok(());
        }
        if freshness == Freshness::Force {
            self.forget_changes(node);
        }
        self.renew(node, rows, row)?;
        self.arena.slot(node).set_epoch(self.graph.epoch);
        Ok(())
    }

    fn forget_changes(&mut self, node: Node) {
        // Its place among the changed rows goes with the next flush.
        self.graph.base.remove(&node);
    }

    /// What the database has replaces what it had; columns changed in memory keep their values.
    fn renew(&mut self, node: Node, rows: &dyn Rows, row: usize) -> Result<()> {
        let arena = self.arena;
        let changed = self.changed(node);
        let base = self.graph.base.get(&node).copied();
        let (old, old_row) = arena.version(node, base.unwrap_or_else(|| arena.slot(node).current()));
        let mut differs = rows.difference(row, old, old_row);
        for column in differs.iter() {
            if !rows.is_loaded(row, column) {
                differs = differs.without(column);
            }
        }
        if differs.is_empty() {
            return Ok(());
        }
        let growing = arena.growing(node);
        let version = growing.push_merged((old, old_row), (rows, row), differs)?;
        let Some(_) = base else {
            self.leave_changed(node, arena.slot(node).current(), differs);
            self.publish(node, version);
            self.enter_changed(node, differs);
            return Ok(());
        };
        arena.fill_slots(arena.growing_chunk(node), version + 1);
        self.graph.base.insert(node, Some(version as u32));
        let (current, current_row) = arena.current(node);
        let merged = growing.push_merged(arena.version(node, Some(version as u32)), (current, current_row), changed)?;
        self.publish(node, merged);
        Ok(())
    }
}

/// The chunk number that stands for a place among the new rows of the result at hand.
const NEW: u32 = u32::MAX;

fn resolve(node: Node, added: &Nodes) -> Option<Node> {
    if node.chunk == NEW { added.get(node.row as usize) } else { Some(node) }
}

fn batch_rows(batch: &dyn Batch) -> &dyn Rows {
    batch
}
