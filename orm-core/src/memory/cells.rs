//! What is known of one relationship of one entity.
use super::Members;
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
    pub(crate) added: Vec<Node>,
    /// While they are not: what was removed.
    pub(crate) removed: Vec<Node>,
    /// When the members were read; a later transaction's load replaces them.
    pub(crate) epoch: u32,
}

impl Cell {
    /// A member joins.
    pub(crate) fn join(&mut self, node: Node) {
        match &mut self.members {
            Some(members) if members.contains(node) => {}
            Some(members) => members.push(node),
            None => {
                self.removed.retain(|other| *other != node);
                if !self.added.contains(&node) {
                    self.added.push(node);
                }
            }
        }
    }

    /// A member leaves.
    pub(crate) fn leave(&mut self, node: Node) {
        match &mut self.members {
            Some(members) => {
                members.remove(node);
            }
            None => {
                self.added.retain(|other| *other != node);
                if !self.removed.contains(&node) {
                    self.removed.push(node);
                }
            }
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
}

/// The far end of a link.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Far {
    Node(Node),
    /// Given by key; the row need not be in memory.
    Key(Vec<Value>),
}
