//! What is known of one relationship of one entity.
use super::{Members, members::List};
use crate::{model::Node, schema::Relationship, value::Value};

/// A relationship of an entity, as far as it is in memory.
///
/// For a one-to-many the children's keys are the truth and this is the derived list. For a many-to-many it is what the
/// link rows say together with the changes that are not written yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    /// All members, if they are known.
    pub(crate) members: Option<Members>,
    /// While they are not: what was pushed.
    pub(crate) added: List,
    /// While they are not: what was removed.
    pub(crate) removed: List,
    /// When the members were read; a later transaction's load replaces them.
    pub(crate) epoch: u32,
}

/// Where an entity stood in the lists of a cell before a change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Places {
    member: Option<u32>,
    added: Option<u32>,
    removed: Option<u32>,
}

impl Cell {
    /// A member joins. Tells where it stood before, if that changes anything.
    pub(crate) fn join(&mut self, node: Node) -> Option<Places> {
        if let Some(members) = &mut self.members {
            return members.list().push(node).then(Places::default);
        }
        let removed = self.removed.remove(node);
        let joins = self.added.push(node);
        (joins || removed.is_some()).then_some(Places { removed, ..Places::default() })
    }

    /// A member leaves. Tells where it stood before, if that changes anything.
    pub(crate) fn leave(&mut self, node: Node) -> Option<Places> {
        if let Some(members) = &mut self.members {
            let member = members.list().remove(node);
            return member.is_some().then_some(Places { member, ..Places::default() });
        }
        let added = self.added.remove(node);
        let leaves = self.removed.push(node);
        (leaves || added.is_some()).then_some(Places { added, ..Places::default() })
    }

    /// Puts an entity back to where it stood.
    pub(crate) fn put_back(&mut self, node: Node, places: Places) {
        let put = |list: &mut List, place: Option<u32>| match place {
            Some(place) if !list.contains(node) => list.insert(place as usize, node),
            Some(_) => {}
            None => _ = list.remove(node),
        };
        if let Some(members) = &mut self.members {
            put(members.list(), places.member);
        }
        put(&mut self.added, places.added);
        put(&mut self.removed, places.removed);
    }

    /// The members as far as they are known.
    pub(crate) fn known(&self) -> &[Node] {
        self.members.as_ref().map_or(self.added.as_slice(), Members::as_slice)
    }

    /// Whether an entity is a member, if that is known.
    pub(crate) fn holds(&mut self, node: Node) -> Option<bool> {
        match &mut self.members {
            Some(members) if members.as_slice().len() < 8 => Some(members.contains(node)),
            Some(members) => {
                let list = members.list();
                list.index();
                Some(list.contains(node))
            }
            None if self.added.contains(node) => Some(true),
            None if self.removed.contains(node) => Some(false),
            None => None,
        }
    }
}

/// A change of a many-to-many that the next flush writes.
#[derive(Debug, Clone)]
pub(crate) struct LinkChange {
    pub(crate) relationship: &'static Relationship,
    pub(crate) near: Node,
    pub(crate) far: Far,
    pub(crate) add: bool,
    /// Whether memory knew, before this, if the link is there.
    pub(crate) known: bool,
}

impl LinkChange {
    /// The entity at the other end, if that relationship of the owner shows the link.
    pub(crate) fn seen_from(&self, owner: Node, relationship: &'static Relationship) -> Option<Node> {
        let Far::Node(far) = self.far else { return None };
        if self.near == owner && std::ptr::eq(self.relationship, relationship) {
            return Some(far);
        }
        let is_inverse = self.relationship.inverse().is_some_and(|inverse| std::ptr::eq(inverse, relationship));
        (far == owner && is_inverse).then_some(self.near)
    }
}

/// The far end of a link.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Far {
    Node(Node),
    /// Given by key; the row need not be in memory.
    Key(Vec<Value>),
}

/// What the reference of a child leads to where its key column cannot say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reference {
    /// An entity whose key is not known yet.
    To(Node),
    /// Nothing, while the key cannot be null and keeps its value.
    Nothing,
}
