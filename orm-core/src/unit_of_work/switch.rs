//! Row switches: an entity is deleted and another one with its key is added in the same flush. The row stays and is updated.
use super::defaults;
use crate::{
    error::Result,
    memory::{Locked, State},
    model::{ColumnSet, Node},
    value::{Value, is_unset},
};
use std::time::SystemTime;

/// An added entity that takes over the row of a deleted one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Switch {
    pub(crate) node: Node,
    pub(crate) old: Node,
    /// The columns that are written: those that were given.
    pub(crate) columns: ColumnSet,
}

/// The deleted entity whose key an added one has.
pub(super) fn replaced(graph: &mut Locked<'_>, node: Node) -> Option<Node> {
    if graph.graph.deleting.is_empty() {
        return None;
    }
    let table = graph.arena.table(node);
    let open = graph.graph.open.get(&node).unwrap_or_default();
    let left_open = |column: &u16| {
        let info = &table.columns[usize::from(*column)];
        open.unset.has(*column)
            || (info.generated && !open.given.has(*column) && {
                is_unset(&graph.values(node, &[*column]).remove(0), info.sql_type)
            })
    };
    if table.primary_key.iter().any(left_open) {
        return None;
    }
    let key = graph.key(node, table.primary_key);
    let old = graph.find(table, table.primary_key, &key)?;
    (graph.arena.state(old) == State::Deleting).then_some(old)
}

/// Takes what was not given from the row that there is, and counts its version on.
pub(super) fn take_over(graph: &mut Locked<'_>, (node, old): (Node, Node), now: SystemTime) -> Result<Switch> {
    let given = given(graph, node);
    let table = graph.arena.table(node);
    let (rows, row) = graph.arena.version(old, graph.stored_version(old));
    let kept = (0..table.columns.len() as u16).filter(|column| !given.has(*column) && rows.is_loaded(row, *column));
    let mut changes: Vec<(u16, Value)> = kept.map(|column| (column, rows.value(row, column))).collect();
    let filled = defaults::for_switch(table, (rows, row), (given, now))?;
    let columns = filled.iter().fold(given, |columns, (column, _)| columns.with(*column));
    changes.retain(|(column, _)| !columns.has(*column));
    changes.extend(filled);
    if !changes.is_empty() {
        graph.rewrite(node, &changes)?;
    }
    let others = table.primary_key.iter().fold(columns, |columns, key| columns.without(*key));
    let columns = if others.is_empty() { table.primary_key.iter().copied().collect() } else { others };
    Ok(Switch { node, old, columns })
}

/// The columns that were given: of a plain value all, of a builder those that it set or a relationship filled.
fn given(graph: &Locked<'_>, node: Node) -> ColumnSet {
    let table = graph.arena.table(node);
    let open = graph.graph.open.get(&node).unwrap_or_default();
    let linked = graph.edges(table).into_iter().filter(|edge| graph.graph.links.contains_key(&(node, edge.columns)));
    let given = linked.flat_map(|edge| edge.columns).fold(open.given, |given, column| given.with(*column));
    if !open.is_of_value() {
        return given;
    }
    let by_session = |column: &u16| {
        let info = &table.columns[usize::from(*column)];
        info.role != crate::schema::Role::Plain
            && !given.has(*column)
            && is_unset(&graph.values(node, &[*column]).remove(0), info.sql_type)
    };
    let (rows, row) = graph.arena.current(node);
    let all = (0..table.columns.len() as u16).filter(|column| rows.is_loaded(row, *column) && !by_session(column));
    all.fold(given, ColumnSet::with)
}
