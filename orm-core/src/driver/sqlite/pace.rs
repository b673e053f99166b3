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

/// What a statement did the last time that it succeeded.
pub(super) struct Pace {
    /// How long it took, or each of the many things that it did, in nanoseconds.
    each: AtomicU64,
    /// The number of rows that came back.
    rows: AtomicU64,
}

/// Nobody knows how long it takes.
const UNKNOWN: u64 = u64::MAX;

/// The paces of the statements of one database, by their texts.
#[derive(Default)]
pub(super) struct Paces(RwLock<HashMap<Arc<str>, Arc<Pace>>>);

impl Pace {
    /// Whether the statement is known to be short.
    pub(super) fn is_short(&self) -> bool {
        self.is_short_for(1)
    }

    /// Whether doing so many things is known to be short.
    pub(super) fn is_short_for(&self, many: u64) -> bool {
        let each = self.each.load(Ordering::Relaxed);
        each != UNKNOWN && u128::from(each) * u128::from(many) < SHORT.as_nanos()
    }

    /// So many things took that long.
    pub(super) fn record(&self, took: Duration, many: u64) {
        let each = took.as_nanos().div_ceil(u128::from(many.max(1)));
        self.each.store(u64::try_from(each).unwrap_or(UNKNOWN), Ordering::Relaxed);
    }

    /// The number of rows that came back the last time.
    pub(super) fn rows(&self) -> usize {
        self.rows.load(Ordering::Relaxed) as usize
    }

    /// So many rows came back.
    pub(super) fn record_rows(&self, rows: u64) {
        self.rows.store(rows, Ordering::Relaxed);
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self { each: AtomicU64::new(UNKNOWN), rows: AtomicU64::new(0) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_one_tells_of_many() {
        let pace = Pace::default();
        assert!(!pace.is_short() && !pace.is_short_for(0));
        pace.record(Duration::from_micros(300), 1_000);
        assert!(pace.is_short_for(1_600) && !pace.is_short_for(1_700));
        pace.record(Duration::from_secs(3_000_000_000), 0);
        assert!(!pace.is_short());
    }
}
