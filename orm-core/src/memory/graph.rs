//! What is known of the rows beyond their values: identities, states, relationships, and what is not written yet.
use super::{
    Arena, Beside, Cell, Far, LinkChange, Locked, Reference, State,
    identity::{Base, Index, ModelState},
    journal::{Before, Flushed, Journal, Undo},
    opens::Opens,
};
use crate::{
    error::{Error, Result},
    fast::{HashMap, HashSet},
    model::{Batch, ColumnSet, Node, Open},
    schema::{Table, id},
    value::{Key, Value},
};

/// The columns of a foreign key: with the child's node they name one reference.
pub(crate) type EdgeKey = &'static [u16];

/// The part of a session's memory that is behind the lock.
#[derive(Default)]
pub(crate) struct Graph {
    pub(crate) models: HashMap<usize, ModelState>,
    /// To-one references whose target is known as an entity, while the key column cannot say so.
    pub(crate) links: HashMap<(Node, EdgeKey), Reference>,
    pub(crate) cells: HashMap<(Node, u16), Cell>,
    /// The cells that hold pushes and removals until their members are loaded, or these are written.
    pub(crate) queued: Vec<(Node, u16)>,
    /// References whose key names no row, as a load found.
    pub(crate) dangling: HashSet<(Node, EdgeKey)>,
    /// The added rows in the order of their adding, and what was left open in each.
    pub(crate) pending: Vec<Node>,
    pub(crate) open: Opens,
    /// What was left open in added rows that a rollback made transient.
    pub(crate) retired: HashMap<Node, Open>,
    /// Rows whose entities were taken out of the session, with the version that the database has.
    pub(crate) expunged: HashMap<Node, Option<u32>>,
    /// Whether `or_connect` was ever used, so that one must look.
    pub(crate) connects: bool,
    /// The changed rows in the order of their first change. One that `base` does not have is not changed any more.
    pub(crate) dirty: Vec<Node>,
    /// The changed rows, with the version that the database has.
    pub(crate) base: Base,
    pub(crate) deleting: Vec<Node>,
    /// Those among them whose rows go, although their model deletes softly.
    pub(crate) permanent: HashSet<Node>,
    pub(crate) link_changes: Vec<LinkChange>,
    /// Children taken from a parent that deletes orphans, with the key they were taken from.
    pub(crate) orphans: Vec<(Node, EdgeKey)>,
    /// Lists that keep their members' positions and got another order: their owners and relationships.
    pub(crate) rearranged: Vec<(Node, u16)>,
    /// Targets taken from an owner that deletes what it lets go, where the key is on the owner or in a link.
    pub(crate) lost: Vec<Lost>,
    /// The owner that last took a target which may have one owner only; whether it still has it is asked when it matters.
    pub(crate) owners: HashMap<(Node, usize), Node>,
    /// Keys that only a parent's relationship declares, by the child's table, as they were met.
    pub(crate) one_sided: Vec<super::Edge>,
    /// Rows that were given by their keys as targets of a to-many: the next flush reads them and gives them their owner.
    pub(crate) claims: Vec<Claim>,
    /// Parents of a one-to-one that got a child while it was not known whether they have one: the next flush looks.
    pub(crate) displacing: Vec<(Node, Node, super::Edge)>,
    pub(crate) journal: Journal,
    /// Added rows that may be there already, by the values by which they are found; some may have left since.
    pub(crate) connecting: HashMap<super::connect::Connecting, Node>,
    /// Where the last flush stands in the journal.
    pub(crate) flushed: Flushed,
    /// Commits and rollbacks so far, plus one.
    pub(crate) epoch: u32,
    /// Whether the open transaction has written.
    pub(crate) written: bool,
    /// What this transaction wrote that memory may not know of as members of collections.
    pub(crate) beside: Beside,
    /// A mistake that an infallible call recorded; the next flush fails with it.
    pub(crate) mistake: Option<Error>,
}

/// A row that was given by its key as the target of a `HasMany` or `HasOne`.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(crate) relationship: &'static crate::schema::Relationship,
    pub(crate) owner: Node,
    pub(crate) key: Vec<Value>,
}

/// A target that was taken from its owner.
#[derive(Debug, Clone)]
pub(crate) struct Lost {
    pub(crate) relationship: &'static crate::schema::Relationship,
    pub(crate) target: Far,
}

/// What a to-one relationship leads to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    /// Nothing: the key is null, or was not given.
    None,
    /// An entity in memory.
    Node(Node),
    /// A row that is not in memory.
    Key(Vec<Value>),
    /// The key names no row.
    Dangling,
}

impl Graph {
    pub(crate) fn new() -> Self {
        // Epoch 0 means "that of the chunk".
        Self { epoch: 1, ..Self::default() }
    }

    pub(crate) fn model(&mut self, arena: &Arena, table: &'static Table) -> &mut ModelState {
        let id = id(table);
        self.models.entry(id).or_insert_with(|| ModelState::new(arena.grow(table)))
    }

    /// Notes how a change is undone.
    pub(crate) fn record(&mut self, undo: Undo) {
        self.journal.push(undo);
    }

    /// Notes what a row was before a change.
    pub(crate) fn record_row(&mut self, node: Node, before: Before) {
        self.journal.push_row(node, before);
    }

    /// Whether there is anything to write.
    pub(crate) fn has_changes(&self) -> bool {
        !(self.pending.is_empty()
            && self.base.is_empty()
            && self.deleting.is_empty()
            && self.link_changes.is_empty()
            && self.claims.is_empty()
            && self.displacing.is_empty()
            && self.rearranged.is_empty()
            && self.orphans.is_empty()
            && self.lost.is_empty())
            || self.mistake.is_some()
    }

    /// Whether rows must be read before it can be said what there is to write.
    pub(crate) fn has_open_questions(&self) -> bool {
        let unknown = |lost: &Lost| matches!(lost.target, Far::Key(_));
        !(self.claims.is_empty() && self.displacing.is_empty()) || self.lost.iter().any(unknown)
    }

    /// Remembers the first mistake.
    pub(crate) fn mistake(&mut self, error: Error) {
        self.mistake.get_or_insert(error);
    }
}

impl Locked<'_> {
    pub(crate) fn model(&mut self, table: &'static Table) -> &mut ModelState {
        self.graph.model(self.arena, table)
    }

    pub(crate) fn index(&mut self, table: &'static Table, columns: &'static [u16]) -> &mut Index {
        let arena = self.arena;
        let id = id(table);
        let Graph { models, base, journal, written, .. } = &mut *self.graph;
        let model = models.entry(id).or_insert_with(|| ModelState::new(arena.grow(table)));
        let place = model.place_of_index(columns).unwrap_or_else(|| {
            if *written || !journal.is_empty() {
                journal.push(Undo::NewIndex { table, columns });
            }
            model.make_index(arena, columns, base)
        });
        &mut model.indexes[place]
    }

    /// The entity of a model with that key, if it is in memory and has a row.
    pub(crate) fn find(&mut self, table: &'static Table, columns: &'static [u16], key: &Key) -> Option<Node> {
        if key.has_null() {
            return None;
        }
        self.index(table, columns).nodes.get(key).copied()
    }

    pub(crate) fn set_state(&mut self, node: Node, state: State) {
        let slot = self.arena.slot(node);
        let before = slot.state();
        if before != state {
            self.graph.record_row(node, Before::State(before));
            slot.set_state(state);
        }
    }

    /// Takes a row into memory that is not part of the session.
    pub(crate) fn place(&mut self, table: &'static Table, row: Box<dyn std::any::Any + Send + Sync>) -> Result<Node> {
        let arena = self.arena;
        let growing = self.graph.model(arena, table).growing;
        let row = arena.growing_rows(growing).push(row)?;
        arena.fill_slots(growing, row + 1);
        Ok(self.place_version(table, row as u32))
    }

    /// Takes rows of one model into memory that are not part of the session.
    pub(crate) fn place_all(&mut self, table: &'static Table, rows: Box<dyn Batch>) -> Result<Vec<Node>> {
        let arena = self.arena;
        let growing = self.model(table).growing;
        let places = arena.growing_rows(growing).absorb(rows)?;
        arena.fill_slots(growing, places.end);
        Ok(places.map(|place| self.place_version(table, place as u32)).collect())
    }

    /// Makes a row of the model's growing chunk an entity that is not part of the session.
    pub(crate) fn place_version(&mut self, table: &'static Table, row: u32) -> Node {
        let (arena, epoch) = (self.arena, self.graph.epoch);
        let model = self.graph.model(arena, table);
        model.singles.push(row);
        let node = Node { chunk: model.growing, row };
        let slot = arena.slot(node);
        slot.set_epoch(epoch);
        slot.set_state(State::Transient);
        node
    }

    /// Makes a transient entity pending.
    pub(crate) fn enlist(&mut self, node: Node, open: Open) {
        self.graph.connects |= !open.connect.is_empty();
        self.set_state(node, State::Pending);
        self.graph.pending.push(node);
        self.graph.open.insert(node, open);
    }

    /// Makes an entity pending again that a rollback made transient, or `expunge` before it was written.
    pub(super) fn enlist_again(&mut self, node: Node) {
        let open = self.graph.retired.remove(&node).unwrap_or_default();
        self.enlist(node, open);
        self.show_by_key(node);
    }

    /// An added row leaves again, as if it had not been added.
    pub(crate) fn withdraw(&mut self, node: Node) {
        self.set_state(node, State::Transient);
        if self.graph.pending.last() == Some(&node) {
            self.graph.pending.pop();
        }
        if let Some(open) = self.graph.open.remove(&node) {
            self.graph.retired.insert(node, open);
        }
    }

    /// Rows that were withdrawn are not among the added ones any more.
    pub(crate) fn forget_withdrawn(&mut self) {
        let arena = self.arena;
        self.graph.pending.retain(|node| arena.state(*node) == State::Pending);
    }

    /// What was left open in an added row counts no more: it is written.
    pub(crate) fn close(&mut self, node: Node) {
        if let Some(open) = self.graph.open.remove(&node) {
            self.graph.record_row(node, Before::Open(Box::new(open)));
        }
    }

    /// An added row is written: it has a row in the database now, and nothing is left open in it. How that is undone includes
    /// the version until now.
    pub(crate) fn arrive(&mut self, node: Node) {
        let open = self.graph.open.remove(&node);
        let (slot, epoch) = (self.arena.slot(node), self.graph.epoch);
        self.graph.journal.push_arrived(node, open, slot.current());
        slot.set_state(State::Persistent);
        slot.set_epoch(epoch);
        slot.set_inserted();
    }

    /// Publishes a version that was appended to the growing chunk.
    pub(crate) fn publish(&mut self, node: Node, version: usize) {
        let slot = self.arena.slot(node);
        // What is not part of the session is not part of its transactions.
        if slot.state() != State::Transient {
            self.graph.record_row(node, Before::Version(slot.current()));
        }
        slot.publish(Some(version as u32));
    }

    /// Publishes a version without noting how that is undone.
    pub(crate) fn show(&mut self, node: Node, version: usize) {
        self.arena.slot(node).publish(Some(version as u32));
    }

    /// Marks a row as changed; its current version is what the database has, if it was not changed already.
    pub(crate) fn touch(&mut self, node: Node) {
        let slot = self.arena.slot(node);
        // Added rows are written whole; what is not part of the session is nobody's work.
        if !matches!(slot.state(), State::Persistent | State::Deleting) {
            return;
        }
        let Graph { base, dirty, .. } = &mut *self.graph;
        base.entry(node).or_insert_with(|| {
            dirty.push(node);
            slot.current()
        });
    }

    /// Changes columns of a row as the database has them: no change that a flush would write.
    pub(crate) fn rewrite(&mut self, node: Node, changes: &[(u16, Value)]) -> Result<()> {
        let arena = self.arena;
        let (rows, row) = arena.current(node);
        let version = arena.growing(node).push_changed(rows, row, changes)?;
        self.publish(node, version);
        Ok(())
    }

    /// Columns in which an entity differs from what the database has.
    pub(crate) fn changed(&self, node: Node) -> ColumnSet {
        let Some(base) = self.graph.base.get(&node) else { return ColumnSet::EMPTY };
        let (rows, row) = self.arena.current(node);
        let (base, base_row) = self.arena.version(node, *base);
        rows.difference(row, base, base_row)
    }

    /// The columns that an UPDATE has to write: those that differ, and keys whose target is not written yet.
    pub(crate) fn unwritten_columns(&mut self, node: Node) -> ColumnSet {
        let mut columns = self.changed(node);
        if self.graph.links.is_empty() {
            return columns;
        }
        for edge in self.edges(self.arena.table(node)) {
            if self.graph.links.contains_key(&(node, edge.columns)) {
                columns = columns.union(edge.columns.iter().copied().collect());
            }
        }
        columns
    }

    pub(crate) fn key(&self, node: Node, columns: &[u16]) -> Key {
        let (rows, row) = self.arena.current(node);
        rows.key(row, columns)
    }

    pub(crate) fn values(&self, node: Node, columns: &[u16]) -> Vec<Value> {
        let (rows, row) = self.arena.current(node);
        columns.iter().map(|column| rows.value(row, *column)).collect()
    }

    /// How messages name an entity: `User#7`, or `User (new)`.
    pub(crate) fn name(&self, node: Node) -> String {
        let table = self.arena.table(node);
        match self.arena.state(node) {
            State::Pending | State::Transient => format!("{} (new)", table.model),
            State::Persistent | State::Deleting | State::Deleted => {
                format!("{}#{}", table.model, self.key(node, table.primary_key))
            }
        }
    }
}

/// The epoch of a row of which nobody knows whether it exists.
pub(crate) const UNVERIFIED: u32 = u32::MAX;

impl Locked<'_> {
    /// A version of a row with some columns changed, which nobody sees.
    pub(crate) fn version_with(
        &mut self,
        node: Node,
        version: Option<u32>,
        changes: &[(u16, Value)],
    ) -> Result<Option<u32>> {
        if changes.is_empty() {
            return Ok(version);
        }
        let arena = self.arena;
        let (rows, row) = arena.version(node, version);
        let changed = arena.growing(node).push_changed(rows, row, changes)?;
        Ok(Some(changed as u32))
    }

    /// Rows that have no other version than the one that the database has are not changed any more.
    pub(crate) fn forget_unchanged(&mut self) {
        let graph = &mut *self.graph;
        let base = &graph.base;
        // Each changed row is in the list, so that a list of as many rows has nothing else.
        if graph.dirty.len() == base.len() {
            return;
        }
        let mut seen = HashSet::<Node>::default();
        graph.dirty.retain(|node| base.contains_key(node) && seen.insert(*node));
    }
}
