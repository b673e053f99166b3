//! What loads find becomes the members of relationships.
use super::{Cell, Edge, Locked, Members, State, Undo};
use crate::{fast::HashSet, model::Node, schema::Relationship};
use std::borrow::Cow;

impl Locked<'_> {
    /// Whether all members of a relationship are known, as this transaction sees them. What a session changed or added
    /// itself stays known.
    pub(crate) fn is_fresh(&mut self, node: Node, relation: u16) -> bool {
        self.know_new(node, relation);
        self.graph
            .cells
            .get(&(node, relation))
            .is_some_and(|cell| cell.members.is_some() && cell.epoch == self.graph.epoch)
    }

    /// The members that a load found, with what changed in memory and is not written yet.
    pub(crate) fn merge_loaded<'l>(
        &mut self,
        owner: Node,
        relationship: &'static Relationship,
        loaded: &'l [Node],
    ) -> Cow<'l, [Node]> {
        if !self.graph.has_changes() {
            return Cow::Borrowed(loaded);
        }
        let position = relationship.position();
        let Some(edge) = Edge::of(relationship) else { return self.merge_links(owner, position, loaded).into() };
        let mut members: Vec<Node> =
            loaded.iter().copied().filter(|node| self.is_child_of(*node, &edge, owner)).collect();
        let mut seen: HashSet<Node> = members.iter().copied().collect();
        let queued = self.members(owner, position);
        // Those that were added by the owner's key are queued nowhere.
        let added = self.graph.pending.iter().copied().filter(|node| self.arena.table(*node) == edge.child);
        for node in queued.into_iter().chain(added).collect::<Vec<_>>() {
            if self.is_unwritten(node) && self.is_child_of(node, &edge, owner) && seen.insert(node) {
                members.push(node);
            }
        }
        members.into()
    }

    fn is_unwritten(&self, node: Node) -> bool {
        self.arena.state(node) == State::Pending || self.graph.base.contains_key(&node)
    }

    /// Pushes and removals that are written now are no longer remembered for collections that are not loaded: a load
    /// reads them.
    pub(crate) fn forget_written(&mut self) {
        for place in std::mem::take(&mut self.graph.queued) {
            let Some(mut cell) = self.graph.cells.remove(&place) else { continue };
            let linked = |node: Node| self.is_unwritten(node) || !self.graph.link_changes.is_empty();
            cell.added.retain(linked);
            cell.removed.retain(linked);
            if cell.members.is_none() && !(cell.added.as_slice().is_empty() && cell.removed.as_slice().is_empty()) {
                self.graph.queued.push(place);
            }
            self.graph.cells.insert(place, cell);
        }
    }

    /// The known members stand in that order; any others come behind. A list that keeps positions is numbered anew by the
    /// next flush.
    pub(crate) fn rearrange(&mut self, owner: Node, relation: u16, order: &[Node]) {
        if self.arrange(owner, relation, order) {
            self.note_rearranged((owner, relation));
        }
    }

    /// The known members stand in that order; any others come behind. Tells whether that is another order.
    pub(crate) fn arrange(&mut self, owner: Node, relation: u16, order: &[Node]) -> bool {
        let Some(cell) = self.graph.cells.get(&(owner, relation)) else { return false };
        let Some(members) = &cell.members else { return false };
        let present: HashSet<Node> = members.as_slice().iter().copied().collect();
        let mut seen: HashSet<Node> = HashSet::default();
        let given = order.iter().chain(members.as_slice()).copied();
        let nodes: Vec<Node> = given.filter(|node| present.contains(node) && seen.insert(*node)).collect();
        let differs = nodes != members.as_slice();
        if differs {
            let arranged = Cell { members: Some(Members::of(nodes)), ..cell.clone() };
            let before = self.graph.cells.insert((owner, relation), arranged);
            self.graph.record(Undo::Cell { node: owner, relation, cell: before.map(Box::new) });
        }
        differs
    }

    /// All members of a relationship are known now.
    pub(crate) fn set_members(&mut self, node: Node, relation: u16, members: Members) {
        let epoch = self.graph.epoch;
        let cell = Cell { members: Some(members), epoch, ..Cell::default() };
        let before = self.graph.cells.insert((node, relation), cell);
        // With nothing to undo, what was read stays read.
        if self.graph.written || !self.graph.journal.is_empty() {
            self.graph.record(Undo::Cell { node, relation, cell: before.map(Box::new) });
        }
    }
}
