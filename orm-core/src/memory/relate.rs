//! Both sides of a relationship change together.
use super::{Cell, Edge, Far, LinkChange, Locked, Reference, State, Target, graph::EdgeKey, journal::Undo};
use crate::{
    error::{Error, Result},
    model::Node,
    schema::{Relationship, RelationshipKind},
    value::{Key, Value, is_unset},
};
use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};

impl Locked<'_> {
    /// What the reference of a child leads to.
    pub(crate) fn target(&mut self, child: Node, edge: &Edge) -> Target {
        match self.graph.links.get(&(child, edge.columns)) {
            Some(Reference::To(node)) => return Target::Node(*node),
            Some(Reference::Nothing) => return Target::None,
            None => {}
        }
        let key = self.key(child, edge.columns);
        if key.has_null() || (self.is_open_key(child, edge, &key)) {
            return Target::None;
        }
        if let Some(node) = self.find(edge.parent, edge.references, &key) {
            return Target::Node(node);
        }
        if self.graph.dangling.contains(&(child, edge.columns)) {
            return Target::Dangling;
        }
        Target::Key(self.values(child, edge.columns))
    }

    /// Whether the key of an added child was not given, so that its placeholder means nothing.
    fn is_open_key(&self, child: Node, edge: &Edge, key: &Key) -> bool {
        let Some(open) = self.graph.open.get(&child) else { return false };
        let unset = |column: &u16| {
            open.unset.has(*column)
                || (!open.given.has(*column) && {
                    let value = self.values(child, &[*column]).remove(0);
                    is_unset(&value, edge.child.columns[usize::from(*column)].sql_type)
                })
        };
        !matches!(key, Key::Null) && edge.columns.iter().any(unset)
    }

    /// Gives a child a parent, or none, on both sides.
    pub(crate) fn set_parent(&mut self, child: Node, edge: &Edge, parent: Option<Node>) -> Result<()> {
        self.note_edge(edge);
        let before = self.target(child, edge);
        if before == parent.map_or(Target::None, Target::Node) {
            return self.affirm(child, edge, parent);
        }
        if let Some(parent) = parent {
            if let Some(up) = edge.up() {
                self.take_alone(child, up, parent)?;
            }
            if edge.is_single() {
                self.displace(child, edge, parent)?;
            }
        }
        self.lose_target(edge, &before);
        match before {
            Target::Node(old) => {
                self.leave_parent(child, edge, old);
                self.note_orphan(child, edge);
            }
            Target::Key(_) => self.note_orphan(child, edge),
            Target::None | Target::Dangling => {}
        }
        let Some(parent) = parent else { return self.clear_key(child, edge) };
        let has_key = super::identity::has_row(self.arena.state(parent)) && !self.is_renamed(parent, edge.references);
        if has_key {
            self.set_link(child, edge.columns, None);
            let key = self.values(parent, edge.references);
            self.write_key(child, edge, Some(key))?;
        } else {
            self.set_link(child, edge.columns, Some(Reference::To(parent)));
            self.touch(child);
        }
        self.join_parent(child, edge, parent);
        Ok(())
    }

    /// A child has no parent any more; the flush deletes it, or refuses, if its key cannot be null.
    fn clear_key(&mut self, child: Node, edge: &Edge) -> Result<()> {
        let stays = (!edge.is_nullable()).then_some(Reference::Nothing);
        self.set_link(child, edge.columns, stays);
        self.write_key(child, edge, None)
    }

    /// The child that a parent of a one-to-one had until now is left without parent.
    fn displace(&mut self, child: Node, edge: &Edge, parent: Node) -> Result<()> {
        let Some(down) = edge.down else { return Ok(()) };
        self.know_new(parent, down);
        let stays = |node: &Node| matches!(self.arena.state(*node), State::Pending | State::Persistent);
        let cell = self.graph.cells.get(&(parent, down));
        let is_open = cell.is_none_or(|cell| cell.members.is_none());
        let known = cell.map_or(&[][..], Cell::known);
        let former: Vec<Node> = known.iter().copied().filter(|node| *node != child && stays(node)).collect();
        if is_open && self.arena.state(parent) == State::Persistent {
            self.graph.displacing.push((parent, child, *edge));
        }
        former.into_iter().try_for_each(|old| self.push_out(old, edge, (parent, child)))
    }

    /// A former partner is left without parent.
    fn push_out(&mut self, old: Node, edge: &Edge, (parent, child): (Node, Node)) -> Result<()> {
        if !edge.is_nullable() && !edge.deletes_orphans() {
            return Err(self.cannot_displace(parent, child, old));
        }
        self.set_parent(old, edge, None)
    }

    fn cannot_displace(&self, parent: Node, child: Node, old: Node) -> Error {
        Error::usage(format!(
            "{} cannot take {}: {} is there already and cannot be left alone, its key is NOT NULL; delete it, or \
             declare `cascade(all, delete_orphan)`",
            self.name(parent),
            self.name(child),
            self.name(old)
        ))
    }

    /// A child is given the parent that it has: another one that took its place meanwhile gives way again.
    fn affirm(&mut self, child: Node, edge: &Edge, parent: Option<Node>) -> Result<()> {
        match parent.filter(|_| edge.is_single() && !self.graph.displacing.is_empty()) {
            Some(parent) => self.displace(child, edge, parent),
            None => Ok(()),
        }
    }

    /// What a load found that a new child of a one-to-one displaces, whatever became of that child since. Who was given this
    /// parent by its key since is not displaced: that is for the database to refuse.
    pub(crate) fn displace_loaded(&mut self, (parent, child, edge): (Node, Node, Edge)) -> Result<()> {
        let Some(down) = edge.down else { return Ok(()) };
        let members = self.members(parent, down).into_iter();
        let former: Vec<Node> =
            members.filter(|node| *node != child && self.was_child_of(*node, &edge, parent)).collect();
        former.into_iter().try_for_each(|old| self.push_out(old, &edge, (parent, child)))
    }

    /// Whether the database has that parent for a child.
    fn was_child_of(&self, child: Node, edge: &Edge, parent: Node) -> bool {
        let current = || self.arena.slot(child).current();
        let stored = self.graph.base.get(&child).copied().unwrap_or_else(current);
        let (rows, row) = self.arena.version(child, stored);
        self.arena.state(child) == State::Persistent && rows.key(row, edge.columns) == self.key(parent, edge.references)
    }

    /// A child without parent is deleted where its parent's relationship says so.
    fn note_orphan(&mut self, child: Node, edge: &Edge) {
        if edge.deletes_orphans() {
            self.graph.orphans.push((child, edge.columns));
        }
    }

    pub(crate) fn set_link(&mut self, child: Node, edge: EdgeKey, target: Option<Reference>) {
        let before = match target {
            Some(target) => self.graph.links.insert((child, edge), target),
            None => self.graph.links.remove(&(child, edge)),
        };
        if before != target {
            self.graph.record(Undo::Link { node: child, edge, target: before });
        }
        self.graph.dangling.remove(&(child, edge));
    }

    /// Writes the key columns of a child. A key that cannot be null keeps its value until the flush decides.
    pub(super) fn write_key(&mut self, child: Node, edge: &Edge, key: Option<Vec<Value>>) -> Result<()> {
        let changes: Vec<(u16, Value)> = match key {
            Some(key) => edge.columns.iter().copied().zip(key).collect(),
            None => edge.columns.iter().filter_map(|column| self.null_of(child, *column)).collect(),
        };
        self.touch(child);
        if let Some(open) = self.graph.open.get_mut(&child) {
            for (column, _) in &changes {
                open.given.insert(*column);
                open.unset = open.unset.without(*column);
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        let others = self.overlapping(child, edge);
        self.rewrite(child, &changes)?;
        for (other, before) in others {
            self.follow_key(child, &other, &before);
        }
        Ok(())
    }

    /// A key that shares a column with one that was written leads elsewhere now, unless its parent has no key yet.
    fn follow_key(&mut self, child: Node, edge: &Edge, before: &Target) {
        if self.graph.links.contains_key(&(child, edge.columns)) {
            return;
        }
        let now = self.target(child, edge);
        if now != *before {
            self.moved(child, edge, (before, &now));
        }
    }

    /// A child is in the list of the parent that its key leads to now.
    pub(super) fn moved(&mut self, child: Node, edge: &Edge, (before, now): (&Target, &Target)) {
        if let Target::Node(parent) = before {
            self.leave_parent(child, edge, *parent);
        }
        if let Target::Node(parent) = now {
            self.join_parent(child, edge, *parent);
        }
    }

    fn null_of(&self, child: Node, column: u16) -> Option<(u16, Value)> {
        let column_info = &self.arena.table(child).columns[usize::from(column)];
        column_info.nullable.then(|| (column, column_info.sql_type.null()))
    }

    /// A member joins a relationship or leaves it; noted for undoing.
    fn change_member(&mut self, (owner, relation): (Node, u16), member: Node, add: bool) {
        let cell = self.graph.cells.entry((owner, relation)).or_default();
        let places = if add { cell.join(member) } else { cell.leave(member) };
        let is_queued = cell.members.is_none();
        if let Some(places) = places {
            self.graph.record(Undo::Member { node: owner, relation, member, places });
            if is_queued {
                self.graph.queued.push((owner, relation));
            }
        }
    }

    /// A new owner has no targets but those it was given.
    pub(crate) fn know_new(&mut self, owner: Node, relation: u16) {
        if !self.is_new(owner, relation) || self.connects_by(owner).is_some() {
            return;
        }
        let epoch = self.graph.epoch;
        let before = self.graph.cells.get(&(owner, relation)).cloned();
        if before.as_ref().is_some_and(|cell| cell.members.is_some()) {
            return;
        }
        let given = before.as_ref().map(|cell| cell.added.as_slice().to_vec()).unwrap_or_default();
        let cell = Cell { members: Some(super::Members::of(given)), epoch, ..Cell::default() };
        self.graph.cells.insert((owner, relation), cell);
        self.graph.record(Undo::Cell { node: owner, relation, cell: before });
    }

    pub(crate) fn leave_parent(&mut self, child: Node, edge: &Edge, parent: Node) {
        if let Some(down) = edge.down {
            self.change_member((parent, down), child, false);
        }
    }

    pub(crate) fn join_parent(&mut self, child: Node, edge: &Edge, parent: Node) {
        if let Some(down) = edge.down {
            self.know_new(parent, down);
            self.change_member((parent, down), child, true);
        }
    }

    /// An added row that names its parent by key shows in the parent's list, where that is known.
    pub(crate) fn show_by_key(&mut self, child: Node) {
        // Without either no list is known, not even as empty.
        if (self.graph.cells.is_empty() && !self.graph.written) || !self.names_a_parent(child) {
            return;
        }
        for edge in self.edges(self.arena.table(child)) {
            let (Some(down), Target::Node(parent)) = (edge.down, self.target(child, &edge)) else { continue };
            if self.graph.cells.contains_key(&(parent, down)) || self.is_new(parent, down) {
                self.join_parent(child, &edge, parent);
            }
        }
    }

    /// Whether a key of an added row was given by its value.
    fn names_a_parent(&self, child: Node) -> bool {
        let table = self.arena.table(child);
        let (rows, row) = self.arena.current(child);
        let given = |column: &u16| !is_unset(&rows.value(row, *column), table.columns[usize::from(*column)].sql_type);
        let key = |relationship: &Relationship| match relationship.kind {
            RelationshipKind::BelongsTo { columns, .. } => relationship.inverse.is_some() && columns.iter().all(given),
            _ => false,
        };
        table.relationships.iter().any(key) || !self.graph.one_sided.is_empty()
    }

    /// Links two entities of a many-to-many, on both sides, or takes the link away.
    ///
    /// # Errors
    /// One of them may have one owner only, and has another.
    pub(crate) fn link(&mut self, near: Node, relation: u16, far: Node, add: bool) -> Result<()> {
        let table = self.arena.table(near);
        let relationship = &table.relationships[usize::from(relation)];
        let far_side = relationship.inverse.map(|inverse| (far, inverse, near));
        let linked = self.holds((near, relation, far)).or_else(|| self.holds(far_side?));
        if linked == Some(add) {
            return Ok(());
        }
        self.link_alone((near, relationship), far, add)?;
        self.show_link(near, relation, far, add);
        if let Some(inverse) = relationship.inverse {
            self.show_link(far, inverse, near, add);
        }
        let known = linked.is_some();
        self.graph.link_changes.push(LinkChange { relationship, near, far: Far::Node(far), add, known });
        Ok(())
    }

    /// What a link means to sides that may have one owner only.
    fn link_alone(&mut self, (near, relationship): (Node, &'static Relationship), far: Node, add: bool) -> Result<()> {
        if add {
            self.take_alone(near, relationship, far)?;
            return match relationship.inverse() {
                Some(inverse) => self.take_alone(far, inverse, near),
                None => Ok(()),
            };
        }
        self.lose(relationship, Far::Node(far));
        if let Some(inverse) = relationship.inverse() {
            self.lose(inverse, Far::Node(near));
        }
        Ok(())
    }

    /// Whether two entities are linked, if memory knows.
    pub(crate) fn is_linked(&mut self, near: Node, relation: u16, far: Node) -> Option<bool> {
        self.graph.cells.get_mut(&(near, relation))?.holds(far)
    }

    /// Whether one side of a many-to-many shows a link, if memory knows; what is new has none but those it was
    /// given.
    fn holds(&mut self, (owner, relation, other): (Node, u16, Node)) -> Option<bool> {
        let shown = self.is_linked(owner, relation, other);
        let is_new = self.is_new(owner, relation) && self.connects_by(owner).is_none();
        shown.or(is_new.then_some(false))
    }

    fn show_link(&mut self, node: Node, relation: u16, other: Node, add: bool) {
        self.know_new(node, relation);
        self.change_member((node, relation), other, add);
    }

    /// Links an entity to a row by its key, or takes the link away; the row need not be in memory.
    ///
    /// # Errors
    /// As [`link`](Self::link).
    pub(crate) fn link_key(&mut self, near: Node, relation: u16, key: Vec<Value>, add: bool) -> Result<()> {
        let table = self.arena.table(near);
        let relationship: &'static Relationship = &table.relationships[usize::from(relation)];
        let identity = Key::of(key.iter().map(Key::from));
        let target = relationship.target();
        if let Some(far) = self.find(target, target.primary_key, &identity) {
            return self.link(near, relation, far, add);
        }
        if !add {
            self.lose(relationship, Far::Key(key.clone()));
        }
        if let Some(link) = relationship.link() {
            self.graph.beside.note_inserted(link.table_name());
        }
        self.graph.link_changes.push(LinkChange { relationship, near, far: Far::Key(key), add, known: false });
        Ok(())
    }
}

impl Locked<'_> {
    /// The members of a relationship as far as they are known.
    pub(crate) fn members(&self, node: Node, relation: u16) -> Vec<Node> {
        self.graph.cells.get(&(node, relation)).map_or_else(Vec::new, |cell| cell.known().to_vec())
    }

    /// Whether a child's reference leads to that parent.
    pub(crate) fn is_child_of(&mut self, child: Node, edge: &Edge, parent: Node) -> bool {
        self.target(child, edge) == Target::Node(parent)
    }

    /// Whether a child has a parent.
    pub(crate) fn has_parent(&mut self, child: Node, edge: &Edge) -> bool {
        !matches!(self.target(child, edge), Target::None | Target::Dangling)
    }
}

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
    pub(crate) fn merge_loaded(
        &mut self,
        owner: Node,
        relationship: &'static Relationship,
        loaded: &[Node],
    ) -> Vec<Node> {
        if !self.graph.has_changes() {
            return loaded.to_vec();
        }
        let position = relationship.position();
        let Some(edge) = Edge::of(relationship) else { return self.merge_links(owner, position, loaded) };
        let mut members: Vec<Node> =
            loaded.iter().copied().filter(|node| self.is_child_of(*node, &edge, owner)).collect();
        let mut seen: HashSet<Node, RandomState> = members.iter().copied().collect();
        let queued = self.members(owner, position);
        // Those that were added by the owner's key are queued nowhere.
        let added = self.graph.pending.iter().copied().filter(|node| self.arena.table(*node) == edge.child);
        for node in queued.into_iter().chain(added).collect::<Vec<_>>() {
            if self.is_unwritten(node) && self.is_child_of(node, &edge, owner) && seen.insert(node) {
                members.push(node);
            }
        }
        members
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

    /// The links that a load found, with those made and taken away since.
    fn merge_links(&self, owner: Node, relation: u16, loaded: &[Node]) -> Vec<Node> {
        let relationship = &self.arena.table(owner).relationships[usize::from(relation)];
        let mut last: HashMap<Node, bool, RandomState> = HashMap::default();
        let mut order = Vec::new();
        for change in &self.graph.link_changes {
            if let Some(other) = change.seen_from(owner, relationship) {
                last.insert(other, change.add);
                order.push(other);
            }
        }
        let kept = loaded.iter().copied().filter(|node| last.get(node) != Some(&false));
        let mut members: Vec<Node> = kept.collect();
        let mut seen: HashSet<Node, RandomState> = members.iter().copied().collect();
        members.extend(order.into_iter().filter(|node| last.get(node) == Some(&true) && seen.insert(*node)));
        members
    }

    /// The known members stand in that order; any others come behind.
    pub(crate) fn arrange(&mut self, owner: Node, relation: u16, order: &[Node]) {
        let Some(cell) = self.graph.cells.get(&(owner, relation)) else { return };
        let Some(members) = &cell.members else { return };
        let present: HashSet<Node, RandomState> = members.as_slice().iter().copied().collect();
        let mut seen: HashSet<Node, RandomState> = HashSet::default();
        let given = order.iter().chain(members.as_slice()).copied();
        let nodes: Vec<Node> = given.filter(|node| present.contains(node) && seen.insert(*node)).collect();
        if nodes != members.as_slice() {
            let arranged = Cell { members: Some(super::Members::of(nodes)), ..cell.clone() };
            let before = self.graph.cells.insert((owner, relation), arranged);
            self.graph.record(Undo::Cell { node: owner, relation, cell: before });
        }
    }

    /// All members of a relationship are known now.
    pub(crate) fn set_members(&mut self, node: Node, relation: u16, members: super::Members) {
        let epoch = self.graph.epoch;
        let cell = Cell { members: Some(members), epoch, ..Cell::default() };
        let before = self.graph.cells.insert((node, relation), cell);
        // With nothing to undo, what was read stays read.
        if self.graph.written || !self.graph.journal.is_empty() {
            self.graph.record(Undo::Cell { node, relation, cell: before });
        }
    }
}
