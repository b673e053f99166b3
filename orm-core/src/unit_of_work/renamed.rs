//! Entities whose keys change, and what follows for those that name them.
use super::{
    Progress,
    plan::{Part, Step},
};
use crate::{
    memory::{Edge, Locked, Renamed, State},
    model::Node,
    schema::{Action, Grouped, PassiveDeletes, Relationship, RelationshipKind, Table},
};

/// Gives the children of entities whose keys change the new keys, where the database does not do it. Returns what must be
/// loaded first; empty when it is done.
pub(crate) fn follow_keys(graph: &mut Locked<'_>, progress: &Progress) -> Grouped<Node> {
    let mut needed = Grouped::default();
    if graph.graph.base.is_empty() {
        return needed;
    }
    let renamed = renamed(graph);
    for node in &renamed {
        for relationship in graph.arena.table(*node).relationships.iter().filter(|r| is_owner(r)) {
            if is_asked(graph, progress, *node, relationship) {
                needed.push(relationship, *node);
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
    let mut tables: Vec<(&'static Table, Vec<&'static [u16]>)> = Vec::new();
    let mut renamed = Vec::new();
    for node in graph.graph.dirty.iter().copied().filter(|node| graph.arena.state(*node) == State::Persistent) {
        let table = graph.arena.table(node);
        let place = tables.iter().position(|(other, _)| *other == table).unwrap_or_else(|| {
            tables.push((table, named_keys(graph, table)));
            tables.len() - 1
        });
        if tables[place].1.iter().any(|key| graph.is_renamed(node, key)) {
            renamed.push(node);
        }
    }
    renamed
}

/// The columns of a table by which other models name its rows.
fn named_keys(graph: &Locked<'_>, table: &'static Table) -> Vec<&'static [u16]> {
    let owned = table.relationships.iter().filter(|r| is_owner(r)).filter_map(Edge::of);
    let mut keys: Vec<&'static [u16]> = owned.chain(graph.edges_to(table)).map(|edge| edge.references).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn is_owner(relationship: &Relationship) -> bool {
    matches!(relationship.kind, RelationshipKind::HasMany(_) | RelationshipKind::HasOne(_))
}

/// Whether children are to be changed that may not be in memory.
fn is_asked(graph: &mut Locked<'_>, progress: &Progress, node: Node, relationship: &'static Relationship) -> bool {
    let Some(edge) = Edge::of(relationship) else { return false };
    let relation = relationship.position();
    relationship.passive_deletes == PassiveDeletes::Never
        && graph.is_renamed(node, edge.references)
        && edge.on_update() != Some(Action::Cascade)
        && match progress.may_hide(relationship) {
            true => !progress.has_found(node, relation),
            false => !graph.is_fresh(node, relation),
        }
}

/// The rows of a plan whose keys it changes, with the versions that the database had before.
pub(super) fn of_plan(graph: &Locked<'_>, steps: &[Step]) -> Vec<Renamed> {
    let updates = steps.iter().filter_map(|step| match step {
        Step::Update(update) if update.part != Part::Interim && changes_keys(update.table, &update.columns) => {
            Some(update)
        }
        _ => None,
    });
    let nodes = updates.flat_map(|update| &update.rows).filter(|row| row.replaced.is_none()).map(|row| row.node);
    nodes.filter(|node| graph.graph.base.contains_key(node)).map(|node| (node, graph.stored_version(node))).collect()
}

/// Whether others may name a row of the table by one of these columns.
pub(super) fn changes_keys(table: &'static Table, columns: &[u16]) -> bool {
    let mut keys = table.unique_keys().chain([table.primary_key]);
    keys.any(|key| key.iter().any(|column| columns.contains(column)))
}
