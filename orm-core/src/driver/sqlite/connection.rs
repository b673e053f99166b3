//! A SQLite connection as the library uses it.
use super::{
    away::Place,
    open::{Opener, Raw},
    pace::Pace,
    patience::Patience,
    step::{self, Attempt},
    stream::SqliteStream,
};
use crate::{
    driver::{
        Begin, BoxFuture, Connection, Control, Length, Outcome, Repeated, RowStream, Sink, Statement,
        meter::{Meter, Started},
        options::RunStatements,
        pool::Lease,
    },
    error::{Error, Kind, Result},
};
use std::{sync::Arc, time::Instant};

/// A commit of so many changes runs on a blocking thread, unless it is known to be short.
const LONG_COMMIT: u64 = 1_000;

/// With more values than these a statement is not taken for short before it is known how long it takes, whatever it does
/// with them: a row of a few values is written in a third of a microsecond to two.
const FEW_VALUES: usize = 500;

pub(super) struct SqliteConnection {
    pub(super) place: Place,
    pub(super) meter: Meter,
    lease: Option<Lease<Opener>>,
    /// The changes that the connection had made when the transaction began, if one was begun here.
    transaction: Option<u64>,
}

impl SqliteConnection {
    pub(super) fn new(raw: Raw, lease: Lease<Opener>) -> Self {
        let meter = Meter::new(lease.opener().log_values());
        Self { place: Place::Here(raw), meter, lease: Some(lease), transaction: None }
    }

    pub(super) fn opener(&self) -> Result<&Opener> {
        self.lease.as_ref().map(Lease::opener).ok_or_else(|| Error::new(Kind::Connection, "the connection was closed"))
    }

    /// The connection, ready for a statement: after a failure that rolled the transaction back, none may run outside it.
    pub(super) async fn ready(&mut self) -> Result<&mut Raw> {
        let begun = self.transaction.is_some();
        let raw = self.place.here().await?;
        if begun && raw.database.is_autocommit() {
            return Err(rolled_back());
        }
        Ok(raw)
    }

    pub(super) fn patience(&self) -> Result<Patience> {
        Ok(Patience::new(self.opener()?.busy_timeout()))
    }

    async fn run(&mut self, statement: &Statement, sink: Option<Box<dyn Sink>>) -> Result<Attempt> {
        let started = self.meter.start();
        let result = self.attempts(statement, sink).await;
        let rows = result.as_ref().ok().and_then(|attempt| Some(attempt.fed.max(attempt.result.as_ref().ok()?.rows)));
        self.meter.end(started, statement, rows);
        result
    }

    async fn attempts(&mut self, statement: &Statement, sink: Option<Box<dyn Sink>>) -> Result<Attempt> {
        let mut patience = self.patience()?;
        let mut attempt = self.attempt(statement, sink).await?;
        while attempt.was_too_early() && patience.wait().await {
            attempt = self.attempt(statement, attempt.sink).await?;
        }
        Ok(attempt)
    }

    async fn attempt(&mut self, statement: &Statement, mut sink: Option<Box<dyn Sink>>) -> Result<Attempt> {
        let run = self.opener()?.run();
        let pace = self.pace(statement, run)?;
        if let (Some(pace), Some(sink)) = (&pace, &mut sink) {
            sink.expect(pace.rows());
        }
        let in_place = pace.as_ref().map_or(run != RunStatements::Blocking, |pace| pace.is_short());
        let raw = self.ready().await?;
        if in_place {
            return Ok(timed(pace.as_deref(), || step::run(&mut raw.database, statement, sink)));
        }
        let statement = statement.clone();
        self.place.lend(move |database| timed(pace.as_deref(), || step::run(database, &statement, sink))).await
    }

    async fn run_each(&mut self, statement: &mut Repeated) -> Result<Vec<Outcome>> {
        let started = self.meter.start();
        let result = self.attempts_at_each(statement).await;
        let rows = result.as_ref().ok().map(|outcomes| outcomes.iter().map(|outcome| outcome.rows).sum());
        self.meter.end_each(started, statement, rows);
        result
    }

    async fn attempts_at_each(&mut self, statement: &mut Repeated) -> Result<Vec<Outcome>> {
        let mut patience = self.patience()?;
        let (opener, sets) = (self.opener()?, statement.sets.len() as u64);
        let many = opener.run() == RunStatements::Auto && statement.sets.values_len() > FEW_VALUES;
        let pace = many.then(|| opener.paces().of(&statement.sql));
        let in_place = match &pace {
            Some(pace) => pace.is_short_for(sets),
            None => opener.run() != RunStatements::Blocking,
        };
        loop {
            let raw = self.ready().await?;
            let each = if in_place {
                step::run_each(&mut raw.database, statement, &raw.stop)
            } else {
                let stop = raw.stop.clone();
                // The values go there and come back, instead of being copied.
                let sets = std::mem::take(&mut statement.sets);
                let lent = Repeated { sets, ..statement.clone() };
                let run = move |database: &mut _| (step::run_each(database, &lent, &stop), lent.sets);
                let (each, sets) = self.place.lend(run).await?;
                statement.sets = sets;
                each
            };
            if !(each.was_too_early() && patience.wait().await) {
                pace.iter().zip(each.took()).for_each(|(pace, took)| pace.record(took, sets));
                return each.into_result();
            }
        }
    }

    /// How fast the statement is, if that decides where it runs.
    fn pace(&self, statement: &Statement, run: RunStatements) -> Result<Option<Arc<Pace>>> {
        let long = statement.length == Length::Unknown || statement.values.len() > FEW_VALUES;
        let decides = run == RunStatements::Auto && long;
        Ok(if decides { Some(self.opener()?.paces().of(&statement.sql)) } else { None })
    }

    /// Runs one of our own texts, in place.
    async fn text(&mut self, sql: &str) -> Result<()> {
        let mut patience = self.patience()?;
        let started = Started::now();
        let result = loop {
            let raw = self.place.here().await?;
            match step::text(&mut raw.database, sql) {
                Err(error) if super::error::is_busy(&error) && patience.wait().await => {}
                result => break result,
            }
        };
        self.meter.end_text(started, sql, result.is_err());
        result.map_err(super::error::translated)
    }

    async fn begin(&mut self, begin: Begin) -> Result<()> {
        // A transaction that will write takes the lock first: it cannot fail halfway because another wrote meanwhile.
        self.text(if begin.read_only { "BEGIN" } else { "BEGIN IMMEDIATE" }).await?;
        self.transaction = Some(self.place.here().await?.database.total_changes());
        Ok(())
    }

    async fn commit(&mut self) -> Result<()> {
        let before = self.transaction.unwrap_or_default();
        let changes = self.ready().await?.database.total_changes().saturating_sub(before);
        if changes < LONG_COMMIT {
            self.text("COMMIT").await?;
        } else {
            self.commit_many(changes).await?;
        }
        self.transaction = None;
        Ok(())
    }

    /// It may have to move the log into the file.
    async fn commit_many(&mut self, changes: u64) -> Result<()> {
        let opener = self.opener()?;
        let in_place = match opener.run() {
            RunStatements::InPlace => true,
            RunStatements::Blocking => false,
            RunStatements::Auto => opener.commits().is_short_for(changes),
        };
        let started = Started::now();
        let (committed, took) = match in_place {
            true => step::commit(&mut self.ready().await?.database),
            false => self.place.lend(step::commit).await?,
        };
        match committed {
            Err(error) if super::error::is_busy(&error) => return self.text("COMMIT").await,
            Err(_) => {}
            Ok(()) => self.opener()?.commits().record(took, changes),
        }
        self.meter.end_text(started, "COMMIT", committed.is_err());
        committed.map_err(super::error::translated)
    }

    async fn rollback(&mut self) -> Result<()> {
        let raw = self.place.here().await?;
        if !raw.database.is_autocommit() {
            self.text("ROLLBACK").await?;
        }
        self.transaction = None;
        Ok(())
    }

    async fn savepoint(&mut self, sql: &str) -> Result<()> {
        self.ready().await?;
        self.text(sql).await
    }

    async fn script(&mut self, sql: &str) -> Result<()> {
        let started = self.meter.start();
        let result = self.script_in_transaction(sql).await;
        self.meter.end_text(started, sql, result.is_err());
        result
    }

    /// One transaction around it, so that a busy database cannot stop it halfway; some statements refuse to be in one.
    async fn script_in_transaction(&mut self, sql: &str) -> Result<()> {
        let open = !self.ready().await?.database.is_autocommit();
        let own = !open && !refuses_transaction(sql);
        if own {
            self.begin(Begin::default()).await?;
        }
        let text = sql.to_owned();
        let result = self.place.lend(move |database| database.execute_batch(&text)).await?;
        match (own, result) {
            (true, Ok(())) => self.commit().await,
            (true, Err(error)) => {
                self.rollback().await?;
                Err(super::error::translated(error))
            }
            (false, result) => result.map_err(super::error::translated),
        }
    }
}

fn refuses_transaction(sql: &str) -> bool {
    let sql = sql.to_ascii_uppercase();
    ["PRAGMA", "BEGIN", "VACUUM", "ATTACH", "DETACH"].iter().any(|word| sql.contains(word))
}

/// Notes how long a statement took; one that was refused or stopped tells nothing of that.
fn timed(pace: Option<&Pace>, run: impl FnOnce() -> Attempt) -> Attempt {
    let Some(pace) = pace else { return run() };
    let start = Instant::now();
    let attempt = run();
    if attempt.result.is_ok() {
        pace.record(start.elapsed(), 1);
        pace.record_rows(attempt.fed);
    }
    attempt
}

fn rolled_back() -> Error {
    let message = "SQLite rolled the transaction back when a statement in it failed or was cancelled: call `rollback`";
    Error::new(Kind::Database, message)
}

impl Connection for SqliteConnection {
    fn query<'a>(&'a mut self, statement: &'a Statement, sink: Box<dyn Sink>) -> BoxFuture<'a, Result<Box<dyn Sink>>> {
        Box::pin(async {
            let attempt = self.run(statement, Some(sink)).await?;
            match (attempt.result, attempt.sink) {
                (Ok(_), Some(sink)) => Ok(sink),
                (Ok(_), None) => Err(Error::new(Kind::Other, "the sink was lost")),
                (Err(failure), _) => Err(failure.into_error()),
            }
        })
    }

    fn execute<'a>(&'a mut self, statement: &'a Statement) -> BoxFuture<'a, Result<Outcome>> {
        Box::pin(async { self.run(statement, None).await?.result.map_err(super::error::Failure::into_error) })
    }

    fn execute_each<'a>(&'a mut self, statement: &'a mut Repeated) -> BoxFuture<'a, Result<Vec<Outcome>>> {
        Box::pin(self.run_each(statement))
    }

    fn run_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.script(sql))
    }

    fn control(&mut self, control: Control) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            match control {
                Control::Begin(begin) => self.begin(begin).await,
                Control::Commit => self.commit().await,
                Control::Rollback => self.rollback().await,
                Control::Savepoint(n) => self.savepoint(&format!("SAVEPOINT orm_{n}")).await,
                Control::Release(n) => self.savepoint(&format!("RELEASE orm_{n}")).await,
                Control::RollbackTo(n) => {
                    self.savepoint(&format!("ROLLBACK TO orm_{n}")).await?;
                    self.savepoint(&format!("RELEASE orm_{n}")).await
                }
            }
        })
    }

    fn stream<'a>(
        &'a mut self,
        statement: &'a Statement,
        batch: usize,
    ) -> BoxFuture<'a, Result<Box<dyn RowStream + 'a>>> {
        Box::pin(async move { Ok(Box::new(SqliteStream::new(self, statement, batch)) as Box<dyn RowStream + 'a>) })
    }

    fn is_usable(&self) -> bool {
        match &self.place {
            Place::Here(raw) => self.transaction.is_none() || !raw.database.is_autocommit(),
            Place::Away(_) => self.transaction.is_none(),
            Place::Gone => false,
        }
    }

    fn statement_count(&self) -> u64 {
        self.meter.count()
    }
}

impl Drop for SqliteConnection {
    fn drop(&mut self) {
        let Some(lease) = self.lease.take() else { return };
        match std::mem::replace(&mut self.place, Place::Gone) {
            Place::Here(raw) => give_back(raw, lease),
            Place::Away(back) => {
                // Without a runtime nobody can wait: the thread that has the connection closes it.
                if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                    runtime.spawn(async move {
                        if let Some(raw) = back.await {
                            give_back(raw, lease);
                        }
                    });
                }
            }
            Place::Gone => {}
        }
    }
}

/// Rolls back what is open. A connection that cannot be cleaned is closed instead.
fn give_back(raw: Raw, lease: Lease<Opener>) {
    raw.stop.clear();
    if raw.database.is_autocommit() || raw.database.execute_batch("ROLLBACK").is_ok() {
        lease.give_back(raw);
    }
}
