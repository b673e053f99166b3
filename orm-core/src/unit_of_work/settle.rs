//! What was written becomes what memory takes the database to have.
use super::{
    execute::Executed,
    plan::{Delete, Insert, Plan, Source, Step, Update, Written},
};
use crate::{
    error::Result,
    memory::{Locked, State},
    model::{ColumnSet, Node},
    schema::Table,
    value::Value,
};

/// Takes over the result of a plan. What changed in memory while it ran stays changed.
pub(crate) fn settle(graph: &mut Locked<'_>, plan: &Plan, executed: &Executed, links: usize) -> Result<()> {
    for step in &plan.steps {
        match step {
            Step::Insert(insert) => inserted(graph, insert, executed)?,
            Step::Update(update) => updated(graph, update, executed)?,
            Step::Delete(delete) => deleted(graph, delete),
            Step::Link(_) => {}
        }
    }
    graph.graph.link_changes.drain(..links);
    let arena = graph.arena;
    graph.graph.pending.retain(|node| arena.state(*node) == State::Pending);
    graph.graph.deleting.retain(|node| arena.state(*node) == State::Deleting);
    graph.forget_unchanged();
    Ok(())
}

fn inserted(graph: &mut Locked<'_>, insert: &Insert, executed: &Executed) -> Result<()> {
    for row in &insert.rows {
        let mut changes = executed.made.get(&row.node).cloned().unwrap_or_default();
        changes.extend(filled(&insert.columns, row, executed)?);
        graph.set_state(row.node, State::Persistent);
        graph.graph.open.remove(&row.node);
        let epoch = graph.graph.epoch;
        graph.arena.slot(row.node).set_epoch(epoch);
        take_over(graph, row, &changes)?;
        graph.enter(row.node);
        drop_links(graph, row.node, insert.table);
    }
    Ok(())
}

fn updated(graph: &mut Locked<'_>, update: &Update, executed: &Executed) -> Result<()> {
    let columns: ColumnSet = update.columns.iter().copied().collect();
    for row in &update.rows {
        let changes = filled(&update.columns, row, executed)?;
        let before = graph.graph.base.get(&row.node).copied();
        if let Some(before) = before {
            graph.leave_changed(row.node, before, columns);
        }
        take_over(graph, row, &changes)?;
        if before.is_some() {
            graph.enter_changed(row.node, columns);
        }
        drop_links(graph, row.node, update.table);
    }
    Ok(())
}

fn deleted(graph: &mut Locked<'_>, delete: &Delete) {
    for row in &delete.rows {
        let version = graph.arena.slot(row.node).current();
        graph.leave(row.node, version);
        graph.set_state(row.node, State::Deleted);
        graph.graph.base.remove(&row.node);
    }
}

/// The columns that were symbolic, with what they turned out to be.
fn filled(columns: &[u16], row: &Written, executed: &Executed) -> Result<Vec<(u16, Value)>> {
    let symbolic = columns.iter().zip(&row.values).filter(|(_, source)| matches!(source, Source::Inserted { .. }));
    symbolic.map(|(column, source)| Ok((*column, executed.resolve(source)?))).collect()
}

/// Applies what the database made to the row, and makes the planned version the one that the database has.
fn take_over(graph: &mut Locked<'_>, row: &Written, changes: &[(u16, Value)]) -> Result<()> {
    let moved = graph.arena.slot(row.node).current() != row.version;
    if moved {
        let base = graph.version_with(row.node, row.version, changes)?;
        graph.graph.base.insert(row.node, base);
        if !graph.graph.dirty.contains(&row.node) {
            graph.graph.dirty.push(row.node);
        }
    } else {
        graph.graph.base.remove(&row.node);
    }
    if changes.is_empty() { Ok(()) } else { graph.rewrite(row.node, changes) }
}

/// References to rows that were pending are told by the key from now on.
fn drop_links(graph: &mut Locked<'_>, node: Node, table: &'static Table) {
    for edge in graph.edges(table) {
        let known = graph.graph.links.get(&(node, edge.columns)).copied();
        if known
            .is_some_and(|parent| graph.arena.state(parent) == State::Persistent && graph.names(node, &edge, parent))
        {
            graph.set_link(node, edge.columns, None);
        }
    }
}
