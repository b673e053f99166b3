//! Undoing: memory as it was, from the journal and from what was not written.
use super::{
    Beside, Claim, Edge, LinkChange, Locked, State,
    graph::{EdgeKey, Graph, Lost},
    identity::Base,
    journal::{Before, Flushed, Indexed, Undo},
    opens::Opens,
};
use crate::{fast::HashSet, model::Node};

/// What is not written, as it was at some time.
#[derive(Clone, Default)]
pub(crate) struct Unwritten {
    pending: Vec<Node>,
    open: Opens,
    dirty: Vec<Node>,
    base: Base,
    deleting: Vec<Node>,
    link_changes: Vec<LinkChange>,
    orphans: Vec<(Node, EdgeKey)>,
    lost: Vec<Lost>,
    claims: Vec<Claim>,
    queued: Vec<(Node, u16)>,
    displacing: Vec<(Node, Node, Edge)>,
    rearranged: Vec<(Node, u16)>,
    permanent: HashSet<Node>,
}

impl Graph {
    pub(crate) fn unwritten(&self) -> Unwritten {
        Unwritten {
            pending: self.pending.clone(),
            open: self.open.clone(),
            dirty: self.dirty.clone(),
            base: self.base.clone(),
            deleting: self.deleting.clone(),
            permanent: self.permanent.clone(),
            link_changes: self.link_changes.clone(),
            orphans: self.orphans.clone(),
            lost: self.lost.clone(),
            claims: self.claims.clone(),
            queued: self.queued.clone(),
            displacing: self.displacing.clone(),
            rearranged: self.rearranged.clone(),
        }
    }

    fn set_unwritten(&mut self, unwritten: Unwritten) {
        let Unwritten {
            pending,
            open,
            dirty,
            base,
            deleting,
            permanent,
            link_changes,
            orphans,
            lost,
            claims,
            queued,
            displacing,
            rearranged,
        } = unwritten;
        (self.pending, self.open, self.dirty, self.base) = (pending, open, dirty, base);
        self.permanent = permanent;
        (self.deleting, self.link_changes, self.orphans, self.lost) = (deleting, link_changes, orphans, lost);
        (self.claims, self.queued, self.displacing, self.rearranged) = (claims, queued, displacing, rearranged);
    }
}

impl Locked<'_> {
    /// Memory becomes as it was at that mark of the journal, when that was not written.
    pub(crate) fn undo_to(&mut self, mark: usize, unwritten: Unwritten) {
        self.undo_changes(mark);
        let graph = &mut *self.graph;
        graph.retired.extend(graph.open.drain());
        graph.set_unwritten(unwritten);
        graph.leave_out_expunged();
        graph.dangling.clear();
        graph.mistake = None;
    }

    /// As [`undo_to`](Self::undo_to), for what was only tried: mistakes stay, and nothing was added or taken away.
    pub(crate) fn rewind(&mut self, mark: usize, unwritten: Unwritten) {
        self.undo_changes(mark);
        self.graph.set_unwritten(unwritten);
    }

    fn undo_changes(&mut self, mark: usize) {
        while let Some(undo) = self.graph.journal.pop_after(mark) {
            self.undo(undo);
        }
    }

    fn undo(&mut self, undo: Undo) {
        let arena = self.arena;
        match undo {
            Undo::Rows { first, count, before } => {
                for row in (first.row..first.row + count).rev() {
                    self.undo_row(Node { chunk: first.chunk, row }, &before);
                }
            }
            Undo::Cell { node, relation, cell } => {
                match cell {
                    Some(cell) => self.graph.cells.insert((node, relation), *cell),
                    None => self.graph.cells.remove(&(node, relation)),
                };
            }
            Undo::Member { node, relation, member, places } => {
                if let Some(cell) = self.graph.cells.get_mut(&(node, relation)) {
                    cell.put_back(member, places);
                }
            }
            Undo::Moved { node, relation, member, place } => self.put_at((node, relation), member, place),
            Undo::Link { node, edge, target } => {
                match target {
                    Some(target) => self.graph.links.insert((node, edge), target),
                    None => self.graph.links.remove(&(node, edge)),
                };
            }
            Undo::Index(indexed) => {
                let Indexed { table, columns, key, node } = *indexed;
                let node = node.filter(|node| !self.graph.expunged.contains_key(node));
                if let Some(index) = self.graph.model(arena, table).existing_index(columns) {
                    match node {
                        Some(node) => index.nodes.insert(key, node),
                        None => index.nodes.remove(&key),
                    };
                }
            }
            Undo::NewIndex { table, columns } => {
                self.graph.model(arena, table).forget_index(columns);
            }
        }
    }

    fn undo_row(&mut self, node: Node, before: &Before) {
        let slot = self.arena.slot(node);
        match before {
            Before::Version(version) => {
                slot.publish(*version);
                self.undo_expunged(node, *version);
            }
            Before::State(state) => {
                if self.undoes_state(node, *state) {
                    slot.set_state(*state);
                }
            }
            Before::Open(open) => self.graph.open.insert(node, **open),
            Before::Added { open, version } => {
                slot.publish(*version);
                self.undo_expunged(node, *version);
                if let Some(open) = open {
                    self.graph.open.insert(node, **open);
                }
                if self.undoes_state(node, State::Pending) {
                    slot.set_state(State::Pending);
                }
            }
            Before::Seen(epoch) => slot.set_epoch(*epoch),
        }
    }

    /// A flush has nothing to write: all that the journal has is written.
    pub(crate) fn all_written(&mut self) {
        let now = self.graph.journal.mark();
        self.graph.flushed = Flushed { collected: now, settling: now, settled: now };
    }

    /// A transaction was committed. Only what its last flush did not write can still be undone.
    pub(crate) fn committed(&mut self) {
        let graph = &mut *self.graph;
        // Undone last: a row that was changed while it was written goes back to what was written.
        let versions = graph.base.iter().map(|(node, base)| Undo::row(*node, Before::Version(*base)));
        graph.journal.keep_unwritten(versions.collect(), graph.flushed);
        self.end_transaction();
    }

    /// A transaction was rolled back.
    pub(crate) fn rolled_back(&mut self) {
        self.undo_to(0, Unwritten::default());
        self.end_transaction();
    }

    /// What is read from now on is newer than what is in memory.
    fn end_transaction(&mut self) {
        self.graph.epoch += 1;
        self.graph.written = false;
        self.graph.beside = Beside::default();
        self.graph.flushed = Flushed::default();
    }
}
