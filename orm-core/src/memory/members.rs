//! Lists of entities: what a result gave, what a collection holds. Snapshots share them.
use crate::{fast::HashMap, model::Node};
use std::sync::Arc;

/// Entities in their order, each once.
#[derive(Debug, Clone, Default)]
pub(crate) struct List {
    nodes: Vec<Node>,
    /// Where each of them is, once the list is long enough for that to pay.
    places: Option<Box<Places>>,
}

/// Where the members of a list are: their numbers ascend along the list, so that none changes when another leaves.
#[derive(Debug, Clone)]
struct Places {
    numbers: Vec<u64>,
    by_node: HashMap<Node, u64>,
}

/// From this length on a list knows the places of its members.
const LONG: usize = 32;

/// What lies between the numbers of two members, for those that come back between them.
const GAP: u64 = 1 << 20;

impl Places {
    fn of(nodes: &[Node]) -> Self {
        let numbers: Vec<u64> = (1..=nodes.len() as u64).map(|place| place * GAP).collect();
        let by_node = nodes.iter().copied().zip(numbers.iter().copied()).collect();
        Self { numbers, by_node }
    }

    fn position(&self, node: Node) -> Option<usize> {
        self.numbers.binary_search(self.by_node.get(&node)?).ok()
    }

    /// Enters a member; tells whether there was a number left between its neighbours.
    fn insert(&mut self, position: usize, node: Node) -> bool {
        let before = position.checked_sub(1).map_or(0, |before| self.numbers[before]);
        let number = match self.numbers.get(position) {
            Some(after) => before + (after - before) / 2,
            None => before + GAP,
        };
        self.numbers.insert(position, number);
        self.by_node.insert(node, number);
        number > before
    }

    fn remove(&mut self, position: usize, node: Node) {
        self.numbers.remove(position);
        self.by_node.remove(&node);
    }
}

impl List {
    pub(crate) fn as_slice(&self) -> &[Node] {
        &self.nodes
    }

    pub(crate) fn contains(&self, node: Node) -> bool {
        match &self.places {
            Some(places) => places.by_node.contains_key(&node),
            None => self.nodes.contains(&node),
        }
    }

    /// Appends an entity, if it is not in the list.
    pub(crate) fn push(&mut self, node: Node) -> bool {
        self.index();
        let joins = !self.contains(node);
        if joins {
            self.insert(self.nodes.len(), node);
        }
        joins
    }

    /// Takes an entity out and tells where it was.
    pub(crate) fn remove(&mut self, node: Node) -> Option<u32> {
        self.index();
        let position = match &self.places {
            Some(places) => places.position(node)?,
            None => self.nodes.iter().position(|other| *other == node)?,
        };
        self.nodes.remove(position);
        if let Some(places) = &mut self.places {
            places.remove(position, node);
        }
        Some(position as u32)
    }

    /// Makes the places, if the list is long.
    pub(crate) fn index(&mut self) {
        if self.places.is_none() && self.nodes.len() >= LONG {
            self.places = Some(Box::new(Places::of(&self.nodes)));
        }
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(Node) -> bool) {
        self.nodes.retain(|node| keep(*node));
        self.places = None;
    }

    /// Puts an entity where it was, as when its removal is undone.
    pub(crate) fn insert(&mut self, position: usize, node: Node) {
        let position = position.min(self.nodes.len());
        self.nodes.insert(position, node);
        if let Some(places) = &mut self.places
            && !places.insert(position, node)
        {
            self.places = Some(Box::new(Places::of(&self.nodes)));
        }
    }
}

impl From<Vec<Node>> for List {
    fn from(nodes: Vec<Node>) -> Self {
        Self { nodes, places: None }
    }
}

/// The members of a collection, in order. Cloning is cheap; a change copies only what somebody else still reads.
#[derive(Debug, Clone)]
pub(crate) enum Members {
    /// A part of the list that one load made for all its owners.
    Part { all: Arc<[Node]>, start: u32, len: u32 },
    /// A list of its own.
    Own(Arc<List>),
}

impl Members {
    pub(crate) fn of(nodes: Vec<Node>) -> Self {
        Self::Own(Arc::new(nodes.into()))
    }

    pub(crate) fn as_slice(&self) -> &[Node] {
        match self {
            Self::Part { all, start, len } => &all[*start as usize..][..*len as usize],
            Self::Own(list) => list.as_slice(),
        }
    }

    pub(crate) fn contains(&self, node: Node) -> bool {
        match self {
            Self::Part { .. } => self.as_slice().contains(&node),
            Self::Own(list) => list.contains(node),
        }
    }

    /// The members as a list to be changed.
    pub(crate) fn list(&mut self) -> &mut List {
        if let Self::Part { .. } = self {
            *self = Self::of(self.as_slice().to_vec());
        }
        match self {
            Self::Own(list) => Arc::make_mut(list),
            Self::Part { .. } => unreachable!("it was made its own above"),
        }
    }
}

impl Default for Members {
    fn default() -> Self {
        Self::of(Vec::new())
    }
}

/// The entities of one result, in its order.
#[derive(Debug, Clone)]
pub(crate) enum Nodes {
    /// Consecutive rows of one chunk.
    Run { chunk: u32, start: u32, len: u32 },
    /// Any rows.
    List(Arc<[Node]>),
}

impl Nodes {
    /// Consecutive rows need no list.
    pub(crate) fn of(nodes: &[Node]) -> Self {
        let Some(Node { chunk, row: start }) = nodes.first().copied() else { return Self::List(nodes.into()) };
        if (start..).zip(nodes).all(|(row, node)| *node == Node { chunk, row }) {
            return Self::Run { chunk, start, len: nodes.len() as u32 };
        }
        Self::List(nodes.into())
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Run { len, .. } => *len as usize,
            Self::List(nodes) => nodes.len(),
        }
    }

    pub(crate) fn get(&self, position: usize) -> Option<Node> {
        match self {
            Self::Run { chunk, start, len } => {
                (position < *len as usize).then(|| Node { chunk: *chunk, row: start + position as u32 })
            }
            Self::List(nodes) => nodes.get(position).copied(),
        }
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Node> + '_ {
        (0..self.len()).map(|position| match self {
            Self::Run { chunk, start, .. } => Node { chunk: *chunk, row: start + position as u32 },
            Self::List(nodes) => nodes[position],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(row: u32) -> Node {
        Node { chunk: 0, row }
    }

    fn rows(list: &List) -> Vec<u32> {
        list.as_slice().iter().map(|node| node.row).collect()
    }

    #[test]
    fn a_long_list_knows_where_its_members_are() {
        let mut list = List::from((0..100).map(node).collect::<Vec<_>>());
        assert_eq!(
            [50, 10, 99, 0, 50].map(|row| list.remove(node(row))),
            [Some(50), Some(10), Some(97), Some(0), None]
        );
        assert!(list.push(node(50)) && !list.push(node(50)) && !list.push(node(51)));
        assert_eq!((list.remove(node(51)), list.remove(node(50))), (Some(48), Some(95)));
        let expected = (1..99).filter(|row| ![10, 50, 51].contains(row)).collect::<Vec<u32>>();
        assert_eq!(rows(&list), expected);
    }

    #[test]
    fn members_come_back_to_where_they_were() {
        let all: Vec<Node> = (0..1_000).map(node).collect();
        let mut list = List::from(all.clone());
        let taken: Vec<(u32, u32)> = (0..1_000)
            .map(|i| (i * 7) % 1_000)
            .map(|row| (row, list.remove(node(row)).expect("it is there")))
            .collect();
        assert!(rows(&list).is_empty());
        for (row, place) in taken.into_iter().rev() {
            list.insert(place as usize, node(row));
        }
        assert_eq!(list.as_slice(), all);
        assert_eq!(list.remove(node(500)), Some(500), "their places are known too");
    }

    #[test]
    fn any_number_of_members_comes_in_at_one_place() {
        let mut list = List::from((0..LONG as u32).map(node).collect::<Vec<_>>());
        list.index();
        for row in 100..300 {
            list.insert(5, node(row));
        }
        assert_eq!(list.remove(node(100)), Some(204));
        assert_eq!(list.remove(node(299)), Some(5));
    }
}
