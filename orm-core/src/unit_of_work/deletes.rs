//! The rows that a plan deletes: children before their parents, circles opened first.
use super::{
    links,
    order::layers,
    plan::{Delete, Part, Removed, Source, Step, Written},
    planner::{Planner, push_update},
    tables,
};
use crate::{error::Result, fast::HashSet, memory::Target, model::Node};

/// The UPDATE steps that open circles among deleted rows, and the DELETE steps, children first.
///
/// # Errors
/// A circle without a nullable key.
pub(super) fn deletes(planner: &mut Planner<'_, '_>) -> Result<(Vec<Step>, Vec<Step>)> {
    let nodes = &planner.changes.deletes;
    if nodes.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let deleted: HashSet<Node> = nodes.iter().copied().collect();
    let mut releases = Vec::new();
    let mut deletes = links::of_deleted(planner, nodes.iter().copied());
    for group in tables::groups(planner.graph.arena, nodes).into_iter().rev() {
        let dependencies = planner.references(&group, &|_, node| deleted.contains(&node));
        let sorted = layers(&dependencies).map_err(|circle| planner.circle(&group.nodes, &circle))?;
        for (node, on) in &sorted.broken {
            release(planner, group.nodes[*node], group.nodes[*on], &mut releases);
        }
        for layer in sorted.layers.iter().rev() {
            for table in group.tables.iter().rev() {
                let of_table =
                    layer.iter().map(|i| group.nodes[*i]).filter(|node| planner.graph.arena.table(*node) == *table);
                let rows: Vec<Removed> = of_table.map(|node| removed(planner, node)).collect();
                if !rows.is_empty() {
                    deletes.push(Step::Delete(Delete { table, rows }));
                }
            }
        }
    }
    Ok((releases, deletes))
}

fn removed(planner: &Planner<'_, '_>, node: Node) -> Removed {
    let table = planner.graph.arena.table(node);
    let lock = table.version_column().map(|column| planner.stored_values(node, &[column]).remove(0));
    Removed { node, key: planner.stored_values(node, table.primary_key), lock }
}

/// Sets the reference of a deleted row to another deleted row to null, so that either may go first.
fn release(planner: &mut Planner<'_, '_>, node: Node, on: Node, steps: &mut Vec<Step>) {
    let table = planner.graph.arena.table(node);
    for edge in planner.keys(table) {
        if planner.graph.target(node, &edge) != Target::Node(on) {
            continue;
        }
        let nullable = |column: &&u16| table.columns[usize::from(**column)].nullable;
        let columns: Vec<u16> = edge.columns.iter().filter(nullable).copied().collect();
        let nulls = columns.iter().map(|column| Source::Value(table.columns[usize::from(*column)].sql_type.null()));
        let values = nulls.collect();
        let key = Source::values(planner.stored_values(node, table.primary_key));
        push_update(steps, (table, Part::Interim), &columns, Written { key, values, ..planner.written(node) });
    }
}
