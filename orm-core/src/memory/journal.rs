//! What to undo: every change since the last commit, in order, so that a rollback restores memory.
use super::{
    Beside, Cell, Claim, Edge, LinkChange, Locked, Reference, State, UNVERIFIED,
    cells::Places,
    graph::{EdgeKey, Graph, Lost},
    identity::Base,
    opens::Opens,
};
use crate::{
    fast::HashSet,
    model::{Node, Open},
    schema::Table,
    value::Key,
};

/// How one change is undone.
pub(crate) enum Undo {
    Version {
        node: Node,
        version: Option<u32>,
    },
    State {
        node: Node,
        state: State,
    },
    Cell {
        node: Node,
        relation: u16,
        /// In a box: it is large and rare, and each entry of the journal has room for the largest.
        cell: Option<Box<Cell>>,
    },
    /// A member joined or left.
    Member {
        node: Node,
        relation: u16,
        member: Node,
        places: Places,
    },
    /// A member of a list that keeps positions was moved from that place.
    Moved {
        node: Node,
        relation: u16,
        member: Node,
        place: u32,
    },
    Link {
        node: Node,
        edge: EdgeKey,
        target: Option<Reference>,
    },
    /// What was left open in an added row, which was written.
    Open {
        node: Node,
        open: Open,
    },
    /// An added row was written: what was left open in it, and its version before.
    Arrived {
        node: Node,
        open: Option<Open>,
        version: Option<u32>,
    },
    Index {
        table: &'static Table,
        columns: &'static [u16],
        key: Key,
        node: Option<Node>,
    },
    /// An index was made of what the transaction has written; another one is made when it is needed.
    NewIndex {
        table: &'static Table,
        columns: &'static [u16],
    },
    /// A row that was read again and differed: what it was read in before.
    Seen {
        node: Node,
        epoch: u32,
    },
    /// A row that was first read after the transaction's first write: nobody knows whether it exists.
    Tentative {
        node: Node,
    },
}

/// Where a flush stands in the journal: what came between collecting and settling, and after settling, it did not write.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Flushed {
    pub(crate) collected: usize,
    pub(crate) settling: usize,
    pub(crate) settled: usize,
}

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
        while self.graph.journal.len() > mark {
            if let Some(undo) = self.graph.journal.pop() {
                self.undo(undo);
            }
        }
    }

    fn undo(&mut self, undo: Undo) {
        let arena = self.arena;
        match undo {
            Undo::Version { node, version } => {
                arena.slot(node).publish(version);
                self.undo_expunged(node, version);
            }
            Undo::State { node, state } => {
                if self.undoes_state(node, state) {
                    arena.slot(node).set_state(state);
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
            Undo::Open { node, open } => self.graph.open.insert(node, open),
            Undo::Arrived { node, open, version } => {
                arena.slot(node).publish(version);
                self.undo_expunged(node, version);
                if let Some(open) = open {
                    self.graph.open.insert(node, open);
                }
                if self.undoes_state(node, State::Pending) {
                    arena.slot(node).set_state(State::Pending);
                }
            }
            Undo::Link { node, edge, target } => {
                match target {
                    Some(target) => self.graph.links.insert((node, edge), target),
                    None => self.graph.links.remove(&(node, edge)),
                };
            }
            Undo::Index { table, columns, key, node } => {
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
            Undo::Seen { node, epoch } => arena.slot(node).set_epoch(epoch),
            Undo::Tentative { node } => arena.slot(node).set_epoch(UNVERIFIED),
        }
    }

    /// A flush has nothing to write: all that the journal has is written.
    pub(crate) fn all_written(&mut self) {
        let now = self.graph.journal.len();
        self.graph.flushed = Flushed { collected: now, settling: now, settled: now };
    }

    /// A transaction was committed. Only what its last flush did not write can still be undone.
    pub(crate) fn committed(&mut self) {
        let Flushed { collected, settling, settled } = self.graph.flushed;
        let mut journal = std::mem::take(&mut self.graph.journal);
        // Undone last: a row that was changed while it was written goes back to what was written.
        let versions = self.graph.base.iter().map(|(node, base)| Undo::Version { node: *node, version: *base });
        let mut rest: Vec<Undo> = versions.collect();
        let after = journal.split_off(settled.min(journal.len()));
        journal.truncate(settling);
        rest.extend(journal.drain(collected.min(journal.len())..));
        rest.extend(after);
        self.graph.journal = rest;
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
