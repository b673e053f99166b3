//! Which memory a load fills, so that rows that are there already need not be decoded.
use crate::{
    memory::{Freshness, Known, Memory},
    schema::Table,
};
use std::sync::Arc;

/// The memory of the session that loads, if one does, and what rows do to entities that it has.
#[derive(Clone, Copy, Default)]
pub(super) struct Recall<'a>(Option<(&'a Arc<Memory>, Freshness)>);

impl<'a> Recall<'a> {
    /// For plain values.
    pub(super) fn nothing() -> Self {
        Self(None)
    }

    /// For entities.
    pub(super) fn of(memory: &'a Arc<Memory>, freshness: Freshness) -> Self {
        Self(Some((memory, freshness)))
    }

    /// Whether a session loads.
    pub(super) fn is_of_session(&self) -> bool {
        self.0.is_some()
    }

    /// For the rows of the query itself.
    pub(super) fn of_root(&self, table: &'static Table) -> Option<Known> {
        self.0.and_then(|(memory, freshness)| Known::new(memory, table, freshness))
    }

    /// For rows that are loaded along.
    pub(super) fn of_related(&self, table: &'static Table) -> Option<Known> {
        self.0.and_then(|(memory, freshness)| Known::new(memory, table, freshness.of_related()))
    }
}
