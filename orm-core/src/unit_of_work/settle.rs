//! What was written becomes what memory takes the database to have.
use super::{
    execute::{Done, Executed, Filled},
    plan::{Delete, Insert, Part, Plan, Step, Update},
    renamed,
};
use crate::{
    error::{Error, Result},
    fast::HashMap,
    memory::{Edge, Locked, Reference, State},
    model::{ColumnSet, Node},
    schema::Table,
    value::{Key, Value},
};

/// Takes over the result of a plan. What changed in memory while it ran stays changed.
pub(crate) fn settle(graph: &mut Locked<'_>, plan: &Plan, executed: &Executed, links: usize) -> Result<()> {
    let renamed = renamed::of_plan(graph, &plan.steps);
    let versions = (plan.steps.len() > 1).then(HashMap::default);
    let mut settling = Settling { graph, versions };
    for (step, done) in plan.steps.iter().zip(&executed.steps) {
        match step {
            Step::Insert(insert) => settling.inserted(insert, done)?,
            Step::Update(update) => settling.updated(update, done)?,
            Step::Delete(delete) => settling.deleted(delete),
            Step::Link(_) => {}
        }
    }
    graph.cascade_keys(renamed)?;
    for step in &plan.steps {
        if let Step::Delete(delete) = step {
            deleted_along(graph, delete)?;
        }
    }
    graph.graph.link_changes.drain(..links);
    let arena = graph.arena;
    graph.graph.pending.retain(|node| arena.state(*node) == State::Pending);
    graph.graph.deleting.retain(|node| arena.state(*node) == State::Deleting);
    graph.forget_unchanged();
    graph.forget_written();
    graph.forget_connected();
    Ok(())
}

/// Rows in memory that the database deleted along with those of a step.
fn deleted_along(graph: &mut Locked<'_>, delete: &Delete) -> Result<()> {
    let deleted: Vec<Node> = delete.rows.iter().map(|row| row.node).collect();
    graph.deleted_along(delete.table, &deleted)
}

/// A row and the version of it that was planned.
type Planned = (Node, Option<u32>);

/// Those that belong to a row of the step, and the rest of them.
fn of_row<'f>(filled: &mut &'f [Filled], row: usize) -> &'f [Filled] {
    let (own, rest) = filled.split_at(filled.iter().take_while(|filled| filled.row == row).count());
    *filled = rest;
    own
}

struct Settling<'a, 'm> {
    graph: &'a mut Locked<'m>,
    /// The versions that an earlier step of the same plan settled; the plan knew only those before it. None if it has one
    /// step.
    versions: Option<HashMap<Node, Option<u32>>>,
}

impl<'m> Settling<'_, 'm> {
    fn inserted(&mut self, insert: &Insert, done: &Done) -> Result<()> {
        self.note_keys(insert.table, insert.names_parents);
        self.graph.graph.beside.note_inserted(insert.table.name);
        let mut filled = done.filled.as_slice();
        let mut changes: Vec<(u16, Value)> = Vec::new();
        for (place, row) in insert.rows.iter().enumerate() {
            let at = (row.node, row.version);
            changes.clear();
            changes.extend(done.made(place).map(|(column, value)| (column, value.clone())));
            if insert.connect.is_some() {
                self.connected(at, &changes)?;
                continue;
            }
            self.filled(insert.table, (row.node, of_row(&mut filled, place)), &mut changes);
            self.arrived(at, &changes)?;
        }
        Ok(())
    }

    /// An added entity has a row.
    fn arrived(&mut self, (node, version): Planned, changes: &[(u16, Value)]) -> Result<()> {
        let is_new = self.graph.arena.state(node) == State::Pending;
        if is_new {
            self.graph.arrive(node);
        }
        // What undoes the arrival of a row undoes its version too.
        let publish = if is_new { Locked::show } else { Locked::publish };
        let settled = self.take_over((node, version), changes, publish)?;
        self.graph.enter(node, settled);
        settle_links(self.graph, node, self.graph.arena.table(node));
        Ok(())
    }

    /// A row that was taken or added is what came back, whatever was given for it.
    fn connected(&mut self, (node, version): Planned, changes: &[(u16, Value)]) -> Result<()> {
        let table = self.graph.arena.table(node);
        let key = Key::of(table.primary_key.iter().map(|key| Key::from(&changes[usize::from(*key)].1)));
        if let Some(other) = self.graph.find(table, table.primary_key, &key) {
            let message = format!(
                "{} was given with `or_connect`, and is {}, which was loaded before it was written: use that entity",
                self.graph.name(node),
                self.graph.name(other),
            );
            return Err(Error::usage(message));
        }
        let before = self.graph.references(node);
        self.graph.set_state(node, State::Persistent);
        self.graph.close(node);
        let epoch = self.graph.graph.epoch;
        self.graph.arena.slot(node).set_epoch(epoch);
        let settled = self.take_over((node, version), changes, Locked::publish)?;
        self.graph.enter(node, settled);
        self.graph.follow_stored(node, before);
        Ok(())
    }

    fn updated(&mut self, update: &Update, done: &Done) -> Result<()> {
        match update.part {
            Part::Interim => return Ok(()),
            Part::Deleted => {
                update.rows.iter().for_each(|row| self.gone(row.node));
                return Ok(());
            }
            Part::All | Part::Some => {}
        }
        let columns: ColumnSet = update.columns.iter().copied().collect();
        self.note_keys(update.table, update.names_parents);
        let mut filled = done.filled.as_slice();
        let mut changes: Vec<(u16, Value)> = Vec::new();
        for (place, row) in update.rows.iter().enumerate() {
            let at = (row.node, row.version);
            changes.clear();
            self.filled(update.table, (row.node, of_row(&mut filled, place)), &mut changes);
            if let Some(old) = row.replaced {
                self.gone(old);
                self.arrived(at, &changes)?;
                continue;
            }
            let columns = match update.part {
                Part::All | Part::Interim | Part::Deleted => columns,
                Part::Some => columns.union(self.graph.changed(row.node)),
            };
            let before = self.graph.graph.base.get(&row.node).copied();
            if let Some(before) = before {
                self.graph.leave_changed(row.node, before, columns);
            }
            let settled = self.take_over(at, &changes, Locked::publish)?;
            if before.is_some() {
                self.graph.enter_changed(row.node, settled, columns);
            }
            settle_links(self.graph, row.node, update.table);
        }
        Ok(())
    }

    /// Rows whose parents were given by their keys may be members of collections that do not show them.
    fn note_keys(&mut self, table: &'static Table, names_parents: bool) {
        if names_parents && self.graph.graph.beside.knows_parents_of(table) {
            self.graph.graph.beside.note_by_key(table.name);
        }
    }

    fn deleted(&mut self, delete: &Delete) {
        delete.rows.iter().for_each(|row| self.gone(row.node));
    }

    /// A deleted entity has no row any more.
    fn gone(&mut self, node: Node) {
        let version = self.graph.arena.slot(node).current();
        // It stands in the indexes under what the database had.
        let stored = self.graph.graph.base.remove(&node).unwrap_or(version);
        self.graph.leave(node, stored);
        self.graph.set_state(node, State::Deleted);
    }

    /// Adds the columns that memory did not have: keys of rows that were added, whoever made them.
    fn filled(&self, table: &'static Table, (node, filled): (Node, &[Filled]), changes: &mut Vec<(u16, Value)>) {
        if filled.is_empty() {
            return;
        }
        let graph = &*self.graph;
        let edges = if graph.graph.links.is_empty() { Vec::new() } else { graph.edges(table) };
        let linked = |edge: &Edge| matches!(graph.graph.links.get(&(node, edge.columns)), Some(Reference::To(_)));
        let linked: Vec<Edge> = edges.into_iter().filter(linked).collect();
        let follows = |column: u16| linked.iter().any(|edge| edge.columns.contains(&column));
        let filled = filled.iter().filter(|filled| filled.made || follows(filled.column));
        changes.extend(filled.map(|filled| (filled.column, filled.value.clone())));
    }

    /// Applies what the database made to the row, and makes the planned version the one that the database has. Returns that
    /// version.
    fn take_over(
        &mut self,
        (node, version): Planned,
        changes: &[(u16, Value)],
        publish: fn(&mut Locked<'m>, Node, usize),
    ) -> Result<Option<u32>> {
        let earlier = self.versions.as_ref().and_then(|versions| versions.get(&node));
        let planned = earlier.copied().unwrap_or(version);
        let moved = self.graph.arena.slot(node).current() != planned;
        let settled = self.graph.version_with(node, planned, changes)?;
        if let Some(versions) = &mut self.versions {
            versions.insert(node, settled);
        }
        if moved {
            self.graph.graph.base.insert(node, settled);
            self.graph.graph.dirty.push(node);
            self.rewrite_unchanged(node, planned, changes)?;
            return Ok(settled);
        }
        self.graph.graph.base.remove(&node);
        if let Some(version) = settled.filter(|_| settled != planned) {
            publish(self.graph, node, version as usize);
        }
        Ok(settled)
    }

    /// Applies what the database made to a row that was changed meanwhile; what was changed stays.
    fn rewrite_unchanged(&mut self, node: Node, planned: Option<u32>, changes: &[(u16, Value)]) -> Result<()> {
        let arena = self.graph.arena;
        let ((rows, row), (old, old_row)) = (arena.current(node), arena.version(node, planned));
        let changed = rows.difference(row, old, old_row);
        let kept: Vec<(u16, Value)> = changes.iter().filter(|(column, _)| !changed.has(*column)).cloned().collect();
        if kept.is_empty() { Ok(()) } else { self.graph.rewrite(node, &kept) }
    }
}

/// References to rows that were pending are told by the key from now on. One that was set meanwhile is still to be written.
fn settle_links(graph: &mut Locked<'_>, node: Node, table: &'static Table) {
    if graph.graph.links.is_empty() {
        return;
    }
    for edge in graph.edges(table) {
        match graph.graph.links.get(&(node, edge.columns)).copied() {
            None => {}
            Some(Reference::To(parent))
                if graph.arena.state(parent) == State::Persistent && graph.names(node, &edge, parent) =>
            {
                graph.set_link(node, edge.columns, None);
            }
            Some(_) => graph.touch(node),
        }
    }
}
