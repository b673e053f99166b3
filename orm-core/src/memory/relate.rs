//! Both sides of a relationship change together.
use super::{Cell, Edge, Locked, Reference, State, Target, graph::EdgeKey, journal::Undo};
use crate::{
    error::{Error, Result},
    model::{ColumnSet, Node},
    schema::{Relationship, RelationshipKind},
    value::{Key, Value, is_unset},
};

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
        self.arena.state(child) == State::Persistent
            && self.stored_key(child, edge.columns) == self.key(parent, edge.references)
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
        let given: ColumnSet = changes.iter().map(|(column, _)| *column).collect();
        self.graph.open.change(&child, |open| open.note_given(given));
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
    pub(super) fn change_member(&mut self, (owner, relation): (Node, u16), member: Node, add: bool) {
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
        self.graph.record(Undo::Cell { node: owner, relation, cell: before.map(Box::new) });
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
