//! Rows of a result become entities: one per key, the freshest version as the rules say.
use super::{
    Edge, Locked, Nodes, State, Target,
    found::{Found, NEW},
    graph::UNVERIFIED,
    journal::Before,
};
use crate::{
    error::{Error, Kind, Result},
    model::{Batch, ColumnSet, Node, Rows},
    schema::Table,
};

/// What a row does to an entity that is already in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// It replaces what an earlier transaction read.
    ByTransaction,
    /// The same for a row that is locked now; one whose version is not that in memory is an error.
    Locked,
    /// It is what this transaction just wrote: it replaces what was read, and keeps changes.
    Written,
    /// It always replaces a clean entity, and also discards changes.
    Force,
}

impl Freshness {
    /// For what is loaded along with rows: it is not locked.
    pub(crate) fn of_related(self) -> Self {
        match self {
            Self::ByTransaction | Self::Locked | Self::Written => Self::ByTransaction,
            Self::Force => Self::Force,
        }
    }
}

/// From this number of rows on a result is kept as a chunk of its own. So is a model's first one: most sessions have no other.
const OWN_CHUNK: usize = 64;

impl Locked<'_> {
    /// Takes the rows of a result into memory and tells the entity of each. `unique`: no row occurs twice.
    pub(crate) fn intern(
        &mut self,
        table: &'static Table,
        batch: Box<dyn Batch>,
        unique: bool,
        freshness: Freshness,
    ) -> Result<Nodes> {
        let epoch = self.graph.epoch;
        let arena = self.arena;
        let model = self.graph.model(arena, table);
        if unique && model.is_empty() {
            // An index that was made while there was no row would not hold these; it is made again when it is needed.
            model.indexes.clear();
            return self.adopt(table, batch, epoch);
        }
        let columns = table.primary_key;
        let rows = batch.len();
        if rows == 1 {
            return self.intern_one(table, batch, freshness);
        }
        let arena = self.arena;
        let last = self.graph.model(arena, table).chunks.last().copied();
        let mut found = Found::new(batch.as_ref(), columns);
        last.into_iter().for_each(|chunk| found.follow(arena, Node { chunk, row: 0 }));
        while let Some(row) = found.next() {
            found.look_up(self.index(table, columns), row);
            found.follow_last(arena);
        }
        let Found { nodes, fresh, .. } = found;
        let mut stale = None;
        for (row, node) in nodes.iter().enumerate().filter(|(_, node)| node.chunk != NEW) {
            let met = self.meet(*node, batch_rows(batch.as_ref()), row, freshness);
            stale = stale.or(met.err());
        }
        // Not before the new rows have their places: the index names them already.
        let added = self.adopt_part(table, batch, &fresh, epoch)?;
        if let Some(stale) = stale {
            return Err(stale);
        }
        let nodes: Vec<Node> = nodes.into_iter().filter_map(|node| resolve(node, &added)).collect();
        Ok(Nodes::of(&nodes))
    }

    /// The same for a single row, without lists.
    fn intern_one(&mut self, table: &'static Table, batch: Box<dyn Batch>, freshness: Freshness) -> Result<Nodes> {
        let key = batch.key(0, table.primary_key);
        match self.index(table, table.primary_key).nodes.get(&key).copied() {
            Some(node) => {
                self.meet(node, batch_rows(batch.as_ref()), 0, freshness)?;
                Ok(Nodes::Run { chunk: node.chunk, start: node.row, len: 1 })
            }
            None => {
                let epoch = self.graph.epoch;
                self.adopt_part(table, batch, &[0], epoch)
            }
        }
    }

    /// Takes all rows, of which none is known.
    fn adopt(&mut self, table: &'static Table, batch: Box<dyn Batch>, epoch: u32) -> Result<Nodes> {
        let len = batch.len() as u32;
        let arena = self.arena;
        let model = self.graph.model(arena, table);
        let nodes = if (len as usize) < OWN_CHUNK && !(len > 0 && model.is_empty()) {
            self.absorb(table, batch, epoch)?
        } else {
            let chunk = arena.adopt(table, batch.into_rows(), model.growing, epoch);
            model.chunks.push(chunk);
            Nodes::Run { chunk, start: 0, len }
        };
        self.note_tentative(&nodes);
        Ok(nodes)
    }

    /// Moves a few rows into the growing chunk.
    fn absorb(&mut self, table: &'static Table, batch: Box<dyn Batch>, epoch: u32) -> Result<Nodes> {
        let arena = self.arena;
        let model = self.graph.model(arena, table);
        let growing = model.growing;
        let range = arena.growing_rows(growing).absorb(batch)?;
        arena.fill_slots(growing, range.end);
        for row in range.clone() {
            arena.slot(Node { chunk: growing, row: row as u32 }).set_epoch(epoch);
            model.singles.push(row as u32);
        }
        Ok(Nodes::Run { chunk: growing, start: range.start as u32, len: range.len() as u32 })
    }

    /// Takes the rows at those positions, enters them into the indexes, and tells their entities.
    fn adopt_part(
        &mut self,
        table: &'static Table,
        mut batch: Box<dyn Batch>,
        rows: &[usize],
        epoch: u32,
    ) -> Result<Nodes> {
        if rows.len() < batch.len() {
            let mut next = rows.iter().peekable();
            batch.retain(&mut |row| next.next_if_eq(&&row).is_some());
        }
        let nodes = self.adopt(table, batch, epoch)?;
        let arena = self.arena;
        for index in &mut self.graph.model(arena, table).indexes {
            for node in nodes.iter() {
                let (rows, row) = arena.current(node);
                index.nodes.insert(rows.key(row, index.columns), node);
            }
        }
        Ok(nodes)
    }

    fn note_tentative(&mut self, nodes: &Nodes) {
        if self.graph.written {
            for node in nodes.iter() {
                self.graph.record_row(node, Before::Seen(UNVERIFIED));
            }
        }
    }

    /// A row of an entity that is in memory.
    fn meet(&mut self, node: Node, rows: &dyn Rows, row: usize, freshness: Freshness) -> Result<()> {
        let epoch = self.arena.epoch(node);
        let is_now = matches!(freshness, Freshness::Written | Freshness::Force);
        let newer = epoch == UNVERIFIED || epoch < self.graph.epoch || is_now;
        if self.arena.state(node) == State::Deleting {
            return Ok(());
        }
        if !newer {
            self.check_lock(node, (rows, row), freshness)?;
            return self.complete(node, rows, row);
        }
        if !is_now && self.is_outdated(node, (rows, row)) {
            // Changes of another version than the row has now: they stay stale, and their flush says so.
            return self.check_lock(node, (rows, row), freshness);
        }
        let noted = self.see(node);
        let differs = self.news(node, rows, row);
        if freshness != Freshness::Force && differs.is_empty() {
            return Ok(());
        }
        let before = self.targets(node, freshness);
        let differs = if freshness == Freshness::Force {
            self.forget_changes(node);
            self.news(node, rows, row)
        } else {
            differs
        };
        if !differs.is_empty() {
            noted.into_iter().for_each(|seen| self.graph.record_row(node, Before::Seen(seen)));
            self.replace(node, (rows, row), differs)?;
        }
        self.follow_keys(node, before, freshness);
        Ok(())
    }

    /// A row was met in a result. Tells when it was seen before, if that is not noted: of a row of which nobody knew whether
    /// it exists it is, once something was written, since what is undone may be what made the row.
    pub(super) fn see(&mut self, node: Node) -> Option<u32> {
        let slot = self.arena.slot(node);
        let seen = slot.epoch();
        slot.see(self.graph.epoch);
        if seen != UNVERIFIED || !self.graph.written {
            return Some(seen);
        }
        self.graph.record_row(node, Before::Seen(seen));
        None
    }

    /// Takes the unwritten changes of an entity back, those of its references among them.
    pub(crate) fn discard(&mut self, node: Node) {
        if self.graph.base.contains_key(&node) {
            let before = self.targets(node, Freshness::Force);
            self.forget_changes(node);
            self.follow_keys(node, before, Freshness::Force);
        }
    }

    /// A row that is locked must have the version that memory has of it.
    fn check_lock(&self, node: Node, row: (&dyn Rows, usize), freshness: Freshness) -> Result<()> {
        if freshness != Freshness::Locked || !self.other_version(node, row) {
            return Ok(());
        }
        let message = format!(
            "{} was changed by somebody else since it was read: read it again with `session.refresh`, or lock it by a query with \
             `.refresh_existing()`",
            self.name(node)
        );
        Err(Error::new(Kind::Stale, message).with_entity(self.name(node)))
    }

    /// Whether an entity has changes that were made to another version than the row has.
    fn is_outdated(&self, node: Node, row: (&dyn Rows, usize)) -> bool {
        self.graph.base.contains_key(&node) && self.other_version(node, row)
    }

    /// Whether a row's version column is not what the database had when memory last saw it.
    fn other_version(&self, node: Node, (rows, row): (&dyn Rows, usize)) -> bool {
        let Some(column) = self.arena.table(node).version_column() else { return false };
        let (old, old_row) = self.stored_row(node);
        rows.value(row, column) != old.value(old_row, column)
    }

    /// A version of a row is what the database has now.
    pub(super) fn take_version(&mut self, node: Node, rows: &dyn Rows, row: usize) -> Result<()> {
        let differs = self.news(node, rows, row);
        if differs.is_empty() {
            return Ok(());
        }
        let before = self.targets(node, Freshness::Written);
        self.replace(node, (rows, row), differs)?;
        self.follow_keys(node, before, Freshness::Written);
        Ok(())
    }

    /// A row that is new in memory joins the lists of its parents, where those are known.
    pub(super) fn show_in_lists(&mut self, node: Node) {
        for edge in self.edges(self.arena.table(node)).into_iter().filter(|edge| edge.down.is_some()) {
            if let Target::Node(parent) = self.target(node, &edge) {
                self.show_child((node, parent), &edge, true);
            }
        }
    }

    /// What the references of a row lead to, before another version of it is seen.
    fn targets(&mut self, node: Node, freshness: Freshness) -> Vec<(Edge, Target)> {
        let edges = self.edges(self.arena.table(node));
        let known = |edge: &Edge| {
            freshness == Freshness::Force || edge.down.is_some() || self.graph.dangling.contains(&(node, edge.columns))
        };
        let edges: Vec<Edge> = edges.into_iter().filter(known).collect();
        edges.into_iter().map(|edge| (edge, self.target(node, &edge))).collect()
    }

    /// The lists of parents follow what the database says of a child's keys.
    fn follow_keys(&mut self, node: Node, before: Vec<(Edge, Target)>, freshness: Freshness) {
        for (edge, before) in before {
            if freshness == Freshness::Force {
                self.set_link(node, edge.columns, None);
                self.graph.orphans.retain(|orphan| *orphan != (node, edge.columns));
            }
            self.graph.dangling.remove(&(node, edge.columns));
            let now = self.target(node, &edge);
            if let (Target::Node(parent), true) = (&before, before != now) {
                self.show_child((node, *parent), &edge, false);
            }
            if let Target::Node(parent) = now {
                self.show_child((node, parent), &edge, true);
            }
        }
    }

    /// What the references of an added row lead to, before it is known what the database has.
    pub(crate) fn references(&mut self, node: Node) -> Vec<(Edge, Target)> {
        self.targets(node, Freshness::Force)
    }

    /// The references of a row are those that the database has, whatever they were before.
    pub(crate) fn follow_stored(&mut self, node: Node, before: Vec<(Edge, Target)>) {
        self.follow_keys(node, before, Freshness::Force);
    }

    /// A child shows, or shows no more, in the list of a parent, if that list is known.
    pub(super) fn show_child(&mut self, (node, parent): (Node, Node), edge: &Edge, shows: bool) {
        let Some(down) = edge.down else { return };
        let known = self.graph.cells.get(&(parent, down)).and_then(|cell| cell.members.as_ref());
        match known.map(|members| members.contains(node)) {
            Some(true) if !shows => self.leave_parent(node, edge, parent),
            Some(false) if shows => self.join_parent(node, edge, parent),
            Some(_) | None => {}
        }
    }

    /// Whether a column that may be left out is in memory.
    pub(crate) fn has_deferred(&self, node: Node) -> bool {
        let (rows, row) = self.arena.current(node);
        let mut columns = (0..).zip(self.arena.table(node).columns);
        columns.any(|(position, column)| column.deferred && rows.is_loaded(row, position))
    }

    /// Columns that were left out of memory are taken from a row that has them.
    fn complete(&mut self, node: Node, rows: &dyn Rows, row: usize) -> Result<()> {
        if !self.arena.table(node).columns.iter().any(|column| column.deferred) {
            return Ok(());
        }
        let deferred = |(position, column): (usize, &crate::schema::Column)| column.deferred.then_some(position as u16);
        let columns: ColumnSet = self.arena.table(node).columns.iter().enumerate().filter_map(deferred).collect();
        let (old, old_row) = self.arena.current(node);
        let missing = columns.iter().filter(|column| !old.is_loaded(old_row, *column) && rows.is_loaded(row, *column));
        let missing: ColumnSet = missing.collect();
        if missing.is_empty() {
            return Ok(());
        }
        self.replace(node, (rows, row), missing)
    }

    fn forget_changes(&mut self, node: Node) {
        // Its place among the changed rows goes with the next flush.
        let Some(base) = self.graph.base.remove(&node) else { return };
        let slot = self.arena.slot(node);
        self.graph.record_row(node, Before::Version(slot.current()));
        slot.publish(base);
    }

    /// The columns of a row that differ from what the database had.
    fn news(&self, node: Node, rows: &dyn Rows, row: usize) -> ColumnSet {
        let (old, old_row) = self.stored_row(node);
        let differs = rows.difference(row, old, old_row);
        differs.iter().filter(|column| rows.is_loaded(row, *column)).collect()
    }

    /// Columns of what the database has are replaced; those changed in memory keep their values.
    fn replace(&mut self, node: Node, from: (&dyn Rows, usize), columns: ColumnSet) -> Result<()> {
        let arena = self.arena;
        let base = self.graph.base.get(&node).copied();
        let changed = self.changed(node);
        let before = arena.current_version(node);
        let growing = arena.growing(node);
        let version = growing.push_merged(arena.version(node, base.unwrap_or(before)), from, columns)?;
        // It stands in the indexes under what the database has.
        self.leave_changed(node, base.unwrap_or(before), columns);
        self.enter_changed(node, Some(version as u32), columns);
        let Some(_) = base else {
            self.publish(node, version);
            return Ok(());
        };
        arena.fill_slots(arena.growing_chunk(node), version + 1);
        self.graph.base.insert(node, Some(version as u32));
        let current = arena.current(node);
        let merged = growing.push_merged(arena.version(node, Some(version as u32)), current, changed)?;
        self.publish(node, merged);
        Ok(())
    }
}

fn resolve(node: Node, added: &Nodes) -> Option<Node> {
    if node.chunk == NEW { added.get(node.row as usize) } else { Some(node) }
}

fn batch_rows(batch: &dyn Batch) -> &dyn Rows {
    batch
}
