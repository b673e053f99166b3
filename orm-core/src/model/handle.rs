//! An entity's address: within its session, and with the session's name.
use crate::{schema::Table, value::Value};
use std::{fmt, hash, marker::PhantomData};

/// The address of an entity within the memory of its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node {
    pub(crate) chunk: u32,
    pub(crate) row: u32,
}

/// An entity without the lifetime of its session: `'static`, `Copy`, of use only to the session that made it.
pub struct Handle<M> {
    pub(crate) session: u64,
    pub(crate) node: Node,
    model: PhantomData<fn() -> M>,
}

impl<M> Handle<M> {
    pub(crate) fn new(session: u64, node: Node) -> Self {
        Self { session, node, model: PhantomData }
    }
}

impl<M> Clone for Handle<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Handle<M> {}

impl<M> PartialEq for Handle<M> {
    fn eq(&self, other: &Self) -> bool {
        (self.session, self.node) == (other.session, other.node)
    }
}

impl<M> Eq for Handle<M> {}

impl<M> hash::Hash for Handle<M> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        (self.session, self.node).hash(state);
    }
}

impl<M> fmt::Debug for Handle<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({}:{}.{})", self.session, self.node.chunk, self.node.row)
    }
}

/// An entity that was given as a related value: its address, and its key if it has one.
#[derive(Debug, Clone, PartialEq)]
pub struct Existing {
    pub(crate) table: &'static Table,
    pub(crate) session: u64,
    pub(crate) node: Node,
    pub(crate) key: Option<Vec<Value>>,
    /// The columns of `key`: those that the relationship references, or the primary key.
    pub(crate) columns: &'static [u16],
}

impl Existing {
    /// The number that no session has: a row that is named by its key alone.
    pub(crate) const BY_KEY: u64 = 0;
}
