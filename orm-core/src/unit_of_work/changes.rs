//! What a flush has to write: added, changed and deleted rows and links, after the user's hooks have seen them.
use super::{defaults, validate};
use crate::{
    error::Result,
    memory::{Far, LinkChange, Locked, State},
    model::{Change, ColumnSet, Node},
    value::Key,
};
use std::{collections::HashMap, time::SystemTime};

/// The rows that a flush writes, in the order in which they were added, changed and deleted.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) inserts: Vec<Node>,
    pub(crate) updates: Vec<(Node, ColumnSet)>,
    pub(crate) deletes: Vec<Node>,
    pub(crate) links: Vec<LinkChange>,
}

impl Changes {
    pub(crate) fn is_empty(&self) -> bool {
        self.inserts.is_empty() && self.updates.is_empty() && self.deletes.is_empty() && self.links.is_empty()
    }
}

/// Collects the changes. What deletes cascade to must have been marked before.
///
/// # Errors
/// A recorded mistake, a hook that refused, a value that is too long, a required key that was not given.
pub(crate) fn collect(graph: &mut Locked<'_>, now: SystemTime) -> Result<Changes> {
    if let Some(mistake) = graph.graph.mistake.clone() {
        return Err(mistake);
    }
    let inserts = graph.graph.pending.clone();
    let inserts: Vec<Node> = inserts.into_iter().filter(|node| graph.arena.state(*node) == State::Pending).collect();
    for node in &inserts {
        around_save(graph, *node, Change::Insert)?;
        defaults::for_insert(graph, *node, now)?;
    }
    let updates = collect_updates(graph, now)?;
    let deleting = graph.graph.deleting.clone();
    let deletes: Vec<Node> = deleting.into_iter().filter(|node| graph.arena.state(*node) == State::Deleting).collect();
    let links = net_links(graph);
    let changes = Changes { inserts, updates, deletes, links };
    validate::check(graph, &changes)?;
    Ok(changes)
}

fn collect_updates(graph: &mut Locked<'_>, now: SystemTime) -> Result<Vec<(Node, ColumnSet)>> {
    let mut updates = Vec::new();
    for node in graph.graph.dirty.clone() {
        if graph.arena.state(node) != State::Persistent || changed_columns(graph, node).is_empty() {
            continue;
        }
        around_save(graph, node, Change::Update)?;
        defaults::for_update(graph, node, now)?;
        updates.push((node, changed_columns(graph, node)));
    }
    Ok(updates)
}

/// The columns of a row that an UPDATE has to write: those that differ, and keys whose target is not written yet.
fn changed_columns(graph: &mut Locked<'_>, node: Node) -> ColumnSet {
    let mut changed = graph.changed(node);
    for edge in graph.edges(graph.arena.table(node)) {
        if graph.graph.links.contains_key(&(node, edge.columns)) {
            changed = changed.union(edge.columns.iter().copied().collect());
        }
    }
    changed
}

/// Runs the model's hooks on a copy of the row and takes over what they changed.
fn around_save(graph: &mut Locked<'_>, node: Node, change: Change) -> Result<()> {
    let Some(hook) = graph.arena.table(node).operations.around_save else { return Ok(()) };
    let before = graph.arena.slot(node).current();
    let (rows, row) = graph.arena.current(node);
    let mut copy = rows.copy(row);
    hook(copy.as_mut(), change).map_err(|error| {
        let message = format!("{} was not saved: {error}", graph.name(node));
        error.context(message)
    })?;
    let version = graph.arena.growing(node).push(copy)?;
    graph.merge_version(node, before, version)
}

/// Links that were added and taken away again cancel out; the last word on each pair counts.
fn net_links(graph: &Locked<'_>) -> Vec<LinkChange> {
    let mut net: Vec<(LinkChange, i32)> = Vec::new();
    let mut places: HashMap<LinkId, usize> = HashMap::new();
    for change in &graph.graph.link_changes {
        let place = *places.entry(link_id(change)).or_insert(net.len());
        if place == net.len() {
            net.push((change.clone(), 0));
        }
        net[place].0.add = change.add;
        net[place].1 += if change.add { 1 } else { -1 };
    }
    let alive = |node: Node| !matches!(graph.arena.state(node), State::Transient | State::Deleted | State::Deleting);
    let written = |change: &LinkChange| match &change.far {
        Far::Node(far) => alive(change.near) && alive(*far),
        Far::Key(_) => alive(change.near),
    };
    net.into_iter().filter(|(change, sum)| *sum != 0 && written(change)).map(|(change, _)| change).collect()
}

/// One link row, the same from whichever side it is seen.
type LinkId = (usize, Node, Result<Node, Key>);

fn link_id(change: &LinkChange) -> LinkId {
    let own = std::ptr::from_ref(change.relationship).addr();
    let inverse = change.relationship.inverse().map_or(own, |inverse| std::ptr::from_ref(inverse).addr());
    match &change.far {
        Far::Node(far) if inverse < own => (inverse, *far, Ok(change.near)),
        Far::Node(far) => (own, change.near, Ok(*far)),
        Far::Key(key) => (own, change.near, Err(Key::of(key.iter().map(Key::from)))),
    }
}
