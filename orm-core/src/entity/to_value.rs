//! Entities as values again: a copy of the row, with what its query loaded inside.
use crate::{
    memory::{ALONE, Edge, Memory, ResultId, State, Target},
    model::{Batch, Node, Record},
    query::Include,
    schema::{RelationshipKind, Strategy},
};
use std::any::Any;

/// A copy of an entity's row. Relationships are filled along the load tree of the result it was reached through; an entity
/// that is already on the way from the root is left out.
pub(super) fn to_value<M: Record>(memory: &Memory, node: Node, result: ResultId) -> M {
    let batch = copy(memory, &[node], result, &mut vec![node]);
    let rows: Box<dyn Any> = batch.into_any();
    match rows.downcast::<Vec<M>>().map(|mut rows| rows.pop()) {
        Ok(Some(row)) => row,
        _ => unreachable!("one row of the entity's model was copied"),
    }
}

fn copy(memory: &Memory, nodes: &[Node], result: ResultId, path: &mut Vec<Node>) -> Box<dyn Batch> {
    let table = memory.arena.table(nodes[0]);
    let mut batch = (table.operations.batch)(nodes.len());
    for node in nodes {
        let (rows, row) = memory.arena.current(*node);
        batch.push_copy(rows, row);
    }
    let Some(includes) = memory.result(result).filter(|_| result != ALONE).map(|result| &result.includes) else {
        return batch;
    };
    for include in
        includes.iter().filter(|include| include.strategy().is_eager() || include.strategy() == Strategy::NoLoad)
    {
        for (row, node) in nodes.iter().enumerate() {
            fill(memory, (batch.as_mut(), row), (*node, result), include, path);
        }
    }
    for position in includes.iter().filter(|include| include.count).map(|include| include.relationship.position()) {
        for (row, node) in nodes.iter().enumerate() {
            if let Some(total) = memory.counted((result, *node), position) {
                batch.set_total(row, position, total);
            }
        }
    }
    batch
}

fn fill(
    memory: &Memory,
    (batch, row): (&mut dyn Batch, usize),
    (node, result): (Node, ResultId),
    include: &Include,
    path: &mut Vec<Node>,
) {
    let position = include.relationship.position();
    let Some((targets, partial)) = targets(memory, node, result, include) else { return };
    let child = memory.child_result((result, node), position);
    let mut rows = (include.relationship.target().operations.batch)(targets.len());
    for target in targets.iter().filter(|target| !path.contains(target)).copied().collect::<Vec<_>>() {
        path.push(target);
        rows.take_over(copy(memory, &[target], child, path));
        path.pop();
    }
    let wanted: Vec<u32> = (0..rows.len() as u32).collect();
    batch.fill(row, position, rows.into_related(Vec::new()).content(&wanted, partial));
}

/// The targets of a relationship as the result loaded them, and whether they may be but a part.
fn targets(memory: &Memory, node: Node, result: ResultId, include: &Include) -> Option<(Vec<Node>, bool)> {
    let position = include.relationship.position();
    if include.strategy() == Strategy::NoLoad {
        return Some((Vec::new(), true));
    }
    if include.is_partial() {
        let result = memory.result(result)?;
        let members = result.state().partial.get(&(node, position)).cloned()?;
        return Some((members.as_slice().to_vec(), true));
    }
    let mut graph = memory.graph();
    if let (RelationshipKind::BelongsTo { .. }, Some(edge)) =
        (&include.relationship.kind, Edge::of(include.relationship))
    {
        return match graph.target(node, &edge) {
            Target::Node(target) => Some((vec![target], false)),
            Target::None | Target::Dangling => Some((Vec::new(), false)),
            Target::Key(_) => None,
        };
    }
    let members = graph.graph.cells.get(&(node, position))?.members.clone()?;
    let alive = |node: &Node| matches!(memory.arena.state(*node), State::Persistent | State::Pending);
    Some((members.as_slice().iter().copied().filter(alive).collect(), false))
}
