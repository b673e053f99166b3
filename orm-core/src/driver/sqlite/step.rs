//! Runs a statement on a connection, in whatever thread this is.
use super::{bind, error::Failure, row::SqliteRow};
use crate::{
    driver::{Outcome, Sink, Statement},
    error::Error,
};
use rusqlite::{CachedStatement, Connection, Rows};

/// What became of one attempt to run a statement.
pub(super) struct Attempt {
    /// The sink, for the next attempt or the caller.
    pub(super) sink: Option<Box<dyn Sink>>,
    /// The rows that the sink took.
    pub(super) fed: u64,
    pub(super) result: Result<Outcome, Failure>,
}

impl Attempt {
    /// Whether nothing happened because of another connection's lock.
    pub(super) fn was_too_early(&self) -> bool {
        self.fed == 0 && self.result.as_ref().is_err_and(Failure::is_busy)
    }
}

/// Runs the statement to its end; without a sink its rows are passed over.
pub(super) fn run(connection: &Connection, statement: &Statement, mut sink: Option<Box<dyn Sink>>) -> Attempt {
    let mut fed = 0;
    let result = run_counting(connection, statement, &mut sink, &mut fed);
    Attempt { sink, fed, result }
}

fn run_counting(
    connection: &Connection,
    statement: &Statement,
    sink: &mut Option<Box<dyn Sink>>,
    fed: &mut u64,
) -> Result<Outcome, Failure> {
    let before = connection.total_changes();
    let mut prepared = prepare(connection, statement)?;
    let mut rows = prepared.raw_query();
    match sink {
        Some(sink) => while feed(&mut rows, &mut **sink, usize::MAX, fed)? {},
        None => while rows.next()?.is_some() {},
    }
    // SQLite keeps the count of the last change, also when this statement changed nothing.
    let changed = connection.total_changes() != before;
    Ok(Outcome { rows: if changed { connection.changes() } else { 0 }, first_key: None })
}

/// Runs the statement once for each set of `width` values.
pub(super) fn run_each(connection: &Connection, statement: &Statement, width: usize) -> Result<Vec<Outcome>, Failure> {
    let mut prepared = connection.prepare_cached(&statement.sql)?;
    let sets = statement.values.chunks(width.max(1));
    let mut outcomes = Vec::with_capacity(sets.len());
    for set in sets {
        for (index, value) in set.iter().enumerate() {
            prepared.raw_bind_parameter(index + 1, bind::bound(value)?)?;
        }
        let before = connection.total_changes();
        let rows = prepared.raw_execute()? as u64;
        let rows = if connection.total_changes() == before { 0 } else { rows };
        outcomes.push(Outcome { rows, first_key: Some(connection.last_insert_rowid()) });
    }
    Ok(outcomes)
}

/// A statement with its values bound.
pub(super) fn prepare<'c>(connection: &'c Connection, statement: &Statement) -> Result<CachedStatement<'c>, Failure> {
    let mut prepared = connection.prepare_cached(&statement.sql)?;
    let (wanted, given) = (prepared.parameter_count(), statement.values.len());
    if wanted != given {
        let message = format!("the statement has {wanted} parameters and {given} values were bound: {}", statement.sql);
        return Err(Error::usage(message).into());
    }
    for (index, value) in statement.values.iter().enumerate() {
        prepared.raw_bind_parameter(index + 1, bind::bound(value)?)?;
    }
    Ok(prepared)
}

/// Feeds up to `batch` rows to the sink, and says whether there may be more.
pub(super) fn feed(rows: &mut Rows<'_>, sink: &mut dyn Sink, batch: usize, fed: &mut u64) -> Result<bool, Failure> {
    for _ in 0..batch {
        let Some(row) = rows.next()? else { return Ok(false) };
        sink.row(&SqliteRow::new(row))?;
        *fed += 1;
    }
    Ok(true)
}
