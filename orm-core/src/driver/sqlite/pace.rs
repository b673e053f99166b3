//! How long each statement took so far, to decide where it runs next.
use crate::fast::HashMap;
use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// A statement that takes less runs on the async thread.
///
/// A change of thread was measured to cost 11 µs on an idle machine and up to 50 µs on a busy one: six times the whole of
/// a get by key (2 µs), and at most a tenth of a statement that takes as long as this.
const SHORT: Duration = Duration::from_micros(500);

/// So many texts are remembered; then all are forgotten.
const REMEMBERED: usize = 2_048;

/// How long a statement took the last time that it succeeded, in nanoseconds. One that never did is long.
pub(super) struct Pace(AtomicU64);

/// The paces of the statements of one database, by their texts.
#[derive(Default)]
pub(super) struct Paces(RwLock<HashMap<Arc<str>, Arc<Pace>>>);

impl Pace {
    pub(super) fn is_short(&self) -> bool {
        u128::from(self.0.load(Ordering::Relaxed)) < SHORT.as_nanos()
    }

    pub(super) fn record(&self, took: Duration) {
        self.0.store(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self(AtomicU64::new(u64::MAX))
    }
}

impl Paces {
    /// The pace of the statement with that text.
    pub(super) fn of(&self, sql: &Arc<str>) -> Arc<Pace> {
        if let Some(pace) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&**sql) {
            return Arc::clone(pace);
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        Arc::clone(known.entry(Arc::clone(sql)).or_default())
    }
}
