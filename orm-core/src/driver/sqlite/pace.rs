//! How long each statement took so far, to decide where it runs next.
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A statement that takes less runs on the async thread.
///
/// A change of thread was measured to cost 11 µs on an idle machine and up to 50 µs on a busy one: six times the whole of
/// a get by key (2 µs), and at most a tenth of a statement that takes as long as this.
pub(super) const SHORT: Duration = Duration::from_micros(500);

/// So many texts are remembered; then all are forgotten.
const REMEMBERED: usize = 2_048;

/// The last duration of each statement, by its text.
#[derive(Default)]
pub(super) struct Pace(Mutex<HashMap<Arc<str>, Duration, foldhash::fast::RandomState>>);

impl Pace {
    /// Whether the statement is known to be short. One that never ran is not.
    pub(super) fn is_short(&self, sql: &str) -> bool {
        self.known().get(sql).is_some_and(|last| *last < SHORT)
    }

    /// Remembers how long the statement took.
    pub(super) fn record(&self, sql: &Arc<str>, took: Duration) {
        let mut known = self.known();
        if let Some(last) = known.get_mut(&**sql) {
            *last = took;
            return;
        }
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(Arc::clone(sql), took);
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Arc<str>, Duration, foldhash::fast::RandomState>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
