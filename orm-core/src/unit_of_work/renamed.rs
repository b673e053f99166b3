//! Entities whose keys change, and what follows for those that name them.
use super::{
    Needed,
    plan::{Part, Step, Update},
    tables,
};
use crate::{
    memory::{Edge, Locked, Renamed, State},
    model::Node,
    schema::{Action, Relationship, RelationshipKind, Table},
};

/// Gives the children of entities whose keys change the new keys, where the database does not do it. Returns what must be
/// loaded first; empty when it is done.
pub(crate) fn follow_keys(graph: &mut Locked<'_>) -> Vec<Needed> {
    if graph.graph.base.is_empty() {
        return Vec::new();
    }
    let renamed = renamed(graph);
    let mut needed: Vec<Needed> = Vec::new();
    for node in &renamed {
        for relationship in graph.arena.table(*node).relationships.iter().filter(|r| is_owner(r)) {
            if !is_asked(graph, *node, relationship) {
                continue;
            }
            match needed.iter_mut().find(|other| std::ptr::eq(other.relationship, relationship)) {
                Some(other) => other.owners.push(*node),
                None => needed.push(Needed { relationship, owners: vec![*node] }),
            }
        }
    }
    if needed.is_empty() && !renamed.is_empty() {
        graph.rename_children(&renamed);
    }
    needed
}

/// The changed entities of which a key changes that others may name.
fn renamed(graph: &Locked<'_>) -> Vec<Node> {
    let is_renamed = |node: &Node| {
        graph.arena.state(*node) == State::Persistent
            && keys(graph.arena.table(*node)).any(|key| graph.is_renamed(*node, key))
    };
    graph.graph.dirty.iter().copied().filter(is_renamed).collect()
}

/// The columns by which rows of a table may be named.
fn keys(table: &'static Table) -> impl Iterator<Item = &'static [u16]> {
    let generated = table.generated_key().map(|_| table.primary_key);
    tables::unique_keys(table).chain(generated)
}

fn is_owner(relationship: &Relationship) -> bool {
    matches!(relationship.kind, RelationshipKind::HasMany(_) | RelationshipKind::HasOne(_))
}

/// Whether children are to be changed that may not be in memory.
fn is_asked(graph: &Locked<'_>, node: Node, relationship: &'static Relationship) -> bool {
    let Some(edge) = Edge::of(relationship) else { return false };
    !relationship.passive_deletes
        && graph.is_renamed(node, edge.references)
        && edge.on_update() != Some(Action::Cascade)
        && !graph.is_fresh(node, relationship.position())
}

/// The rows of a plan whose keys it changes, with the versions that the database had before.
pub(super) fn of_plan(graph: &Locked<'_>, steps: &[Step]) -> Vec<Renamed> {
    let updates = steps.iter().filter_map(|step| match step {
        Step::Update(update) if update.part != Part::Interim && changes_keys(update) => Some(update),
        _ => None,
    });
    let nodes = updates.flat_map(|update| &update.rows).filter(|row| row.replaced.is_none()).map(|row| row.node);
    nodes.filter(|node| graph.graph.base.contains_key(node)).map(|node| (node, graph.stored_version(node))).collect()
}

fn changes_keys(update: &Update) -> bool {
    keys(update.table).any(|key| key.iter().any(|column| update.columns.contains(column)))
}
