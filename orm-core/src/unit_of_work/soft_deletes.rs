//! Rows that are marked as deleted and stay: an UPDATE stands for the DELETE.
use super::{
    defaults,
    plan::{Part, Source, Step, Written},
    planner::{Planner, push_update},
};
use crate::{
    error::Result,
    memory::Locked,
    model::Node,
    value::{Value, is_null},
};
use std::time::SystemTime;

/// A row that is marked as deleted, and what is written for that.
#[derive(Debug)]
pub(crate) struct SoftDelete {
    pub(crate) node: Node,
    values: Vec<(u16, Value)>,
}

/// Divides deleted entities into those whose rows go and those whose rows stay.
pub(super) fn divide(graph: &Locked<'_>, deleted: Vec<Node>, now: SystemTime) -> Result<(Vec<Node>, Vec<SoftDelete>)> {
    let (soft, real): (Vec<Node>, Vec<Node>) = deleted.into_iter().partition(|node| graph.deletes_softly(*node));
    let marked = |node| {
        let mut values = defaults::for_soft_delete(graph.arena.table(node), graph.stored_row(node), now)?;
        values.extend(lost_keys(graph, node));
        Ok(SoftDelete { node, values })
    };
    Ok((real, soft.into_iter().map(marked).collect::<Result<_>>()?))
}

/// The keys of parents whose rows go in the same flush.
fn lost_keys(graph: &Locked<'_>, node: Node) -> Vec<(u16, Value)> {
    let (rows, row) = graph.stored_row(node);
    let columns = graph.edges(graph.arena.table(node)).into_iter().flat_map(|edge| edge.columns);
    let now = columns.map(|column| (*column, graph.values(node, &[*column]).remove(0)));
    now.filter(|(column, value)| is_null(value) && !is_null(&rows.value(row, *column))).collect()
}

/// The UPDATE steps.
pub(super) fn steps(planner: &Planner<'_, '_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for SoftDelete { node, values } in &planner.changes.soft_deletes {
        let table = planner.graph.arena.table(*node);
        let (columns, values): (Vec<u16>, Vec<Value>) = values.iter().cloned().unzip();
        let row = Written {
            key: Source::values(planner.stored_values(*node, table.primary_key)),
            lock: table.version_column().map(|column| planner.stored_values(*node, &[column]).remove(0)),
            values: Source::values(values),
            ..planner.written(*node)
        };
        push_update(&mut steps, (table, Part::Deleted), &columns, row);
    }
    steps
}

/// Whether the database has a row marked as deleted already, as far as memory knows.
pub(super) fn is_marked(graph: &Locked<'_>, node: Node) -> bool {
    let (rows, row) = graph.stored_row(node);
    graph.arena.table(node).soft_delete.is_some_and(|column| match rows.value(row, column) {
        Value::Bool(deleted) => deleted == Some(true),
        time => !is_null(&time),
    })
}
