//! Links of a many-to-many, which show on both sides.
use super::{Far, LinkChange, Locked};
use crate::{
    error::Result,
    fast::{HashMap, HashSet},
    model::Node,
    schema::Relationship,
    value::{Key, Value},
};

impl Locked<'_> {
    /// Links two entities of a many-to-many, on both sides, or takes the link away.
    ///
    /// # Errors
    /// One of them may have one owner only, and has another.
    pub(crate) fn link(&mut self, near: Node, relation: u16, far: Node, add: bool) -> Result<()> {
        let table = self.arena.table(near);
        let relationship = &table.relationships[usize::from(relation)];
        let far_side = relationship.inverse.map(|inverse| (far, inverse, near));
        let linked = self.is_surely_linked((near, relation, far)).or_else(|| self.is_surely_linked(far_side?));
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

    /// Whether two entities are linked, if the list of this side says so.
    pub(crate) fn is_linked(&mut self, (owner, relation, other): (Node, u16, Node)) -> Option<bool> {
        self.graph.cells.get_mut(&(owner, relation))?.holds(other)
    }

    /// The same, and what is new has no links but those it was given.
    fn is_surely_linked(&mut self, link: (Node, u16, Node)) -> Option<bool> {
        let (owner, relation, _) = link;
        let has_no_others = |graph: &Self| graph.is_new(owner, relation) && graph.connects_by(owner).is_none();
        self.is_linked(link).or_else(|| has_no_others(self).then_some(false))
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

    /// The links that a load found, with those made and taken away since.
    pub(super) fn merge_links(&self, owner: Node, relation: u16, loaded: &[Node]) -> Vec<Node> {
        let relationship = &self.arena.table(owner).relationships[usize::from(relation)];
        let mut last: HashMap<Node, bool> = HashMap::default();
        let mut order = Vec::new();
        for change in &self.graph.link_changes {
            if let Some(other) = change.seen_from(owner, relationship) {
                last.insert(other, change.add);
                order.push(other);
            }
        }
        let kept = loaded.iter().copied().filter(|node| last.get(node) != Some(&false));
        let mut members: Vec<Node> = kept.collect();
        let mut seen: HashSet<Node> = members.iter().copied().collect();
        members.extend(order.into_iter().filter(|node| last.get(node) == Some(&true) && seen.insert(*node)));
        members
    }
}
