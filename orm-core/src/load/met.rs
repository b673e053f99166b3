//! Which rows a recursion to the leaves has met, so that rows that lead in a circle end it.
use crate::{fast::HashMap, model::Batch, schema::Relationship, value::Key};
use std::sync::{Arc, Mutex, PoisonError};

/// The rows that were met on the levels before, for plain values.
#[derive(Debug, Clone, Default)]
pub(super) struct Met(Arc<Mutex<Parents>>);

/// The parent of each row, as far as rows have one.
type Parents = HashMap<Key, Key>;

impl Met {
    /// Whether to go on from a row. Where each row has one parent, it is met again wherever the recursion began both at it and
    /// above it: only a row that is its own ancestor is not gone on from twice. Over a many-to-many ways meet again
    /// and again, and each row is gone on from once.
    pub(super) fn goes_on(&self, relationship: &Relationship, rows: &dyn Batch, row: usize) -> bool {
        let mut parents = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((columns, references)) = relationship.key() else {
            return parents.insert(rows.key(row, relationship.near_key()), Key::Null).is_none();
        };
        let (own, parent) = (rows.key(row, references), rows.key(row, columns));
        let met = parents.insert(own.clone(), parent).is_some();
        !(met && is_own_ancestor(&parents, &own))
    }
}

fn is_own_ancestor(parents: &Parents, own: &Key) -> bool {
    let mut above = parents.get(own);
    for _ in 0..parents.len() {
        match above {
            None => return false,
            Some(parent) if parent == own => return true,
            Some(parent) => above = parents.get(parent),
        }
    }
    false
}
