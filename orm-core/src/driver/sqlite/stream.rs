//! The rows of a statement in batches: a blocking thread steps it and feeds the sinks that are sent to it.
use super::{away::Place, connection::SqliteConnection, error::Failure, open::Stop, step};
use crate::{
    driver::{BoxFuture, RowStream, Sink, Statement, meter::Started},
    error::{Error, Kind, Result},
};
use orm_sqlite::Database;
use tokio::sync::mpsc::{UnboundedReceiver as Receiver, UnboundedSender as Sender, unbounded_channel as channel};

/// The sink goes to the thread that steps the statement and comes back with its batch: no row is copied, and what is in
/// the channels is one sink at most.
pub(super) struct SqliteStream<'a> {
    connection: &'a mut SqliteConnection,
    statement: &'a Statement,
    batch: usize,
    started: Option<Started>,
    thread: Option<Thread>,
    rows: u64,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Between two batches.
    Ready,
    /// A sink is with the thread.
    Waiting,
    /// After the last row or an error.
    Ended,
}

struct Thread {
    sinks: Sender<Box<dyn Sink>>,
    fed: Receiver<Fed>,
    stop: Stop,
}

struct Fed {
    sink: Box<dyn Sink>,
    rows: u64,
    more: Result<bool, Failure>,
}

impl<'a> SqliteStream<'a> {
    pub(super) fn new(connection: &'a mut SqliteConnection, statement: &'a Statement, batch: usize) -> Self {
        let started = Some(connection.meter.start());
        Self { connection, statement, batch: batch.max(1), started, thread: None, rows: 0, state: State::Ready }
    }

    async fn fill(&mut self, sink: Box<dyn Sink>) -> Result<(Box<dyn Sink>, bool)> {
        match self.state {
            State::Ready => {}
            State::Waiting => return Err(Error::usage("a batch of this stream was cancelled: open the stream again")),
            State::Ended => return Ok((sink, false)),
        }
        self.state = State::Waiting;
        let fed = self.fed(sink).await;
        let result = fed.and_then(|fed| Ok((fed.sink, fed.more.map_err(Failure::into_error)?)));
        self.state = if matches!(result, Ok((_, true))) { State::Ready } else { State::Ended };
        if self.state == State::Ended {
            self.end(result.is_ok());
        }
        result
    }

    async fn fed(&mut self, sink: Box<dyn Sink>) -> Result<Fed> {
        let mut patience = self.connection.patience()?;
        let mut fed = self.ask(sink).await?;
        while self.is_too_early(&fed) && patience.wait().await {
            self.thread = None;
            fed = self.ask(fed.sink).await?;
        }
        self.rows += fed.rows;
        Ok(fed)
    }

    fn is_too_early(&self, fed: &Fed) -> bool {
        self.rows == 0 && fed.rows == 0 && fed.more.as_ref().is_err_and(Failure::is_busy)
    }

    async fn ask(&mut self, sink: Box<dyn Sink>) -> Result<Fed> {
        if self.thread.is_none() {
            self.thread = Some(self.start().await?);
        }
        let Some(thread) = &mut self.thread else { return Err(lost()) };
        thread.sinks.send(sink).map_err(|_| lost())?;
        thread.fed.recv().await.ok_or_else(lost)
    }

    /// Sends the connection to a thread of its own.
    async fn start(&mut self) -> Result<Thread> {
        self.connection.ready().await?;
        let mut raw = self.connection.place.take().await?;
        let stop = raw.stop.clone();
        let (sinks, asked) = channel();
        let (answers, fed) = channel();
        let (statement, batch) = (self.statement.clone(), self.batch);
        let task = tokio::task::spawn_blocking(move || {
            serve(&mut raw.database, &statement, batch, (asked, answers));
            raw
        });
        self.connection.place = Place::Away(Box::pin(async { task.await.ok() }));
        Ok(Thread { sinks, fed, stop })
    }

    fn end(&mut self, succeeded: bool) {
        self.thread = None;
        if let Some(started) = self.started.take() {
            self.connection.meter.end(started, self.statement, succeeded.then_some(self.rows));
        }
    }
}

fn lost() -> Error {
    Error::new(Kind::Connection, "the stream is lost: something panicked while it read a row")
}

/// What the thread does: for each sink that comes, one batch.
fn serve(
    database: &mut Database,
    statement: &Statement,
    batch: usize,
    (mut asked, answers): (Receiver<Box<dyn Sink>>, Sender<Fed>),
) {
    let mut run = match step::bound(database, statement) {
        Ok(run) => run,
        Err(failure) => return refuse(failure, asked.blocking_recv(), &answers),
    };
    while let Some(mut sink) = asked.blocking_recv() {
        let mut rows = 0;
        let more = step::feed(&mut run, &mut *sink, batch, &mut rows);
        let last = !matches!(more, Ok(true));
        if answers.send(Fed { sink, rows, more }).is_err() || last {
            return;
        }
    }
}

fn refuse(failure: Failure, sink: Option<Box<dyn Sink>>, answers: &Sender<Fed>) {
    if let Some(sink) = sink {
        // Nobody waits for the answer if the stream was dropped.
        let _ = answers.send(Fed { sink, rows: 0, more: Err(failure) });
    }
}

impl RowStream for SqliteStream<'_> {
    fn next(&mut self, sink: Box<dyn Sink>) -> BoxFuture<'_, Result<(Box<dyn Sink>, bool)>> {
        Box::pin(self.fill(sink))
    }
}

impl Drop for SqliteStream<'_> {
    fn drop(&mut self) {
        if let (State::Waiting, Some(thread)) = (self.state, &self.thread) {
            thread.stop.now();
        }
    }
}
