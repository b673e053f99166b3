//! Lists whose positions the session keeps: before a flush collects the changes, it numbers the members of those that changed.
//!
//! A list that is in memory is numbered as it stands there, and only what differs is written. To one that is not, members are
//! appended, behind the last position that the database has.
use crate::{
    error::Result,
    memory::{Edge, Locked, State, Target},
    model::Node,
    schema::{Ordering, Relationship, Table},
    value::{Key, Value},
};
use std::collections::{HashMap, HashSet};

/// The last positions of lists that are not in memory, by their relationships and their owners' keys.
#[derive(Debug, Default)]
pub(crate) struct Ends(HashMap<(usize, Key), Option<i64>>);

/// Lists of which the last position must be read.
#[derive(Debug)]
pub(crate) struct Unknown {
    pub(crate) relationship: &'static Relationship,
    /// The keys of their owners.
    pub(crate) keys: Vec<Vec<Value>>,
}

/// Whose list it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Owner {
    Node(Node),
    Key(Key),
}

/// A list that changed.
struct List {
    relationship: &'static Relationship,
    ordering: Ordering,
    owner: Owner,
    /// The owner's key as the database has it, if it has one.
    key: Option<Vec<Value>>,
    /// Members that it did not have before.
    joined: Vec<Node>,
    /// Whether members joined, left or changed places; else only positions were given by the program.
    changed: bool,
}

/// The lists that changed, in the order of their first change.
#[derive(Default)]
struct Lists {
    lists: Vec<List>,
    places: HashMap<(usize, Owner), usize>,
    /// The keys of each table over which such lists go.
    edges: HashMap<usize, Vec<Edge>>,
}

impl Ends {
    /// The database was asked: lists that it did not tell of are empty.
    pub(crate) fn learn(&mut self, unknown: &Unknown, found: Vec<(Key, Option<i64>)>) {
        let id = address(unknown.relationship);
        self.0.extend(unknown.keys.iter().map(|key| ((id, key_of(key)), None)));
        self.0.extend(found.into_iter().map(|(key, end)| ((id, key), end)));
    }

    fn of(&self, list: &List) -> Option<Option<i64>> {
        let key = list.key.as_ref()?;
        self.0.get(&(address(list.relationship), key_of(key))).copied()
    }
}

fn address<T>(of: &'static T) -> usize {
    std::ptr::from_ref(of).addr()
}

fn key_of(values: &[Value]) -> Key {
    Key::of(values.iter().map(Key::from))
}

/// Gives the members of the lists that changed their positions. Returns what must be read first, and then nothing was given;
/// empty when it is done.
///
/// # Errors
/// A position does not fit into its column.
pub(crate) fn number(graph: &mut Locked<'_>, ends: &Ends) -> Result<Vec<Unknown>> {
    let lists = changed(graph);
    let mut unknown: Vec<Unknown> = Vec::new();
    for list in lists.iter().filter(|list| asks(graph, list) && ends.of(list).is_none()) {
        let Some(key) = list.key.clone() else { continue };
        match unknown.iter_mut().find(|other| std::ptr::eq(other.relationship, list.relationship)) {
            Some(other) => other.keys.push(key),
            None => unknown.push(Unknown { relationship: list.relationship, keys: vec![key] }),
        }
    }
    if unknown.is_empty() {
        number_lists(graph, &lists, ends)?;
    }
    Ok(unknown)
}

/// The same with what memory knows: members of other lists are left without positions.
pub(crate) fn number_known(graph: &mut Locked<'_>) -> Result<()> {
    let mut lists = changed(graph);
    lists.retain(|list| !asks(graph, list));
    number_lists(graph, &lists, &Ends::default())
}

fn number_lists(graph: &mut Locked<'_>, lists: &[List], ends: &Ends) -> Result<()> {
    graph.graph.rearranged.clear();
    for list in lists {
        match known(graph, list) {
            Some(members) => number_known_list(graph, list, members)?,
            None => append(graph, list, ends.of(list).flatten())?,
        }
    }
    Ok(())
}

/// All members, if they are in memory.
fn known(graph: &Locked<'_>, list: &List) -> Option<Vec<Node>> {
    let Owner::Node(owner) = list.owner else { return None };
    let members = graph.graph.cells.get(&(owner, list.relationship.position()))?.members.as_ref()?;
    let stays = |node: &Node| matches!(graph.arena.state(*node), State::Pending | State::Persistent);
    Some(members.as_slice().iter().copied().filter(stays).collect())
}

/// Whether the last position of a list must be known.
fn asks(graph: &Locked<'_>, list: &List) -> bool {
    let open = |node: &Node| !graph.is_placed_by_hand(*node, list.ordering);
    list.key.is_some() && list.joined.iter().any(open) && known(graph, list).is_none()
}

fn number_known_list(graph: &mut Locked<'_>, list: &List, members: Vec<Node>) -> Result<()> {
    let by_hand = by_hand(graph, list, &members);
    if list.changed {
        give(graph, list, (&members, &by_hand), i64::from(list.ordering.start))?;
    }
    if let (false, Owner::Node(owner)) = (by_hand.is_empty(), &list.owner) {
        let mut sorted = members;
        sorted.sort_by_key(|node| graph.position(*node, list.ordering));
        graph.arrange(*owner, list.relationship.position(), &sorted);
    }
    Ok(())
}

/// The members whose positions the program gave.
fn by_hand(graph: &Locked<'_>, list: &List, members: &[Node]) -> HashSet<Node> {
    members.iter().copied().filter(|node| graph.is_placed_by_hand(*node, list.ordering)).collect()
}

/// Members that joined a list which is not in memory stand behind the others, in the order in which they were pushed.
fn append(graph: &mut Locked<'_>, list: &List, end: Option<i64>) -> Result<()> {
    let mut joined = list.joined.clone();
    if let Owner::Node(owner) = list.owner {
        let pushed = graph.members(owner, list.relationship.position());
        let places: HashMap<Node, usize> = pushed.into_iter().enumerate().map(|(place, node)| (node, place)).collect();
        joined.sort_by_key(|node| places.get(node).copied().unwrap_or(usize::MAX));
    }
    let start = i64::from(list.ordering.start);
    let by_hand = by_hand(graph, list, &joined);
    give(graph, list, (&joined, &by_hand), end.map_or(start, |end| start.max(end + 1)))
}

/// Numbers members from `next` on, around those that were placed by hand.
fn give(
    graph: &mut Locked<'_>,
    list: &List,
    (members, by_hand): (&[Node], &HashSet<Node>),
    mut next: i64,
) -> Result<()> {
    let taken: HashSet<Option<i64>> = by_hand.iter().map(|node| graph.position(*node, list.ordering)).collect();
    for node in members.iter().filter(|node| !by_hand.contains(node)) {
        while taken.contains(&Some(next)) {
            next += 1;
        }
        graph.set_position(*node, list.relationship, next)?;
        next += 1;
    }
    Ok(())
}

/// The lists that changed since the last flush.
fn changed(graph: &mut Locked<'_>) -> Vec<List> {
    let mut lists = Lists::default();
    for node in graph.graph.pending.clone() {
        if graph.arena.state(node) == State::Pending {
            lists.note_added(graph, node);
        }
    }
    for node in graph.graph.dirty.clone() {
        if graph.arena.state(node) == State::Persistent && graph.graph.base.contains_key(&node) {
            lists.note_changed(graph, node);
        }
    }
    for node in graph.graph.deleting.clone() {
        if graph.arena.state(node) == State::Deleting {
            lists.note_deleted(graph, node);
        }
    }
    for (owner, relation) in graph.graph.rearranged.clone() {
        let relationship = &graph.arena.table(owner).relationships[usize::from(relation)];
        if let Some(list) = lists.of(graph, relationship, Target::Node(owner)) {
            list.changed = true;
        }
    }
    lists.lists
}

impl Lists {
    fn note_added(&mut self, graph: &mut Locked<'_>, node: Node) {
        for (edge, list) in self.edges(graph, node) {
            let target = graph.target(node, &edge);
            self.join(graph, list, (node, target));
        }
    }

    fn note_changed(&mut self, graph: &mut Locked<'_>, node: Node) {
        for (edge, relationship) in self.edges(graph, node) {
            let (before, now) = (stored_target(graph, node, &edge), graph.target(node, &edge));
            if before != now {
                self.leave(graph, relationship, before);
                self.join(graph, relationship, (node, now));
            } else if relationship.ordering.is_some_and(|ordering| graph.is_placed_by_hand(node, ordering)) {
                self.of(graph, relationship, now);
            }
        }
    }

    fn note_deleted(&mut self, graph: &mut Locked<'_>, node: Node) {
        for (edge, relationship) in self.edges(graph, node) {
            let before = stored_target(graph, node, &edge);
            self.leave(graph, relationship, before);
        }
    }

    fn join(&mut self, graph: &Locked<'_>, relationship: &'static Relationship, (node, owner): (Node, Target)) {
        if let Some(list) = self.of(graph, relationship, owner) {
            list.changed = true;
            list.joined.push(node);
        }
    }

    fn leave(&mut self, graph: &Locked<'_>, relationship: &'static Relationship, owner: Target) {
        if let Some(list) = self.of(graph, relationship, owner) {
            list.changed = true;
        }
    }

    /// The list of an owner; none for an owner that goes.
    fn of(&mut self, graph: &Locked<'_>, relationship: &'static Relationship, owner: Target) -> Option<&mut List> {
        let ordering = relationship.ordering?;
        let (owner, key) = match owner {
            Target::None | Target::Dangling => return None,
            Target::Key(key) => (Owner::Key(key_of(&key)), Some(key)),
            Target::Node(node) => (Owner::Node(node), stored_key(graph, node, relationship)?),
        };
        let place = *self.places.entry((address(relationship), owner.clone())).or_insert_with(|| {
            self.lists.push(List { relationship, ordering, owner, key, joined: Vec::new(), changed: false });
            self.lists.len() - 1
        });
        self.lists.get_mut(place)
    }

    /// The keys of a row over which lists go that keep positions, and these lists.
    fn edges(&mut self, graph: &Locked<'_>, node: Node) -> Vec<(Edge, &'static Relationship)> {
        let table: &'static Table = graph.arena.table(node);
        let edges = self.edges.entry(address(table)).or_insert_with(|| graph.edges(table));
        let ordered = |edge: &Edge| Some((*edge, edge.down().filter(|down| down.ordering.is_some())?));
        edges.iter().filter_map(ordered).collect()
    }
}

/// The key of an owner that stays, as the database has it: `None` inside for one that it does not have yet.
fn stored_key(graph: &Locked<'_>, owner: Node, relationship: &'static Relationship) -> Option<Option<Vec<Value>>> {
    let (_, references) = relationship.key()?;
    match graph.arena.state(owner) {
        State::Persistent => Some(Some(graph.stored_values(owner, references))),
        State::Pending => Some(None),
        State::Deleting | State::Deleted | State::Transient => None,
    }
}

/// Where a row is in the database: what its key led to before it was changed.
fn stored_target(graph: &mut Locked<'_>, node: Node, edge: &Edge) -> Target {
    let key = graph.stored_key(node, edge.columns);
    if key.has_null() {
        return Target::None;
    }
    match graph.find(edge.parent, edge.references, &key) {
        Some(owner) => Target::Node(owner),
        None => Target::Key(graph.stored_values(node, edge.columns)),
    }
}
