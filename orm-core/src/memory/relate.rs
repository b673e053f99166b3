//! Both sides of a relationship change together.
use super::{Cell, Edge, Far, LinkChange, Locked, State, Target, graph::EdgeKey, journal::Undo};
use crate::{
    error::Result,
    model::Node,
    schema::{Cascade, Link, Relationship, RelationshipKind},
    value::{Key, Value, is_unset},
};

impl Locked<'_> {
    /// What the reference of a child leads to.
    pub(crate) fn target(&mut self, child: Node, edge: &Edge) -> Target {
        if let Some(node) = self.graph.links.get(&(child, edge.columns)) {
            return Target::Node(*node);
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
            return Ok(());
        }
        if let Target::Node(old) = before {
            self.leave_parent(child, edge, old);
            self.note_orphan(child, edge);
        }
        let Some(parent) = parent else {
            self.set_link(child, edge.columns, None);
            return self.write_key(child, edge, None);
        };
        if edge.is_single() {
            self.displace(child, edge, parent)?;
        }
        self.graph.orphans.retain(|orphan| *orphan != (child, edge.columns));
        if super::identity::has_row(self.arena.state(parent)) {
            self.set_link(child, edge.columns, None);
            let key = self.values(parent, edge.references);
            self.write_key(child, edge, Some(key))?;
        } else {
            self.set_link(child, edge.columns, Some(parent));
            self.touch(child);
        }
        self.join_parent(child, edge, parent);
        Ok(())
    }

    /// The child that a parent of a one-to-one had until now is left without parent.
    fn displace(&mut self, child: Node, edge: &Edge, parent: Node) -> Result<()> {
        let Some(down) = edge.down else { return Ok(()) };
        let old = self.graph.cells.get(&(parent, down)).and_then(|cell| {
            let known = cell.members.as_ref().map_or(cell.added.as_slice(), |members| members.as_slice());
            known.iter().copied().find(|node| *node != child)
        });
        match old {
            Some(old) if self.arena.state(old) != State::Deleting => self.set_parent(old, edge, None),
            _ => Ok(()),
        }
    }

    /// A child without parent is deleted where its parent's relationship says so.
    fn note_orphan(&mut self, child: Node, edge: &Edge) {
        let orphan = edge.down().is_some_and(|down| down.cascade.has(Cascade::DeleteOrphan));
        if orphan && !self.graph.orphans.contains(&(child, edge.columns)) {
            self.graph.orphans.push((child, edge.columns));
        }
    }

    pub(crate) fn set_link(&mut self, child: Node, edge: EdgeKey, target: Option<Node>) {
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
        if changes.is_empty() { Ok(()) } else { self.rewrite(child, &changes) }
    }

    fn null_of(&self, child: Node, column: u16) -> Option<(u16, Value)> {
        let column_info = &self.arena.table(child).columns[usize::from(column)];
        column_info.nullable.then(|| (column, column_info.sql_type.null()))
    }

    /// The cell of a relationship, noted for undoing, for a change.
    pub(crate) fn cell(&mut self, node: Node, relation: u16) -> &mut Cell {
        let before = self.graph.cells.get(&(node, relation)).cloned();
        self.graph.record(Undo::Cell { node, relation, cell: before });
        self.graph.cells.entry((node, relation)).or_default()
    }

    /// The cell of a relationship for a change; an owner that was never written has no targets but those it was given.
    fn cell_of_new(&mut self, owner: Node, relation: u16) -> &mut Cell {
        let is_new = self.arena.state(owner) == State::Pending;
        let epoch = self.graph.epoch;
        let cell = self.cell(owner, relation);
        if is_new && cell.members.is_none() {
            cell.members = Some(super::Members::of(std::mem::take(&mut cell.added)));
            cell.epoch = epoch;
        }
        cell
    }

    pub(crate) fn leave_parent(&mut self, child: Node, edge: &Edge, parent: Node) {
        if let Some(down) = edge.down {
            self.cell(parent, down).leave(child);
        }
    }

    pub(crate) fn join_parent(&mut self, child: Node, edge: &Edge, parent: Node) {
        if let Some(down) = edge.down {
            self.cell_of_new(parent, down).join(child);
        }
    }

    /// Links two entities of a many-to-many, on both sides, or takes the link away.
    pub(crate) fn link(&mut self, near: Node, relation: u16, far: Node, add: bool) {
        let table = self.arena.table(near);
        let relationship = &table.relationships[usize::from(relation)];
        if self.is_linked(near, relation, far) == Some(add) {
            return;
        }
        self.show_link(near, relation, far, add);
        if let Some(inverse) = relationship.inverse {
            self.show_link(far, inverse, near, add);
        }
        self.graph.link_changes.push(LinkChange { relationship, near, far: Far::Node(far), add });
    }

    /// Whether two entities are linked, if memory knows.
    fn is_linked(&self, near: Node, relation: u16, far: Node) -> Option<bool> {
        let cell = self.graph.cells.get(&(near, relation))?;
        match &cell.members {
            Some(members) => Some(members.contains(far)),
            None if cell.added.contains(&far) => Some(true),
            None if cell.removed.contains(&far) => Some(false),
            None => None,
        }
    }

    fn show_link(&mut self, node: Node, relation: u16, other: Node, add: bool) {
        let cell = self.cell_of_new(node, relation);
        if add { cell.join(other) } else { cell.leave(other) }
    }

    /// Links an entity to a row by its key, or takes the link away; the row need not be in memory.
    pub(crate) fn link_key(&mut self, near: Node, relation: u16, key: Vec<Value>, add: bool) {
        let table = self.arena.table(near);
        let relationship: &'static Relationship = &table.relationships[usize::from(relation)];
        let identity = Key::of(key.iter().map(Key::from));
        let target = relationship.target();
        if let Some(far) = self.find(target, target.primary_key, &identity) {
            return self.link(near, relation, far, add);
        }
        self.graph.link_changes.push(LinkChange { relationship, near, far: Far::Key(key), add });
    }

    /// Links that only another row's link model would show: the model of a many-to-many's link.
    pub(crate) fn is_many_to_many(relationship: &Relationship) -> Option<&Link> {
        match &relationship.kind {
            RelationshipKind::ManyToMany(link) => Some(link),
            RelationshipKind::BelongsTo { .. } | RelationshipKind::HasOne(_) | RelationshipKind::HasMany(_) => None,
        }
    }
}

impl Locked<'_> {
    /// The members of a relationship as far as they are known.
    pub(crate) fn members(&self, node: Node, relation: u16) -> Vec<Node> {
        match self.graph.cells.get(&(node, relation)) {
            Some(cell) => {
                cell.members.as_ref().map_or_else(|| cell.added.clone(), |members| members.as_slice().to_vec())
            }
            None => Vec::new(),
        }
    }

    /// Whether a child's reference leads to that parent.
    pub(crate) fn is_child_of(&mut self, child: Node, edge: &Edge, parent: Node) -> bool {
        self.target(child, edge) == Target::Node(parent)
    }

    /// Whether a child has a parent that stays; a key that cannot be null keeps its value when the parent is taken away,
    /// so the lists of the parent decide.
    pub(crate) fn has_parent(&mut self, child: Node, edge: &Edge) -> bool {
        match self.target(child, edge) {
            Target::None | Target::Dangling => false,
            Target::Key(_) => true,
            Target::Node(parent) => edge.down.is_none_or(|down| match self.graph.cells.get(&(parent, down)) {
                Some(cell) => match &cell.members {
                    Some(members) => members.contains(child),
                    None => !cell.removed.contains(&child),
                },
                None => true,
            }),
        }
    }
}

impl Locked<'_> {
    /// Whether all members of a relationship are known, as this transaction sees them. What a session changed or added
    /// itself stays known.
    pub(crate) fn is_fresh(&self, node: Node, relation: u16) -> bool {
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
        let known = self.members(owner, position);
        let removed = self.graph.cells.get(&(owner, position)).map(|cell| cell.removed.clone()).unwrap_or_default();
        let mut members: Vec<Node> = Vec::with_capacity(loaded.len());
        for node in loaded {
            if !removed.contains(node) && self.is_child_of(*node, &edge, owner) && !self.is_taken(*node, &edge, owner) {
                members.push(*node);
            }
        }
        for node in known {
            let unwritten = self.arena.state(node) == State::Pending || self.graph.base.contains_key(&node);
            if unwritten && !members.contains(&node) && self.is_child_of(node, &edge, owner) {
                members.push(node);
            }
        }
        members
    }

    /// Whether a child was taken from that parent while its key cannot say so.
    fn is_taken(&self, child: Node, edge: &Edge, owner: Node) -> bool {
        let listed =
            edge.down.and_then(|down| self.graph.cells.get(&(owner, down))).and_then(|cell| cell.members.as_ref());
        self.graph.orphans.contains(&(child, edge.columns)) && listed.is_none_or(|members| !members.contains(child))
    }

    /// The links that a load found, with those made and taken away since.
    fn merge_links(&self, owner: Node, relation: u16, loaded: &[Node]) -> Vec<Node> {
        let mut members = loaded.to_vec();
        let relationship = &self.arena.table(owner).relationships[usize::from(relation)];
        for change in &self.graph.link_changes {
            let other = match (&change.far, change.relationship) {
                (Far::Node(far), own) if change.near == owner && std::ptr::eq(own, relationship) => *far,
                (Far::Node(far), own)
                    if *far == owner && own.inverse().is_some_and(|inverse| std::ptr::eq(inverse, relationship)) =>
                {
                    change.near
                }
                _ => continue,
            };
            members.retain(|node| *node != other);
            if change.add {
                members.push(other);
            }
        }
        members
    }

    /// All members of a relationship are known now.
    pub(crate) fn set_members(&mut self, node: Node, relation: u16, members: super::Members) {
        let epoch = self.graph.epoch;
        let cell = Cell { members: Some(members), added: Vec::new(), removed: Vec::new(), epoch };
        let before = self.graph.cells.insert((node, relation), cell);
        // With nothing to undo, what was read stays read.
        if self.graph.written || self.graph.has_changes() {
            self.graph.record(Undo::Cell { node, relation, cell: before });
        }
    }
}
