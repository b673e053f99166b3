//! Waiting for another connection's lock, without holding a thread up.
use std::time::{Duration, Instant};

/// Counts down one busy timeout.
pub(super) struct Patience {
    since: Option<Instant>,
    timeout: Duration,
    pause: Duration,
}

impl Patience {
    pub(super) fn new(timeout: Duration) -> Self {
        Self { since: None, timeout, pause: Duration::from_millis(1) }
    }

    /// Sleeps a little, longer each time, and says whether to try again.
    pub(super) async fn wait(&mut self) -> bool {
        let waited = self.since.get_or_insert_with(Instant::now).elapsed();
        let left = self.timeout.saturating_sub(waited);
        if left.is_zero() {
            return false;
        }
        tokio::time::sleep(self.pause.min(left)).await;
        self.pause = (self.pause * 2).min(Duration::from_millis(25));
        true
    }
}
