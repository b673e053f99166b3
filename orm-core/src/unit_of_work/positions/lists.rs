//! Which lists changed, and how: found from the added, changed and deleted rows and from lists that got another order.
use crate::{
    fast::HashMap,
    memory::{Edge, Locked, State, Target},
    model::Node,
    schema::{Ordering, Relationship, Table, id},
    value::{Key, Value},
};

/// Whose list it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    Node(Node),
    Key(Key),
}

/// A list that changed.
pub(super) struct List {
    pub(super) relationship: &'static Relationship,
    pub(super) ordering: Ordering,
    pub(super) owner: Owner,
    /// The owner's key as the database has it, if it has one.
    pub(super) key: Option<Vec<Value>>,
    /// Members that it did not have before.
    pub(super) joined: Vec<Node>,
    /// Whether members joined, left or changed places; else only positions were given by the program.
    pub(super) changed: bool,
}

/// The lists that changed, in the order of their first change.
#[derive(Default)]
struct Lists {
    lists: Vec<List>,
    places: HashMap<(usize, Owner), usize>,
    /// The keys of each table over which such lists go; there are few tables.
    edges: Vec<(&'static Table, Vec<(Edge, &'static Relationship)>)>,
    /// The rows last met that are in no such list: those of this chunk. Rows of one chunk tend to follow each other.
    outside: Option<u32>,
}

pub(super) fn key_of(values: &[Value]) -> Key {
    Key::of(values.iter().map(Key::from))
}

/// The lists that changed since the last flush.
pub(super) fn changed(graph: &mut Locked<'_>) -> Vec<List> {
    let mut lists = Lists::default();
    for node in graph.graph.pending.clone() {
        if !lists.is_outside(node) && graph.arena.state(node) == State::Pending {
            lists.note_added(graph, node);
        }
    }
    for node in graph.graph.dirty.clone() {
        if lists.is_outside(node) {
            continue;
        }
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
    /// Whether the row is known to be in no list that keeps positions.
    fn is_outside(&self, node: Node) -> bool {
        self.outside == Some(node.chunk)
    }

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
        let place = *self.places.entry((id(relationship), owner.clone())).or_insert_with(|| {
            self.lists.push(List { relationship, ordering, owner, key, joined: Vec::new(), changed: false });
            self.lists.len() - 1
        });
        self.lists.get_mut(place)
    }

    /// The keys of a row over which lists go that keep positions, and these lists.
    fn edges(&mut self, graph: &Locked<'_>, node: Node) -> Vec<(Edge, &'static Relationship)> {
        let table: &'static Table = graph.arena.table(node);
        let place = self.edges.iter().position(|(other, _)| *other == table).unwrap_or_else(|| {
            let ordered = |edge: Edge| Some((edge, edge.down().filter(|down| down.ordering.is_some())?));
            self.edges.push((table, graph.edges(table).into_iter().filter_map(ordered).collect()));
            self.edges.len() - 1
        });
        let edges = &self.edges[place].1;
        if edges.is_empty() {
            self.outside = Some(node.chunk);
        }
        edges.clone()
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
