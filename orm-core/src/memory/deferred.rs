//! Columns that were left out of a load, and come later.
use super::Locked;
use crate::{
    error::Result,
    model::{ColumnSet, Node, Rows},
    value::Value,
};

impl Locked<'_> {
    /// Whether that column of a row is in memory.
    pub(crate) fn is_loaded(&self, node: Node, column: u16) -> bool {
        let (rows, row) = self.arena.current(node);
        rows.is_loaded(row, column)
    }

    /// Columns that were left out come from the database. What was set in memory stays as it is.
    pub(crate) fn fill_in(&mut self, node: Node, values: Vec<(u16, Value)>) -> Result<()> {
        let arena = self.arena;
        let stored = self.stored_version(node);
        let (rows, row) = arena.version(node, stored);
        let missing = lacking(rows, row, values);
        if missing.is_empty() {
            return Ok(());
        }
        let columns: ColumnSet = missing.iter().map(|(column, _)| *column).collect();
        let version = arena.growing(node).push_changed(rows, row, &missing)?;
        self.leave_changed(node, stored, columns);
        self.enter_changed(node, Some(version as u32), columns);
        if !self.graph.base.contains_key(&node) {
            self.publish(node, version);
            return Ok(());
        }
        arena.fill_slots(arena.growing_chunk(node), version + 1);
        self.graph.base.insert(node, Some(version as u32));
        self.fill_in_changed(node, missing)
    }

    /// The same for the version with the unwritten changes.
    fn fill_in_changed(&mut self, node: Node, values: Vec<(u16, Value)>) -> Result<()> {
        let (rows, row) = self.arena.current(node);
        let missing = lacking(rows, row, values);
        if missing.is_empty() {
            return Ok(());
        }
        let version = self.arena.growing(node).push_changed(rows, row, &missing)?;
        self.publish(node, version);
        Ok(())
    }
}

/// Those of the values that a row has not.
fn lacking(rows: &dyn Rows, row: usize, mut values: Vec<(u16, Value)>) -> Vec<(u16, Value)> {
    values.retain(|(column, _)| !rows.is_loaded(row, *column));
    values
}
