//! A session's memory: rows at stable addresses, one entity per key, relationships with both sides in step.
//!
//! Rows are read without a lock; everything else is behind one mutex that is never held across an `await` or a user's
//! closure.
mod arena;
mod beside;
mod cells;
mod connect;
mod counts;
mod deferred;
mod edge;
mod found;
mod graph;
mod identity;
mod indexed;
mod intern;
mod journal;
mod known;
mod linking;
mod loaded;
mod members;
mod membership;
mod merge;
mod opens;
mod owners;
mod positions;
mod reach;
mod relate;
mod renamed;
mod results;
mod rows;
mod slot;
mod strangers;
mod take_in;
#[cfg(test)]
mod tests;
mod undo;
mod written;

pub(crate) use arena::Arena;
pub(crate) use beside::Beside;
pub(crate) use cells::{Cell, Far, LinkChange, Reference};
pub(crate) use edge::Edge;
pub(crate) use graph::{Claim, Graph, Lost, Target, UNVERIFIED};
pub(crate) use intern::Freshness;
pub(crate) use journal::{Before, Undo};
pub(crate) use known::{Known, Places};
pub(crate) use members::{Members, Nodes};
pub(crate) use merge::Copies;
pub(crate) use reach::not_cascaded;
pub(crate) use renamed::Renamed;
pub(crate) use results::{ALONE, Awaited, ResultId, ResultSet};
pub(crate) use slot::State;
use strangers::keyless;
pub(crate) use strangers::stranger;
pub(crate) use take_in::Taken;
pub(crate) use undo::Unwritten;

use append_only_vec::AppendOnlyVec;
use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// The memory of one session.
pub(crate) struct Memory {
    /// The rows.
    pub(crate) arena: Arena,
    results: AppendOnlyVec<ResultSet>,
    graph: Mutex<Graph>,
    /// How often something happened after which numbers that were counted may be others.
    writes: AtomicU64,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self {
            arena: Arena::default(),
            results: AppendOnlyVec::new(),
            graph: Mutex::new(Graph::new()),
            writes: AtomicU64::new(0),
        }
    }

    /// The session writes, begins or ends a transaction, or asks for what the database has now: what was counted before is not
    /// taken for what there is.
    pub(crate) fn note_write(&self) {
        self.writes.fetch_add(1, Ordering::Relaxed);
    }

    fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    /// What is known of the rows, locked.
    pub(crate) fn graph(&self) -> Locked<'_> {
        let graph = self.graph.lock().unwrap_or_else(PoisonError::into_inner);
        Locked { arena: &self.arena, graph }
    }
}

/// The graph under its lock, with the rows.
pub(crate) struct Locked<'m> {
    pub(crate) arena: &'m Arena,
    pub(crate) graph: MutexGuard<'m, Graph>,
}

pub(crate) fn wrong_model() -> crate::error::Error {
    crate::error::Error::usage("an entity was read as another model; this is a bug of the library")
}
