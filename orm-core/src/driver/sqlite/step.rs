//! Runs a statement on a connection, in whatever thread this is.
use super::{bind, error::Failure, open::Stop, row::SqliteRow};
use crate::{
    driver::{Outcome, Repeated, Sink, Statement, Together},
    error::{Error, Facts},
    value::Lent,
};
use orm_sqlite::{Database, Run};
use std::time::{Duration, Instant};

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

/// What became of a statement that was to run for many sets of values.
pub(super) struct Each {
    /// What each set did, up to the one that failed.
    outcomes: Vec<Outcome>,
    failure: Option<Failure>,
    took: Duration,
}

impl Each {
    /// How long it took, if it ran for all sets.
    pub(super) fn took(&self) -> Option<Duration> {
        self.failure.is_none().then_some(self.took)
    }

    /// Whether nothing happened because of another connection's lock.
    pub(super) fn was_too_early(&self) -> bool {
        self.outcomes.is_empty() && self.failure.as_ref().is_some_and(Failure::is_busy)
    }

    pub(super) fn into_result(self) -> Result<Vec<Outcome>, Error> {
        let Some(failure) = self.failure else { return Ok(self.outcomes) };
        let error = failure.into_error();
        let facts = Facts { set: Some(self.outcomes.len()), ..error.facts().clone() };
        Err(error.with_facts(facts))
    }
}

/// Runs the statement to its end; without a sink its rows are passed over.
pub(super) fn run(database: &mut Database, statement: &Statement, mut sink: Option<Box<dyn Sink>>) -> Attempt {
    let mut fed = 0;
    let result = run_counting(database, statement, &mut sink, &mut fed);
    Attempt { sink, fed, result }
}

fn run_counting(
    database: &mut Database,
    statement: &Statement,
    sink: &mut Option<Box<dyn Sink>>,
    fed: &mut u64,
) -> Result<Outcome, Failure> {
    let mut run = bound(database, statement)?;
    let before = run.total_changes();
    match sink {
        Some(sink) => {
            while feed(&mut run, &mut **sink, usize::MAX, fed)? {}
            sink.end();
        }
        None => while run.step()?.is_some() {},
    }
    Ok(Outcome { rows: changed(&run, before), first_key: None })
}

/// Runs the statement once for each set of values, until it is told to stop.
pub(super) fn run_each(database: &mut Database, statement: &Repeated, stop: &Stop) -> Each {
    let start = Instant::now();
    let outcomes = Vec::with_capacity(statement.sets.len());
    let mut each = Each { outcomes, failure: None, took: Duration::ZERO };
    each.failure = run_all(database, statement, stop, &mut each.outcomes).err();
    if stop.is_asked() && !database.is_autocommit() {
        // An interrupt may meet no set while it runs. It is to leave what it leaves elsewhere, and not half of the sets.
        each.failure = Some(interrupted(database.execute_batch("ROLLBACK")));
    }
    each.took = start.elapsed();
    each
}

fn run_all(
    database: &mut Database,
    statement: &Repeated,
    stop: &Stop,
    outcomes: &mut Vec<Outcome>,
) -> Result<(), Failure> {
    let together = statement.together.as_ref().filter(|together| statement.sets.len() > together.sets);
    if let Some(together) = together.filter(|_| !database.is_autocommit()) {
        text(database, "SAVEPOINT together")?;
        let result = run_together(database, (statement, together), stop, outcomes);
        if stop.is_asked() || database.is_autocommit() {
            return result.map(|_| ());
        }
        if !matches!(result, Ok(true)) {
            // One after another they tell which set it is, and what each did.
            outcomes.clear();
            text(database, "ROLLBACK TO together")?;
        }
        text(database, "RELEASE together")?;
    }
    run_sets(database, statement, (outcomes.len(), statement.sets.len()), stop, outcomes)
}

/// Runs as many sets as can be run several at once, and tells whether each did what it does alone: changed one row, which has,
/// where it was inserted, the number after the last one.
fn run_together(
    database: &mut Database,
    (statement, together): (&Repeated, &Together),
    stop: &Stop,
    outcomes: &mut Vec<Outcome>,
) -> Result<bool, Failure> {
    // The first set alone tells from where on the numbers go.
    run_sets(database, statement, (0, 1), stop, outcomes)?;
    let mut number = outcomes.last().and_then(|outcome| outcome.first_key).unwrap_or_default();
    let (sets, whole) = (together.sets as i64, (statement.sets.len() - 1) / together.sets);
    let mut run = database.run(&together.sql)?;
    for values in statement.sets.runs(1, together.sets).take(whole).take_while(|_| !stop.is_asked()) {
        run.restart();
        bind_set(&mut run, &together.sql, values)?;
        let before = run.total_changes();
        while run.step()?.is_some() {}
        let last = run.last_insert_rowid();
        let follow = !together.numbers || number.checked_add(sets) == Some(last);
        if changed(&run, before) != together.sets as u64 || !follow {
            return Ok(false);
        }
        outcomes.extend((1..=sets).map(|set| Outcome { rows: 1, first_key: Some(number.wrapping_add(set)) }));
        number = last;
    }
    Ok(true)
}

fn interrupted(rolled_back: rusqlite::Result<()>) -> Failure {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_INTERRUPT);
    rolled_back.err().unwrap_or(rusqlite::Error::SqliteFailure(code, None)).into()
}

/// Runs the statement once for each set from the first one on, up to the last one.
fn run_sets(
    database: &mut Database,
    statement: &Repeated,
    (first, end): (usize, usize),
    stop: &Stop,
    outcomes: &mut Vec<Outcome>,
) -> Result<(), Failure> {
    let mut run = database.run(&statement.sql)?;
    for set in statement.sets.runs(first, 1).take(end - first).take_while(|_| !stop.is_asked()) {
        run.restart();
        bind_set(&mut run, &statement.sql, set)?;
        let before = run.total_changes();
        while run.step()?.is_some() {}
        outcomes.push(Outcome { rows: changed(&run, before), first_key: Some(run.last_insert_rowid()) });
    }
    Ok(())
}

/// Runs one statement with nothing bound, and keeps it prepared.
pub(super) fn text(database: &mut Database, sql: &str) -> rusqlite::Result<()> {
    let mut run = database.run(sql)?;
    while run.step()?.is_some() {}
    Ok(())
}

/// Commits, and tells how long that took.
pub(super) fn commit(database: &mut Database) -> (rusqlite::Result<()>, Duration) {
    let start = Instant::now();
    (text(database, "COMMIT"), start.elapsed())
}

/// SQLite keeps the count of the last change, also when this statement changed nothing.
fn changed(run: &Run<'_, '_>, before: u64) -> u64 {
    if run.total_changes() == before { 0 } else { run.changes() }
}

/// The statement with its values bound.
pub(super) fn bound<'s>(database: &'s mut Database, statement: &'s Statement) -> Result<Run<'s, 's>, Failure> {
    let mut run = database.run(&statement.sql)?;
    check_number(&run, &statement.sql, statement.values.len())?;
    for value in &statement.values {
        run.bind(bind::bound(value)?)?;
    }
    Ok(run)
}

fn bind_set<'v>(run: &mut Run<'_, 'v>, sql: &str, set: impl ExactSizeIterator<Item = Lent<'v>>) -> Result<(), Failure> {
    check_number(run, sql, set.len())?;
    for value in set {
        run.bind(bind::lent(value)?)?;
    }
    Ok(())
}

fn check_number(run: &Run<'_, '_>, sql: &str, given: usize) -> Result<(), Failure> {
    let wanted = run.parameters();
    if wanted == given {
        return Ok(());
    }
    let message = format!("the statement has {wanted} parameters and {given} values were bound: {sql}");
    Err(Error::usage(message).into())
}

/// Feeds up to `batch` rows to the sink, and says whether there may be more.
pub(super) fn feed(run: &mut Run<'_, '_>, sink: &mut dyn Sink, batch: usize, fed: &mut u64) -> Result<bool, Failure> {
    for _ in 0..batch {
        let Some(row) = run.step()? else { return Ok(false) };
        sink.row(&SqliteRow::new(&row))?;
        *fed += 1;
    }
    Ok(true)
}
