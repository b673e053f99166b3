//! Lists of entities: what a result gave, what a collection holds. Snapshots share them.
use crate::model::Node;
use foldhash::fast::RandomState;
use hashbrown::HashSet;
use std::sync::Arc;

/// Entities in their order, each once.
#[derive(Debug, Clone, Default)]
pub(crate) struct List {
    nodes: Vec<Node>,
    /// The same as a set, once the list is long enough for that to pay.
    set: Option<HashSet<Node, RandomState>>,
}

/// From this length on a list has a set beside it.
const LONG: usize = 32;

impl List {
    pub(crate) fn as_slice(&self) -> &[Node] {
        &self.nodes
    }

    pub(crate) fn contains(&self, node: Node) -> bool {
        match &self.set {
            Some(set) => set.contains(&node),
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
        if !self.contains(node) {
            return None;
        }
        // Both ends are looked at first: lists are mostly emptied from one of them.
        let front = self.nodes.first() == Some(&node);
        let position = if front { 0 } else { self.nodes.iter().rposition(|other| *other == node)? };
        self.nodes.remove(position);
        if let Some(set) = &mut self.set {
            set.remove(&node);
        }
        Some(position as u32)
    }

    /// Makes the set, if the list is long.
    pub(crate) fn index(&mut self) {
        if self.set.is_none() && self.nodes.len() >= LONG {
            self.set = Some(self.nodes.iter().copied().collect());
        }
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(Node) -> bool) {
        self.nodes.retain(|node| keep(*node));
        self.set = None;
    }

    /// Puts an entity where it was, as when its removal is undone.
    pub(crate) fn insert(&mut self, position: usize, node: Node) {
        self.nodes.insert(position.min(self.nodes.len()), node);
        if let Some(set) = &mut self.set {
            set.insert(node);
        }
    }
}

impl From<Vec<Node>> for List {
    fn from(nodes: Vec<Node>) -> Self {
        Self { nodes, set: None }
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

    pub(crate) fn iter(&self) -> impl Iterator<Item = Node> + '_ {
        (0..self.len()).filter_map(|position| self.get(position))
    }
}
