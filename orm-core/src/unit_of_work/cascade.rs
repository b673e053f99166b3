//! What deletes lead to: children deleted or set free, orphans, and the errors where neither is allowed.
use super::soft_deletes::is_marked;
use crate::{
    error::{Error, Kind, Result},
    fast::{HashMap, HashSet},
    memory::{Edge, Locked, State, Target},
    model::Node,
    query::Given,
    schema::{Cascade, Grouped, PassiveDeletes, Relationship, RelationshipKind, Table},
};

/// How far a cascade has come, over the loads that it needs.
#[derive(Debug)]
pub(crate) struct Progress {
    seen: HashSet<(Node, u16)>,
    blocked: Vec<(Node, Node, &'static Relationship)>,
    /// The global criteria of the session: what they hide is asked for all the same.
    given: Given,
    /// What was found where criteria may hide targets.
    found: HashMap<(Node, u16), Vec<Node>>,
}

impl Progress {
    pub(crate) fn new(given: Given) -> Self {
        Self { seen: HashSet::default(), blocked: Vec::new(), given, found: HashMap::default() }
    }

    /// Whether memory may not know all targets of a relationship although the session has loaded it.
    pub(crate) fn may_hide(&self, relationship: &Relationship) -> bool {
        self.given.concern_targets(relationship)
    }

    /// All targets of an owner over a relationship whose targets criteria may hide.
    pub(crate) fn note_found(&mut self, owner: Node, relation: u16, targets: Vec<Node>) {
        self.found.insert((owner, relation), targets);
    }

    /// Whether the targets of an owner were asked for around the criteria.
    pub(super) fn has_found(&self, owner: Node, relation: u16) -> bool {
        self.found.contains_key(&(owner, relation))
    }
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
    if !is_marked(graph, target) && (!relationship.single_parent || graph.owner_of(target, relationship).is_none()) {
        mark(graph, target);
    }
}

/// A pending row is not added any more, a stored one is deleted.
fn mark(graph: &mut Locked<'_>, node: Node) {
    match graph.arena.state(node) {
        State::Pending => unmake(graph, node),
        State::Persistent => {
            graph.graph.permanent.remove(&node);
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
        let stays = graph.deletes_softly(node);
        if stays && !relationship.cascade.has(Cascade::Delete) {
            // What names a row that stays keeps its key, so that the row can come back whole.
            continue;
        }
        let asks = stays || relationship.passive_deletes == PassiveDeletes::Never;
        if asks && !is_known(graph, progress, node, relationship) {
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

fn is_known(graph: &mut Locked<'_>, progress: &Progress, node: Node, relationship: &'static Relationship) -> bool {
    let relation = relationship.position();
    if progress.has_found(node, relation) {
        return true;
    }
    let may_hide = progress.may_hide(relationship);
    if let RelationshipKind::BelongsTo { .. } = relationship.kind {
        let Some(edge) = Edge::of(relationship) else { return true };
        return match graph.target(node, &edge) {
            Target::Key(_) => false,
            Target::Dangling => !may_hide,
            Target::None | Target::Node(_) => true,
        };
    }
    if may_hide {
        return false;
    }
    // What an earlier transaction read may have changed since.
    graph.is_fresh(node, relation)
}

/// What becomes of the targets of a deleted owner.
fn follow(graph: &mut Locked<'_>, progress: &mut Progress, node: Node, relation: u16) -> Result<()> {
    let relationship = &graph.arena.table(node).relationships[usize::from(relation)];
    let delete = relationship.cascade.has(Cascade::Delete);
    let Some(edge) = Edge::of(relationship) else {
        for member in targets(graph, progress, node, relation) {
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
    let mut children = targets(graph, progress, node, relation);
    if relationship.passive_deletes == PassiveDeletes::Unloaded {
        children.extend(unwritten(graph, edge.child).filter(|child| !children.contains(child)).collect::<Vec<_>>());
    }
    // From the end, where leaving a list is cheap.
    for child in children.into_iter().rev() {
        if !graph.is_child_of(child, &edge, node) {
            continue;
        }
        if delete {
            mark_child(graph, progress, child, node);
        } else if edge.is_nullable() {
            release(graph, child, &edge)?;
        } else {
            progress.blocked.push((node, child, relationship));
        }
    }
    Ok(())
}

/// The targets of an owner: those that the session sees, and those that criteria hide from it.
fn targets(graph: &Locked<'_>, progress: &Progress, node: Node, relation: u16) -> Vec<Node> {
    let mut targets = graph.members(node, relation);
    let hidden = progress.found.get(&(node, relation)).into_iter().flatten();
    let hidden: Vec<Node> = hidden.copied().filter(|target| !targets.contains(target)).collect();
    targets.extend(hidden.into_iter().filter(|target| !graph.deletes_softly(node) || !is_marked(graph, *target)));
    targets
}

/// A child goes with its parent: in its own way where the parent's row stays, else for good, since its key would name
/// nothing.
fn mark_child(graph: &mut Locked<'_>, progress: &mut Progress, child: Node, parent: Node) {
    let for_good = !graph.deletes_softly(parent);
    let was_soft = graph.arena.state(child) == State::Deleting && graph.deletes_softly(child);
    mark(graph, child);
    if for_good && graph.arena.table(child).soft_delete.is_some() && graph.arena.state(child) == State::Deleting {
        graph.graph.permanent.insert(child);
        if was_soft {
            // What goes along with it was asked for a row that stays.
            progress.seen.retain(|(node, _)| *node != child);
            graph.graph.deleting.push(child);
        }
    }
}

/// The added and changed rows of a table: where children are left to the database, it does not know of these.
fn unwritten<'a>(graph: &'a Locked<'_>, table: &'static Table) -> impl Iterator<Item = Node> + 'a {
    let nodes = graph.graph.pending.iter().chain(&graph.graph.dirty).copied();
    nodes.filter(move |node| graph.arena.table(*node) == table)
}

/// A child whose row stays loses its parent's key.
fn release(graph: &mut Locked<'_>, child: Node, edge: &Edge) -> Result<()> {
    if stays(graph, child) { graph.set_parent(child, edge, None) } else { Ok(()) }
}

fn stays(graph: &Locked<'_>, node: Node) -> bool {
    match graph.arena.state(node) {
        State::Persistent | State::Pending => true,
        State::Deleting => graph.deletes_softly(node),
        State::Deleted | State::Transient => false,
    }
}

/// Children that nobody deleted or moved in the meantime keep their parent from being deleted.
fn check_blocked(graph: &mut Locked<'_>, progress: &Progress) -> Result<()> {
    let mut names: Vec<String> = Vec::new();
    let mut first: Option<(Node, &'static Relationship)> = None;
    for (parent, child, relationship) in &progress.blocked {
        let Some(edge) = Edge::of(relationship) else { continue };
        if stays(graph, *child) && graph.is_child_of(*child, &edge, *parent) {
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
