//! Typed changes of one entity: a copy, changed without a lock, then published and merged with what happened meanwhile.
use super::{Edge, Locked, Memory, State, journal::Undo};
use crate::{
    error::Result,
    model::{ColumnSet, Growing, Node, Record, typed},
};
use append_only_vec::AppendOnlyVec;

impl Memory {
    /// Runs a closure on a copy of the row and publishes what it changed. `assigned`: a column that was named.
    pub(crate) fn update<M: Record, R>(
        &self,
        node: Node,
        assigned: Option<u16>,
        change: impl FnOnce(&mut M) -> R,
    ) -> Result<R> {
        let before = self.arena.current_version(node);
        let (rows, row) = self.arena.version(node, before);
        let mut copy = typed::<M>(rows, row).ok_or_else(super::wrong_model)?.copy();
        let result = change(&mut copy);
        let mut graph = self.graph();
        let version = append(self.arena.growing(node), copy)?;
        graph.merge_version(node, before, version)?;
        assigned.map_or(Ok(()), |column| graph.assigned(node, column))?;
        Ok(result)
    }
}

/// Appends a row to the model's own store.
pub(super) fn append<M: Record>(rows: &dyn Growing, row: M) -> Result<usize> {
    let rows = rows.as_any().downcast_ref::<AppendOnlyVec<M>>().ok_or_else(super::wrong_model)?;
    Ok(rows.push(row))
}

impl Locked<'_> {
    /// Publishes a changed copy. If the row moved since the copy was made, only the columns that the copy changed are
    /// applied to what it is now.
    pub(crate) fn merge_version(&mut self, node: Node, before: Option<u32>, version: usize) -> Result<()> {
        let arena = self.arena;
        let growing = arena.growing_chunk(node);
        let copy = (arena.growing_rows(growing), version);
        let (old, old_row) = arena.version(node, before);
        let changed = copy.0.difference(version, old, old_row);
        if changed.is_empty() {
            return Ok(());
        }
        self.touch(node);
        let moved = arena.current_version(node) != before;
        let version = if moved {
            let current = arena.current(node);
            arena.growing_rows(growing).push_merged(current, (copy.0, copy.1), changed)?
        } else {
            version
        };
        let previous = self.targets_over(node, changed);
        self.publish(node, version);
        if matches!(arena.state(node), State::Pending | State::Transient) {
            self.note_given(node, changed);
        }
        for (edge, target) in previous {
            self.key_changed(node, edge, target)?;
        }
        Ok(())
    }

    /// What the references over changed key columns lead to, before the change is seen.
    fn targets_over(&mut self, node: Node, changed: ColumnSet) -> Vec<(Edge, super::Target)> {
        let touched = |edge: &Edge| edge.columns.iter().any(|column| changed.has(*column));
        let edges: Vec<Edge> = self.edges(self.arena.table(node)).into_iter().filter(touched).collect();
        edges.into_iter().map(|edge| (edge, self.target(node, &edge))).collect()
    }

    /// Columns that were assigned on an added row count as given.
    fn note_given(&mut self, node: Node, changed: ColumnSet) {
        let graph = &mut *self.graph;
        graph.open.change(&node, |open| open.note_given(changed));
        if let Some(open) = graph.retired.get_mut(&node) {
            open.note_given(changed);
        }
    }

    /// A column was assigned by hand. If it is of a key, that is the last word, even where the column had that value while
    /// the relationship led elsewhere.
    fn assigned(&mut self, node: Node, column: u16) -> Result<()> {
        if self.graph.links.is_empty() {
            return Ok(());
        }
        for edge in self.edges(self.arena.table(node)) {
            if edge.columns.contains(&column) && self.graph.links.contains_key(&(node, edge.columns)) {
                let previous = self.target(node, &edge);
                self.key_changed(node, edge, previous)?;
            }
        }
        Ok(())
    }

    /// A key column was changed by hand: the entity moves from its old parent to the one that the key now names.
    fn key_changed(&mut self, node: Node, edge: Edge, previous: super::Target) -> Result<()> {
        if let Some(target) = self.graph.links.remove(&(node, edge.columns)) {
            self.graph.record(Undo::Link { node, edge: edge.columns, target: Some(target) });
        }
        self.graph.dangling.remove(&(node, edge.columns));
        let now = self.target(node, &edge);
        if now == previous {
            return Ok(());
        }
        self.lose_target(&edge, &previous);
        self.note_owner(node, &edge, &now);
        self.moved(node, &edge, (&previous, &now));
        Ok(())
    }
}
