//! What deletes lead to: children deleted or set free, orphans, and the errors where neither is allowed.
use crate::{
    error::{Error, Kind, Result},
    memory::{Edge, Locked, State, Target},
    model::Node,
    schema::{Cascade, Grouped, PassiveDeletes, Relationship, RelationshipKind, Table},
};
use std::collections::HashSet;

/// How far a cascade has come, over the loads that it needs.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    seen: HashSet<(Node, u16)>,
    blocked: Vec<(Node, Node, &'static Relationship)>,
}

/// Marks what the deleted entities take with them. Returns what must be loaded first; empty when it is done.
///
/// # Errors
/// A child may neither be deleted nor be without parent; the message names the rows.
pub(crate) fn cascade(graph: &mut Locked<'_>, progress: &mut Progress) -> Result<Grouped<Node>> {
    orphans(graph);
    lost(graph);
    let mut needed = Grouped::default();
    let mut next = 0;
    // The list grows while it is walked.
    while next < graph.graph.deleting.len() {
        let node = graph.graph.deleting[next];
        next += 1;
        if graph.arena.state(node) == State::Deleting {
            from(graph, progress, node, &mut needed)?;
        }
    }
    if needed.is_empty() {
        check_blocked(graph, progress)?;
    }
    Ok(needed)
}

/// Children that lost their parent and did not get another.
fn orphans(graph: &mut Locked<'_>) {
    for (child, columns) in std::mem::take(&mut graph.graph.orphans) {
        let edge = graph.edges(graph.arena.table(child)).into_iter().find(|edge| edge.columns == columns);
        let lost = match edge {
            Some(edge) => !graph.has_parent(child, &edge),
            None => true,
        };
        if lost {
            mark(graph, child);
        }
    }
}

/// Targets that their only owner let go, and that no other has taken.
fn lost(graph: &mut Locked<'_>) {
    for lost in std::mem::take(&mut graph.graph.lost) {
        if let Some(target) = graph.lost_node(&lost) {
            mark_lost(graph, lost.relationship, target);
        }
    }
}

/// A target goes, unless it may have one owner only and has another by now.
fn mark_lost(graph: &mut Locked<'_>, relationship: &'static Relationship, target: Node) {
    if !relationship.single_parent || graph.owner_of(target, relationship).is_none() {
        mark(graph, target);
    }
}

/// A pending row is not added any more, a stored one is deleted.
fn mark(graph: &mut Locked<'_>, node: Node) {
    match graph.arena.state(node) {
        State::Pending => unmake(graph, node),
        State::Persistent => {
            graph.set_state(node, State::Deleting);
            graph.graph.deleting.push(node);
        }
        State::Deleting | State::Deleted | State::Transient => {}
    }
}

/// An added row is not added any more, nor what was added only under it.
fn unmake(graph: &mut Locked<'_>, node: Node) {
    graph.withdraw(node);
    for (position, relationship) in graph.arena.table(node).relationships.iter().enumerate() {
        if relationship.cascade.has(Cascade::Delete) {
            for member in graph.members(node, position as u16) {
                mark(graph, member);
            }
        }
    }
}

fn from(graph: &mut Locked<'_>, progress: &mut Progress, node: Node, needed: &mut Grouped<Node>) -> Result<()> {
    let table = graph.arena.table(node);
    for (position, relationship) in table.relationships.iter().enumerate() {
        let relation = position as u16;
        if progress.seen.contains(&(node, relation)) || !concerns(relationship) {
            continue;
        }
        if relationship.passive_deletes == PassiveDeletes::Never && !is_known(graph, node, relation, relationship) {
            needed.push(relationship, node);
            continue;
        }
        progress.seen.insert((node, relation));
        follow(graph, progress, node, relation)?;
    }
    Ok(())
}

/// Whether deleting an owner has to look at the targets: those whose key is on them, and those it takes along.
fn concerns(relationship: &Relationship) -> bool {
    if relationship.passive_deletes == PassiveDeletes::All || relationship.target().read_only {
        return false;
    }
    match relationship.kind {
        RelationshipKind::HasMany(_) | RelationshipKind::HasOne(_) => true,
        RelationshipKind::BelongsTo { .. } | RelationshipKind::ManyToMany(_) => {
            relationship.cascade.has(Cascade::Delete)
        }
    }
}

fn is_known(graph: &mut Locked<'_>, node: Node, relation: u16, relationship: &'static Relationship) -> bool {
    if let RelationshipKind::BelongsTo { .. } = relationship.kind {
        let Some(edge) = Edge::of(relationship) else { return true };
        return !matches!(graph.target(node, &edge), Target::Key(_));
    }
    // What an earlier transaction read may have changed since.
    graph.is_fresh(node, relation)
}

/// What becomes of the targets of a deleted owner.
fn follow(graph: &mut Locked<'_>, progress: &mut Progress, node: Node, relation: u16) -> Result<()> {
    let relationship = &graph.arena.table(node).relationships[usize::from(relation)];
    let delete = relationship.cascade.has(Cascade::Delete);
    let Some(edge) = Edge::of(relationship) else {
        for member in graph.members(node, relation) {
            mark_lost(graph, relationship, member);
        }
        return Ok(());
    };
    if let RelationshipKind::BelongsTo { .. } = relationship.kind {
        if let Target::Node(target) = graph.target(node, &edge) {
            mark_lost(graph, relationship, target);
        }
        return Ok(());
    }
    let mut children = graph.members(node, relation);
    if relationship.passive_deletes == PassiveDeletes::Unloaded {
        children.extend(unwritten(graph, edge.child).filter(|child| !children.contains(child)).collect::<Vec<_>>());
    }
    // From the end, where leaving a list is cheap.
    for child in children.into_iter().rev() {
        if !graph.is_child_of(child, &edge, node) {
            continue;
        }
        if delete {
            mark(graph, child);
        } else if edge.is_nullable() {
            release(graph, child, &edge)?;
        } else {
            progress.blocked.push((node, child, relationship));
        }
    }
    Ok(())
}

/// The added and changed rows of a table: where children are left to the database, it does not know of these.
fn unwritten<'a>(graph: &'a Locked<'_>, table: &'static Table) -> impl Iterator<Item = Node> + 'a {
    let nodes = graph.graph.pending.iter().chain(&graph.graph.dirty).copied();
    nodes.filter(move |node| graph.arena.table(*node) == table)
}

/// A child loses its parent's key.
fn release(graph: &mut Locked<'_>, child: Node, edge: &Edge) -> Result<()> {
    if matches!(graph.arena.state(child), State::Persistent | State::Pending) {
        graph.set_parent(child, edge, None)?;
    }
    Ok(())
}

/// Children that nobody deleted or moved in the meantime keep their parent from being deleted.
fn check_blocked(graph: &mut Locked<'_>, progress: &Progress) -> Result<()> {
    let mut names: Vec<String> = Vec::new();
    let mut first: Option<(Node, &'static Relationship)> = None;
    for (parent, child, relationship) in &progress.blocked {
        let Some(edge) = Edge::of(relationship) else { continue };
        let stays = matches!(graph.arena.state(*child), State::Persistent | State::Pending);
        if stays && graph.is_child_of(*child, &edge, *parent) {
            names.push(graph.name(*child));
            first.get_or_insert((*parent, relationship));
        }
    }
    let Some((parent, relationship)) = first else { return Ok(()) };
    let more = names.len().saturating_sub(5);
    names.truncate(5);
    let rows = names.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() };
    let message = format!(
        "{} cannot be deleted: {} would be without it, and their key is NOT NULL ({}); delete or move them first, or \
         declare `cascade(all, delete_orphan)` there",
        graph.name(parent),
        rows,
        relationship.path(),
    );
    Err(Error::new(Kind::ForeignKeyViolation, message))
}
