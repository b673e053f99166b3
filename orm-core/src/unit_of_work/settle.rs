//! What was written becomes what memory takes the database to have.
use super::{
    execute::Executed,
    plan::{Delete, Insert, Plan, Source, Step, Update, Written},
};
use crate::{
    error::{Error, Result},
    memory::{Edge, Locked, Reference, State},
    model::{ColumnSet, Node},
    schema::Table,
    value::{Key, Value},
};
use std::collections::HashMap;

/// Takes over the result of a plan. What changed in memory while it ran stays changed.
pub(crate) fn settle(graph: &mut Locked<'_>, plan: &Plan, executed: &Executed, links: usize) -> Result<()> {
    let mut settling = Settling { graph, executed, versions: HashMap::new() };
    for step in &plan.steps {
        match step {
            Step::Insert(insert) => settling.inserted(insert)?,
            Step::Update(update) => settling.updated(update)?,
            Step::Delete(delete) => settling.deleted(delete),
            Step::Link(_) => {}
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

struct Settling<'a, 'm> {
    graph: &'a mut Locked<'m>,
    executed: &'a Executed,
    /// The versions that an earlier step of the same plan settled; the plan knew only those before it.
    versions: HashMap<Node, Option<u32>>,
}

impl Settling<'_, '_> {
    fn inserted(&mut self, insert: &Insert) -> Result<()> {
        for row in &insert.rows {
            let mut changes = self.executed.made.get(&row.node).cloned().unwrap_or_default();
            if insert.connect.is_some() {
                self.connected(row, &changes)?;
                continue;
            }
            changes.extend(self.filled((insert.table, &insert.columns), row)?);
            self.graph.set_state(row.node, State::Persistent);
            self.graph.close(row.node);
            let epoch = self.graph.graph.epoch;
            self.graph.arena.slot(row.node).set_epoch(epoch);
            self.take_over(row, &changes)?;
            self.graph.enter(row.node);
            drop_links(self.graph, row.node, insert.table);
        }
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
        self.take_over(row, changes)?;
        self.graph.enter(node);
        self.graph.follow_stored(node, before);
        Ok(())
    }

    fn updated(&mut self, update: &Update) -> Result<()> {
        let columns: ColumnSet = update.columns.iter().copied().collect();
        for row in &update.rows {
            let changes = self.filled((update.table, &update.columns), row)?;
            let before = self.graph.graph.base.get(&row.node).copied();
            if let Some(before) = before {
                self.graph.leave_changed(row.node, before, columns);
            }
            self.take_over(row, &changes)?;
            if before.is_some() {
                self.graph.enter_changed(row.node, columns);
            }
            drop_links(self.graph, row.node, update.table);
        }
        Ok(())
    }

    fn deleted(&mut self, delete: &Delete) {
        for row in &delete.rows {
            let version = self.graph.arena.slot(row.node).current();
            // It stands in the indexes under what the database had.
            let stored = self.graph.graph.base.remove(&row.node).unwrap_or(version);
            self.graph.leave(row.node, stored);
            self.graph.set_state(row.node, State::Deleted);
        }
    }

    /// The columns that memory did not have: keys of rows that were added, whoever made them.
    fn filled(&self, (table, columns): (&'static Table, &[u16]), row: &Written) -> Result<Vec<(u16, Value)>> {
        let graph = &*self.graph;
        let linked = |edge: &Edge| matches!(graph.graph.links.get(&(row.node, edge.columns)), Some(Reference::To(_)));
        let linked: Vec<Edge> = graph.edges(table).into_iter().filter(linked).collect();
        let is_filled = |column: u16, source: &Source| {
            matches!(source, Source::Inserted { .. }) || linked.iter().any(|edge| edge.columns.contains(&column))
        };
        let filled = columns.iter().zip(&row.values).filter(|(column, source)| is_filled(**column, source));
        filled.map(|(column, source)| Ok((*column, self.executed.resolve(source)?))).collect()
    }

    /// Applies what the database made to the row, and makes the planned version the one that the database has.
    fn take_over(&mut self, row: &Written, changes: &[(u16, Value)]) -> Result<()> {
        let planned = self.versions.get(&row.node).copied().unwrap_or(row.version);
        let moved = self.graph.arena.slot(row.node).current() != planned;
        let settled = self.graph.version_with(row.node, planned, changes)?;
        self.versions.insert(row.node, settled);
        if moved {
            self.graph.graph.base.insert(row.node, settled);
            self.graph.graph.dirty.push(row.node);
            return if changes.is_empty() { Ok(()) } else { self.graph.rewrite(row.node, changes) };
        }
        self.graph.graph.base.remove(&row.node);
        if let Some(version) = settled.filter(|_| settled != planned) {
            self.graph.publish(row.node, version as usize);
        }
        Ok(())
    }
}

/// References to rows that were pending are told by the key from now on.
fn drop_links(graph: &mut Locked<'_>, node: Node, table: &'static Table) {
    for edge in graph.edges(table) {
        let Some(Reference::To(parent)) = graph.graph.links.get(&(node, edge.columns)).copied() else { continue };
        if graph.arena.state(parent) == State::Persistent && graph.names(node, &edge, parent) {
            graph.set_link(node, edge.columns, None);
        }
    }
}
