//! A connection to a server as the library uses it.
use super::{
    Raw, Server,
    place::{Loan, Place},
    run::{self, Ran, Sending},
    stream::WireStream,
};
use crate::{
    driver::{
        Begin, BoxFuture, Connection, Control, Outcome, RowStream, Sink, Statement,
        meter::{Meter, Started},
        pool::Lease,
    },
    error::{Error, Kind, Result},
};

pub(in crate::driver) struct WireConnection<S: Server> {
    pub(super) place: Place<S>,
    pub(super) meter: Meter,
    lease: Option<Lease<S>>,
    id: Option<u64>,
    transaction: Transaction,
    /// Whether it was dropped and is being cleaned: dropped again, it is closed.
    leaving: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Transaction {
    None,
    Open,
    /// The server, or the loss of the connection, rolled it back: nothing runs until `rollback`.
    Lost,
}

impl<S: Server> WireConnection<S> {
    pub(in crate::driver) fn new(raw: Raw<S::Db>, lease: Lease<S>) -> Self {
        let meter = Meter::new(lease.opener().log_values());
        let (id, place) = (raw.id, Place::Here(raw));
        Self { place, meter, lease: Some(lease), id, transaction: Transaction::None, leaving: false }
    }

    /// The connection itself, after what was cancelled on it ended; a new one if it was lost outside a transaction.
    pub(super) async fn take(&mut self) -> Result<Raw<S::Db>> {
        self.settle().await;
        if self.transaction == Transaction::Lost {
            return Err(lost());
        }
        if let Some(raw) = self.place.take() {
            return Ok(raw);
        }
        let lease = self.lease.as_ref().ok_or_else(lost)?;
        let raw = lease.reopen().await?;
        self.id = raw.id;
        Ok(raw)
    }

    async fn settle(&mut self) {
        if let Some(lease) = &self.lease {
            self.place.settle(lease.opener(), self.id).await;
        }
        self.note();
    }

    /// Sees whether a transaction is still there.
    pub(super) fn note(&mut self) {
        let rolled_back = match &mut self.place {
            Place::Here(raw) => std::mem::take(&mut raw.rolled_back),
            Place::Away(_) => false,
            Place::Gone => true,
        };
        if rolled_back && self.transaction == Transaction::Open {
            self.transaction = Transaction::Lost;
        }
    }

    async fn lend<T: Send + 'static>(
        &mut self,
        start: impl FnOnce(Raw<S::Db>) -> BoxFuture<'static, (Raw<S::Db>, T)>,
    ) -> Result<T> {
        let raw = self.take().await?;
        let loan = Loan::<S, T> { running: Some(start(raw)), place: &mut self.place };
        let result = loan.await;
        self.note();
        result.ok_or_else(lost)
    }

    /// A transaction that the user's own text begins is one to roll back when the connection goes back.
    pub(super) fn look_at(&mut self, sql: &str) {
        if self.transaction == Transaction::None && begins(sql) {
            self.transaction = Transaction::Open;
        }
    }

    async fn run(&mut self, statement: &Statement, sink: Option<Box<dyn Sink>>) -> Result<Ran> {
        let started = self.meter.start();
        self.look_at(&statement.sql);
        let result = self.run_bound(statement, sink).await;
        let rows = result.as_ref().ok().and_then(|ran| Some(ran.fed.max(ran.result.as_ref().ok()?.rows)));
        self.meter.end(started, statement, rows);
        result
    }

    async fn run_bound(&mut self, statement: &Statement, sink: Option<Box<dyn Sink>>) -> Result<Ran> {
        let ran = self.run_once(statement, sink).await?;
        let is_stale = matches!(&self.place, Place::Here(raw) if raw.stale);
        if is_stale && ran.fed == 0 && self.transaction == Transaction::None {
            return self.run_once(statement, ran.sink).await;
        }
        Ok(ran)
    }

    async fn run_once(&mut self, statement: &Statement, sink: Option<Box<dyn Sink>>) -> Result<Ran> {
        let arguments = S::arguments(&statement.values)?;
        let sending = Sending::<S> { sql: statement.sql.clone(), arguments, length: statement.length };
        self.lend(move |raw| run::run(raw, sending, sink)).await
    }

    async fn text(&mut self, sql: String) -> Result<()> {
        let started = Started::now();
        let sent = sql.clone();
        let result = match self.lend(move |raw| run::text::<S>(raw, sent)).await {
            Ok(result) => result,
            Err(error) => Err(error),
        };
        self.meter.end_text(started, &sql, result.is_err());
        result
    }

    async fn begin(&mut self, begin: Begin) -> Result<()> {
        self.settle().await;
        let begun = self.begin_once(begin).await;
        if begun.is_err() && self.transaction == Transaction::Lost {
            // The connection was lost while it lay idle: nothing was on it that another one does not have.
            self.transaction = Transaction::None;
            return self.begin_once(begin).await;
        }
        begun
    }

    async fn begin_once(&mut self, begin: Begin) -> Result<()> {
        // A connection that is gone is replaced while no transaction counts on it.
        let raw = self.take().await?;
        self.place = Place::Here(raw);
        // Before it is sent: one that is cancelled may have begun.
        self.transaction = Transaction::Open;
        self.forgive();
        self.text(S::begin(begin)).await
    }

    /// What failed so far is undone.
    fn forgive(&mut self) {
        if let Place::Here(raw) = &mut self.place {
            raw.failed = false;
        }
    }

    async fn commit(&mut self) -> Result<()> {
        self.settle().await;
        // Of a transaction in which a statement failed, PostgreSQL's COMMIT is a rollback, and no error.
        if S::FAILS_AS_A_WHOLE && matches!(&self.place, Place::Here(raw) if raw.failed) {
            let message = "a statement of the transaction failed, so it cannot be committed: call `rollback`";
            return Err(Error::new(Kind::Database, message));
        }
        self.text("COMMIT".to_owned()).await?;
        self.transaction = Transaction::None;
        Ok(())
    }

    async fn rollback(&mut self) -> Result<()> {
        self.settle().await;
        if self.transaction == Transaction::Open {
            let rolled_back = self.text("ROLLBACK".to_owned()).await;
            // With the connection the server drops its transaction.
            if !matches!(self.place, Place::Gone) {
                rolled_back?;
            }
        }
        self.transaction = Transaction::None;
        self.forgive();
        Ok(())
    }

    async fn rollback_to(&mut self, n: u32) -> Result<()> {
        self.text(format!("ROLLBACK TO SAVEPOINT orm_{n}; RELEASE SAVEPOINT orm_{n}")).await?;
        self.forgive();
        Ok(())
    }

    /// Leaves a connection that the pool can give to somebody else, or none.
    async fn clean(&mut self) {
        if self.rollback().await.is_err() {
            self.place = Place::Gone;
        }
    }
}

/// Whether the text's first word begins a transaction.
fn begins(sql: &str) -> bool {
    let sql = sql.trim_start();
    let (Some(word), after) = (sql.get(..5), sql.as_bytes().get(5)) else { return false };
    let is_word = !after.is_some_and(u8::is_ascii_alphabetic);
    is_word && (word.eq_ignore_ascii_case("BEGIN") || word.eq_ignore_ascii_case("START"))
}

fn lost() -> Error {
    let message = "the transaction is lost: the server rolled it back, or its connection broke; call `rollback`";
    Error::new(Kind::Connection, message)
}

impl<S: Server> Connection for WireConnection<S> {
    fn query<'a>(&'a mut self, statement: &'a Statement, sink: Box<dyn Sink>) -> BoxFuture<'a, Result<Box<dyn Sink>>> {
        Box::pin(async {
            let ran = self.run(statement, Some(sink)).await?;
            ran.result.and_then(|_| ran.sink.ok_or_else(lost))
        })
    }

    fn execute<'a>(&'a mut self, statement: &'a Statement) -> BoxFuture<'a, Result<Outcome>> {
        Box::pin(async { self.run(statement, None).await?.result })
    }

    fn run_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            // Counted; told to the log where the text ends.
            let _ = self.meter.start();
            self.look_at(sql);
            self.text(sql.to_owned()).await
        })
    }

    fn control(&mut self, control: Control) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            match control {
                Control::Begin(begin) => self.begin(begin).await,
                Control::Commit => self.commit().await,
                Control::Rollback => self.rollback().await,
                Control::Savepoint(n) => self.text(format!("SAVEPOINT orm_{n}")).await,
                Control::Release(n) => self.text(format!("RELEASE SAVEPOINT orm_{n}")).await,
                Control::RollbackTo(n) => self.rollback_to(n).await,
            }
        })
    }

    fn stream<'a>(
        &'a mut self,
        statement: &'a Statement,
        batch: usize,
    ) -> BoxFuture<'a, Result<Box<dyn RowStream + 'a>>> {
        Box::pin(
            async move { Ok(Box::new(WireStream::start(self, statement, batch).await?) as Box<dyn RowStream + 'a>) },
        )
    }

    fn is_usable(&self) -> bool {
        self.transaction != Transaction::Lost
    }

    fn commits_alone(&self) -> bool {
        self.lease.as_ref().is_some_and(|lease| lease.opener().commits_alone())
    }

    fn leaves_rows_out(&self) -> bool {
        self.lease.as_ref().is_none_or(|lease| lease.opener().leaves_rows_out())
    }

    fn statement_count(&self) -> u64 {
        self.meter.count()
    }
}

impl<S: Server> WireConnection<S> {
    /// Cleans the connection in the background and gives it back.
    fn leave(&mut self, place: Place<S>, lease: Lease<S>) {
        // Without a runtime nobody can clean it: it is closed, and the server rolls back.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (meter, id, transaction) = (self.meter.clone(), self.id, self.transaction);
        let mut left = Self { place, meter, lease: Some(lease), id, transaction, leaving: true };
        runtime.spawn(async move { left.clean().await });
    }
}

impl<S: Server> Drop for WireConnection<S> {
    fn drop(&mut self) {
        let Some(lease) = self.lease.take() else { return };
        match std::mem::replace(&mut self.place, Place::Gone) {
            Place::Here(raw) if self.transaction == Transaction::None => lease.give_back(raw),
            Place::Gone => {}
            // The runtime ended before it was clean.
            Place::Here(_) | Place::Away(_) if self.leaving => {}
            place => self.leave(place, lease),
        }
    }
}
