//! The targets that a load found, on their way into memory.
use crate::{
    fast::HashSet,
    memory::{Locked, Members},
    model::Node,
};
use std::sync::Arc;

/// Targets on their way into the cells of their owners.
#[derive(Default)]
pub(super) struct Entered {
    /// All targets, by owner.
    pub(super) targets: Vec<Node>,
    /// Owner, first target, number of targets.
    owned: Vec<(Node, u32, u32)>,
    /// Targets that were in memory before.
    pub(super) present: Vec<Node>,
    pub(super) partial: Vec<(Node, Vec<Node>)>,
    seen: HashSet<Node>,
}

impl Entered {
    pub(super) fn loaded(&mut self, owner: Node, nodes: &[Node]) {
        self.owned.push((owner, self.targets.len() as u32, nodes.len() as u32));
        self.targets.extend_from_slice(nodes);
    }

    /// All owners share one list.
    pub(super) fn share(&self, graph: &mut Locked<'_>, position: u16) {
        let all: Arc<[Node]> = self.targets.as_slice().into();
        graph.graph.cells.reserve(self.owned.len());
        for (owner, start, len) in self.owned.iter().copied() {
            graph.set_members(owner, position, Members::Part { all: all.clone(), start, len });
        }
    }

    pub(super) fn present(&mut self, nodes: Vec<Node>) {
        self.present.extend(&nodes);
        self.targets.extend(nodes);
    }

    pub(super) fn single(&mut self, target: Node, loaded: bool) {
        if self.seen.insert(target) {
            self.targets.push(target);
            if !loaded {
                self.present.push(target);
            }
        }
    }
}
