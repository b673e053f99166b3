//! Targets that may have one owner only, where the key is on the owner or in a link: who has them, who lost them.
use super::{Edge, Far, Locked, Lost, State, Target, identity::has_row};
use crate::{
    error::{Error, Result},
    model::Node,
    schema::{Cascade, Relationship, RelationshipKind, id},
    value::Key,
};

impl Locked<'_> {
    /// An owner takes a target of a relationship that allows one owner.
    ///
    /// # Errors
    /// The target has another one.
    pub(super) fn take_alone(&mut self, owner: Node, relationship: &'static Relationship, target: Node) -> Result<()> {
        if !relationship.single_parent {
            return Ok(());
        }
        match self.owner_of(target, relationship).filter(|other| *other != owner) {
            Some(other) => Err(Error::usage(format!(
                "{} cannot have {} as {}, which is `single_parent`: {} has it; take it away there first",
                self.name(owner),
                self.name(target),
                relationship.path(),
                self.name(other)
            ))),
            None => {
                self.graph.owners.insert((target, id(relationship)), owner);
                Ok(())
            }
        }
    }

    /// A key that was set by hand leads to a target which may have one owner: whether it has another, the database says.
    pub(super) fn note_owner(&mut self, owner: Node, edge: &Edge, target: &Target) {
        if let (Some(up), Target::Node(target)) = (edge.up().filter(|up| up.single_parent), target) {
            self.graph.owners.insert((*target, id(up)), owner);
        }
    }

    /// The owner of a target of a relationship that allows one owner, as far as memory knows.
    pub(crate) fn owner_of(&mut self, target: Node, relationship: &'static Relationship) -> Option<Node> {
        let noted = self.graph.owners.get(&(target, id(relationship))).copied();
        noted
            .filter(|owner| self.owns(*owner, relationship, target))
            .or_else(|| self.stored_owner(target, relationship))
            .or_else(|| self.linked_owner(target, relationship))
    }

    fn owns(&mut self, owner: Node, relationship: &'static Relationship, target: Node) -> bool {
        if !matches!(self.arena.state(owner), State::Pending | State::Persistent) {
            return false;
        }
        match Edge::of(relationship) {
            Some(edge) => self.is_child_of(owner, &edge, target),
            None => self.is_linked((owner, relationship.position(), target)) == Some(true),
        }
    }

    /// The row whose key names the target.
    fn stored_owner(&mut self, target: Node, relationship: &'static Relationship) -> Option<Node> {
        let edge = Edge::of(relationship).filter(|_| has_row(self.arena.state(target)))?;
        let key = self.key(target, edge.references);
        let owner = self.find(edge.child, edge.columns, &key)?;
        self.owns(owner, relationship, target).then_some(owner)
    }

    /// The row whose loaded collection has the target.
    fn linked_owner(&mut self, target: Node, relationship: &'static Relationship) -> Option<Node> {
        let RelationshipKind::ManyToMany(_) = relationship.kind else { return None };
        let (table, position) = (relationship.owner(), relationship.position());
        let near = self.graph.cells.iter().find(|((node, relation), cell)| {
            *relation == position && self.arena.table(*node) == table && cell.known().contains(&target)
        });
        let from_far = || self.members(target, relationship.inverse?).first().copied();
        let owner = near.map(|((node, _), _)| *node).or_else(from_far)?;
        matches!(self.arena.state(owner), State::Pending | State::Persistent).then_some(owner)
    }

    /// An owner lets a target go, which is deleted where the relationship says so, unless another one takes it.
    pub(super) fn lose(&mut self, relationship: &'static Relationship, target: Far) {
        if relationship.cascade.has(Cascade::DeleteOrphan) {
            self.graph.lost.push(Lost { relationship, target });
        }
    }

    /// The owner of a key lets go what the key led to.
    pub(super) fn lose_target(&mut self, edge: &Edge, target: &Target) {
        let Some(relationship) = edge.up().filter(|up| up.cascade.has(Cascade::DeleteOrphan)) else { return };
        match target {
            Target::Node(node) => self.lose(relationship, Far::Node(*node)),
            Target::Key(key) => self.lose(relationship, Far::Key(key.clone())),
            Target::None | Target::Dangling => {}
        }
    }

    /// The entity of a lost target.
    pub(crate) fn lost_node(&mut self, lost: &Lost) -> Option<Node> {
        match &lost.target {
            Far::Node(node) => Some(*node),
            Far::Key(key) => {
                let key = Key::of(key.iter().map(Key::from));
                self.find(lost.relationship.target(), lost.relationship.far_key(), &key)
            }
        }
    }
}
