//! What was written becomes what memory takes the database to have.
use super::{
    execute::Executed,
    plan::{Delete, Insert, Part, Plan, Source, Step, Update, Written},
    renamed,
};
use crate::{
    error::{Error, Result},
    fast::HashMap,
    memory::{Edge, Locked, Reference, State},
    model::{ColumnSet, Node},
    schema::Table,
    value::{Key, Value, is_null},
};

/// Takes over the result of a plan. What changed in memory while it ran stays changed.
pub(crate) fn settle(graph: &mut Locked<'_>, plan: &Plan, executed: &Executed, links: usize) -> Result<()> {
    let renamed = renamed::of_plan(graph, &plan.steps);
    let versions = (plan.steps.len() > 1).then(HashMap::default);
    let mut settling = Settling { graph, executed, versions };
    for step in &plan.steps {
        match step {
            Step::Insert(insert) => settling.inserted(insert)?,
            Step::Update(update) => settling.updated(update)?,
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

struct Settling<'a, 'm> {
    graph: &'a mut Locked<'m>,
    executed: &'a Executed,
    /// The versions that an earlier step of the same plan settled; the plan knew only those before it. None if it has one
    /// step.
    versions: Option<HashMap<Node, Option<u32>>>,
}

impl Settling<'_, '_> {
    fn inserted(&mut self, insert: &Insert) -> Result<()> {
        self.note_keys((insert.table, &insert.columns), &insert.rows);
        self.graph.graph.beside.note_inserted(insert.table.name);
        for row in &insert.rows {
            let made = self.executed.made.get(&row.node).map_or(&[][..], Vec::as_slice);
            if insert.connect.is_some() {
                self.connected(row, made)?;
                continue;
            }
            match self.filled((insert.table, &insert.columns), row)?.as_slice() {
                [] => self.arrived(row, made)?,
                filled => self.arrived(row, &[made, filled].concat())?,
            }
        }
        Ok(())
    }

    /// An added entity has a row.
    fn arrived(&mut self, row: &Written, changes: &[(u16, Value)]) -> Result<()> {
        if self.graph.arena.state(row.node) == State::Pending {
            self.graph.set_state(row.node, State::Persistent);
            self.graph.close(row.node);
            let epoch = self.graph.graph.epoch;
            let slot = self.graph.arena.slot(row.node);
            slot.set_epoch(epoch);
            slot.set_inserted();
        }
        let settled = self.take_over(row, changes)?;
        self.graph.enter(row.node, settled);
        settle_links(self.graph, row.node, self.graph.arena.table(row.node));
        Ok(())
    }

    /// A row that was taken or added is what came back, whatever was given for it.
    fn connected(&mut self, row: &Written, changes: &[(u16, Value)]) -> Result<()> {
        let (node, table) = (row.node, self.graph.arena.table(row.node));
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
        let settled = self.take_over(row, changes)?;
        self.graph.enter(node, settled);
        self.graph.follow_stored(node, before);
        Ok(())
    }

    fn updated(&mut self, update: &Update) -> Result<()> {
        match update.part {
            Part::Interim => return Ok(()),
            Part::Deleted => {
                update.rows.iter().for_each(|row| self.gone(row.node));
                return Ok(());
            }
            Part::All | Part::Some => {}
        }
        let columns: ColumnSet = update.columns.iter().copied().collect();
        self.note_keys((update.table, &update.columns), &update.rows);
        for row in &update.rows {
            if let Some(old) = row.replaced {
                self.gone(old);
                self.arrived(row, &self.filled((update.table, &update.columns), row)?)?;
                continue;
            }
            let columns = match update.part {
                Part::All | Part::Interim | Part::Deleted => columns,
                Part::Some => columns.union(self.graph.changed(row.node)),
            };
            let changes = self.filled((update.table, &update.columns), row)?;
            let before = self.graph.graph.base.get(&row.node).copied();
            if let Some(before) = before {
                self.graph.leave_changed(row.node, before, columns);
            }
            let settled = self.take_over(row, &changes)?;
            if before.is_some() {
                self.graph.enter_changed(row.node, settled, columns);
            }
            settle_links(self.graph, row.node, update.table);
        }
        Ok(())
    }

    /// Rows whose parents were given by their keys may be members of collections that do not show them.
    fn note_keys(&mut self, (table, columns): (&'static Table, &[u16]), rows: &[Written]) {
        if !self.graph.graph.beside.knows_parents_of(table) {
            return;
        }
        let edges = self.graph.edges(table);
        let is_key = |column: &u16| edges.iter().any(|edge| edge.columns.contains(column));
        let keys: Vec<usize> = (0..columns.len()).filter(|place| is_key(&columns[*place])).collect();
        let given = |source: &Source| matches!(source, Source::Value(value) if !is_null(value));
        if rows.iter().any(|row| keys.iter().any(|place| given(&row.values[*place]))) {
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

    /// The columns that memory did not have: keys of rows that were added, whoever made them.
    fn filled(&self, (table, columns): (&'static Table, &[u16]), row: &Written) -> Result<Vec<(u16, Value)>> {
        let graph = &*self.graph;
        let edges = if graph.graph.links.is_empty() { Vec::new() } else { graph.edges(table) };
        let linked = |edge: &Edge| matches!(graph.graph.links.get(&(row.node, edge.columns)), Some(Reference::To(_)));
        let linked: Vec<Edge> = edges.into_iter().filter(linked).collect();
        let is_filled = |column: u16, source: &Source| {
            matches!(source, Source::Inserted { .. }) || linked.iter().any(|edge| edge.columns.contains(&column))
        };
        let filled = columns.iter().zip(&row.values).filter(|(column, source)| is_filled(**column, source));
        filled.map(|(column, source)| Ok((*column, self.executed.resolve(source)?))).collect()
    }

    /// Applies what the database made to the row, and makes the planned version the one that the database has. Returns that
    /// version.
    fn take_over(&mut self, row: &Written, changes: &[(u16, Value)]) -> Result<Option<u32>> {
        let earlier = self.versions.as_ref().and_then(|versions| versions.get(&row.node));
        let planned = earlier.copied().unwrap_or(row.version);
        let moved = self.graph.arena.slot(row.node).current() != planned;
        let settled = self.graph.version_with(row.node, planned, changes)?;
        if let Some(versions) = &mut self.versions {
            versions.insert(row.node, settled);
        }
        if moved {
            self.graph.graph.base.insert(row.node, settled);
            self.graph.graph.dirty.push(row.node);
            self.rewrite_unchanged(row.node, planned, changes)?;
            return Ok(settled);
        }
        self.graph.graph.base.remove(&row.node);
        if let Some(version) = settled.filter(|_| settled != planned) {
            self.graph.publish(row.node, version as usize);
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
