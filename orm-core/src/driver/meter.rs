//! Every statement of a connection is counted and told to `tracing` here.
#[cfg(feature = "sqlite")]
use super::Repeated;
use super::{Statement, whole};
use std::time::Instant;

/// Counts the statements of one connection.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter {
    count: u64,
    log_values: bool,
}

/// A statement that is running.
pub(super) struct Started(Option<Instant>);

impl Meter {
    pub(super) fn new(log_values: bool) -> Self {
        Self { count: 0, log_values }
    }

    /// The statements so far; those that control transactions are not among them.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// A statement starts. The clock is read only if somebody listens.
    pub(super) fn start(&mut self) -> Started {
        self.count += 1;
        Started::now()
    }

    /// A statement ended, having returned or changed that many rows; `None` if it failed.
    pub(super) fn end(&self, started: Started, statement: &Statement, rows: Option<u64>) {
        if started.0.is_some() {
            let rows = rows.map(|rows| whole::rows(statement).unwrap_or(rows));
            self.tell(started, &statement.sql, (|| tracing::field::debug(&statement.values), rows));
        }
    }

    /// A statement that was run for many sets of values ended.
    #[cfg(feature = "sqlite")]
    pub(super) fn end_each(&self, started: Started, statement: &Repeated, rows: Option<u64>) {
        self.tell(started, &statement.sql, (|| tracing::field::debug(statement.sets.values()), rows));
    }

    fn tell<V: tracing::Value>(
        &self,
        Started(start): Started,
        sql: &str,
        (values, rows): (impl FnOnce() -> V, Option<u64>),
    ) {
        let Some(start) = start else { return };
        let (elapsed, failed) = (start.elapsed(), rows.is_none());
        let values = self.log_values.then(values);
        tracing::debug!(target: "orm::sql", kind = kind(sql), ?elapsed, rows, failed, values, "{sql}");
    }

    /// Text without bound values ended: a script, or what controls a transaction.
    pub(super) fn end_text(&self, started: Started, sql: &str, failed: bool) {
        if let Some(start) = started.0 {
            tracing::debug!(target: "orm::sql", kind = kind(sql), elapsed = ?start.elapsed(), failed, "{sql}");
        }
    }
}

impl Started {
    /// The clock of something that is not counted.
    pub(super) fn now() -> Self {
        Self(tracing::enabled!(target: "orm::sql", tracing::Level::DEBUG).then(Instant::now))
    }
}

/// The first word of a statement: `SELECT`, `INSERT`, `BEGIN`.
fn kind(sql: &str) -> &str {
    whole::written(sql).split_whitespace().next().unwrap_or_default()
}
