//! Lists of entities: what a result gave, what a collection holds. Snapshots share them.
use crate::model::Node;
use std::sync::Arc;

/// The members of a collection, in order. Cloning is cheap; a change copies only what somebody else still reads.
#[derive(Debug, Clone)]
pub(crate) enum Members {
    /// A part of the list that one load made for all its owners.
    Part { all: Arc<[Node]>, start: u32, len: u32 },
    /// A list of its own.
    Own(Arc<Vec<Node>>),
}

impl Members {
    pub(crate) fn of(nodes: Vec<Node>) -> Self {
        Self::Own(Arc::new(nodes))
    }

    pub(crate) fn as_slice(&self) -> &[Node] {
        match self {
            Self::Part { all, start, len } => &all[*start as usize..][..*len as usize],
            Self::Own(nodes) => nodes,
        }
    }

    pub(crate) fn contains(&self, node: Node) -> bool {
        self.as_slice().contains(&node)
    }

    pub(crate) fn push(&mut self, node: Node) {
        self.own().push(node);
    }

    pub(crate) fn remove(&mut self, node: Node) -> bool {
        let Some(position) = self.as_slice().iter().position(|member| *member == node) else { return false };
        self.own().remove(position);
        true
    }

    fn own(&mut self) -> &mut Vec<Node> {
        if let Self::Part { .. } = self {
            *self = Self::of(self.as_slice().to_vec());
        }
        match self {
            Self::Own(nodes) => Arc::make_mut(nodes),
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
