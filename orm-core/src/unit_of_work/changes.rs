//! What a flush has to write: added, changed and deleted rows and links, after the user's hooks have seen them.
use super::{
    defaults,
    soft_deletes::{self, SoftDelete},
    switch::{self, Switch},
    validate,
};
use crate::{
    error::Result,
    fast::{HashMap, HashSet},
    memory::{Far, LinkChange, Locked, State},
    model::{Change, ColumnSet, Node},
    schema::{Relationship, Table, id},
    value::Key,
};
use std::time::SystemTime;

/// The rows that a flush writes, in the order in which they were added, changed and deleted.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) inserts: Vec<Node>,
    pub(crate) updates: Vec<(Node, ColumnSet)>,
    pub(crate) deletes: Vec<Node>,
    /// The deleted rows that stay, marked as such.
    pub(crate) soft_deletes: Vec<SoftDelete>,
    pub(crate) switches: Vec<Switch>,
    pub(crate) links: Vec<LinkChange>,
    /// The number of recorded link changes that `links` sums up.
    pub(crate) links_seen: usize,
}

impl Changes {
    pub(crate) fn is_empty(&self) -> bool {
        let rows = self.inserts.is_empty() && self.updates.is_empty() && self.deletes.is_empty();
        rows && self.soft_deletes.is_empty() && self.switches.is_empty() && self.links.is_empty()
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
    let mut inserts = in_state(graph, &graph.graph.pending, State::Pending);
    let mut switches: Vec<Switch> = Vec::new();
    let mut untouched = Untouched::by(defaults::fills_inserts);
    for node in &inserts {
        if graph.graph.deleting.is_empty() && untouched.is_of(graph.arena.table(*node)) {
            continue;
        }
        around_save(graph, *node, Change::Insert)?;
        match switch::replaced(graph, *node) {
            Some(old) if switches.iter().all(|switch| switch.old != old) => {
                switches.push(switch::take_over(graph, (*node, old), now)?);
            }
            _ => defaults::for_insert(graph, *node, now)?,
        }
    }
    let updates = collect_updates(graph, now)?;
    let mut deletes = in_state(graph, &graph.graph.deleting, State::Deleting);
    if !switches.is_empty() {
        let (new, old): (HashSet<Node>, HashSet<Node>) = switches.iter().map(|s| (s.node, s.old)).unzip();
        inserts.retain(|node| !new.contains(node));
        deletes.retain(|node| !old.contains(node));
    }
    let (deletes, soft_deletes) = soft_deletes::divide(graph, deletes, now)?;
    let links = net_links(graph);
    let links_seen = graph.graph.link_changes.len();
    let changes = Changes { inserts, updates, deletes, soft_deletes, switches, links, links_seen };
    validate::check(graph, &changes)?;
    Ok(changes)
}

/// The last table whose rows nothing is done to before they are written; rows of one table tend to follow each other.
struct Untouched {
    table: Option<&'static Table>,
    fills: fn(&Table) -> bool,
}

impl Untouched {
    /// By writes of which that tells whether they fill columns by themselves.
    fn by(fills: fn(&Table) -> bool) -> Self {
        Self { table: None, fills }
    }

    fn is_of(&mut self, table: &'static Table) -> bool {
        if self.table != Some(table) && table.operations.around_save.is_none() && !(self.fills)(table) {
            self.table = Some(table);
        }
        self.table == Some(table)
    }
}

/// The entities of a list that are still in that state; one that left it and came back counts once.
fn in_state(graph: &Locked<'_>, nodes: &[Node], state: State) -> Vec<Node> {
    let in_state = nodes.iter().copied().filter(|node| graph.arena.state(*node) == state);
    if nodes.is_sorted_by(|a, b| a < b) {
        return in_state.collect();
    }
    let mut seen = HashSet::with_capacity_and_hasher(nodes.len(), Default::default());
    in_state.filter(|node| seen.insert(*node)).collect()
}

fn collect_updates(graph: &mut Locked<'_>, now: SystemTime) -> Result<Vec<(Node, ColumnSet)>> {
    let mut updates = Vec::new();
    let mut untouched = Untouched::by(defaults::fills_updates);
    graph.forget_unchanged();
    for node in graph.graph.dirty.clone() {
        if graph.arena.state(node) != State::Persistent {
            continue;
        }
        let mut columns = graph.unwritten_columns(node);
        if columns.is_empty() {
            // Changed there and back: the database has this version.
            graph.graph.base.remove(&node);
            continue;
        }
        if !untouched.is_of(graph.arena.table(node)) {
            around_save(graph, node, Change::Update)?;
            defaults::for_update(graph, node, now)?;
            columns = graph.unwritten_columns(node);
        }
        updates.push((node, columns));
    }
    Ok(updates)
}

/// Runs the model's hooks on a copy of the row and takes over what they changed.
fn around_save(graph: &mut Locked<'_>, node: Node, change: Change) -> Result<()> {
    let Some(hook) = graph.arena.table(node).operations.around_save else { return Ok(()) };
    let before = graph.arena.slot(node).current();
    let (rows, row) = graph.arena.current(node);
    let mut copy = rows.copy(row);
    hook(copy.as_mut(), change).map_err(|error| {
        let message = format!("{} was not saved: {error}", graph.name(node));
        error.context(message).with_entity(graph.name(node))
    })?;
    let version = graph.arena.growing(node).push(copy)?;
    graph.merge_version(node, before, version)
}

/// Links that were added and taken away again cancel out; the last word on each pair counts.
fn net_links(graph: &mut Locked<'_>) -> Vec<LinkChange> {
    let mut net: Vec<(LinkChange, i32)> = Vec::new();
    let mut places: HashMap<LinkId, usize> = HashMap::default();
    let mut sides = Vec::new();
    for change in graph.graph.link_changes.clone() {
        let change = LinkChange { far: named(graph, &change), ..change };
        let change = from_one_side(&mut sides, change);
        let place = *places.entry(link_id(&change)).or_insert(net.len());
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
    // Where nobody knew what the database has, the last word is written, whatever was said before.
    let wanted = net.into_iter().filter(|(change, sum)| (*sum != 0 || !change.known) && written(change));
    wanted.map(|(change, _)| change).collect()
}

/// A link as it is seen from the side that was changed first, so that both sides' links are written together.
fn from_one_side(sides: &mut Vec<&'static Relationship>, change: LinkChange) -> LinkChange {
    let is = |side: &&'static Relationship, relationship| std::ptr::eq(*side, relationship);
    let inverse = change.relationship.inverse();
    match (inverse, &change.far) {
        (Some(inverse), Far::Node(far)) if sides.iter().any(|side| is(side, inverse)) => {
            LinkChange { relationship: inverse, near: *far, far: Far::Node(change.near), ..change }
        }
        _ => {
            if !sides.iter().any(|side| is(side, change.relationship)) {
                sides.push(change.relationship);
            }
            change
        }
    }
}

/// A row that was given by its key, as the entity that memory has of it.
fn named(graph: &mut Locked<'_>, change: &LinkChange) -> Far {
    let target = change.relationship.target();
    let found = match &change.far {
        Far::Key(key) => graph.find(target, target.primary_key, &Key::of(key.iter().map(Key::from))),
        Far::Node(_) => None,
    };
    found.map_or_else(|| change.far.clone(), Far::Node)
}

/// One link row, the same from whichever side it is seen.
type LinkId = (usize, Node, Result<Node, Key>);

fn link_id(change: &LinkChange) -> LinkId {
    let own = id(change.relationship);
    let inverse = change.relationship.inverse().map_or(own, id);
    match &change.far {
        Far::Node(far) if inverse < own => (inverse, *far, Ok(change.near)),
        Far::Node(far) => (own, change.near, Ok(*far)),
        Far::Key(key) => (own, change.near, Err(Key::of(key.iter().map(Key::from)))),
    }
}
