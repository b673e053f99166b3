//! Lists whose positions the session keeps: before a flush collects the changes, it numbers the members of those that changed.
//!
//! A list that is in memory is numbered as it stands there, and only what differs is written. To one that is not, members are
//! appended, behind the last position that the database has.
mod lists;

use self::lists::{List, Owner, changed, key_of};
use crate::{
    error::Result,
    fast::{HashMap, HashSet},
    memory::{Locked, State},
    model::Node,
    schema::{Relationship, id},
    value::{Key, Value},
};

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

impl Ends {
    /// The database was asked: lists that it did not tell of are empty.
    pub(crate) fn learn(&mut self, unknown: &Unknown, found: Vec<(Key, Option<i64>)>) {
        let id = id(unknown.relationship);
        self.0.extend(unknown.keys.iter().map(|key| ((id, key_of(key)), None)));
        self.0.extend(found.into_iter().map(|(key, end)| ((id, key), end)));
    }

    fn of(&self, list: &List) -> Option<Option<i64>> {
        let key = list.key.as_ref()?;
        self.0.get(&(id(list.relationship), key_of(key))).copied()
    }
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
    for node in members.iter().filter(|node| !by_hand.contains(*node)) {
        while taken.contains(&Some(next)) {
            next += 1;
        }
        graph.set_position(*node, list.relationship, next)?;
        next += 1;
    }
    Ok(())
}
