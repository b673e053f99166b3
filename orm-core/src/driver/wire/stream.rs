//! The rows of a statement in batches, never more than one batch in memory.
use super::{Arguments, Raw, Server, WireConnection, place::Place, run};
use crate::{
    driver::{BoxFuture, RowStream, Sink, Statement, meter::Started},
    error::{Error, Kind, Result},
};
use sqlx::Either;
use std::{future::poll_fn, sync::Arc, task::Poll};
use tokio::sync::mpsc::{UnboundedReceiver as Receiver, UnboundedSender as Sender, unbounded_channel as channel};

/// The statement's future owns the connection and feeds the sinks that are sent to it, whenever [`next`](RowStream::next)
/// polls it.
pub(super) struct WireStream<'a, S: Server> {
    connection: &'a mut WireConnection<S>,
    statement: &'a Statement,
    started: Option<Started>,
    reading: Option<Reading<S>>,
    rows: u64,
    waiting: bool,
}

struct Reading<S: Server> {
    task: BoxFuture<'static, Raw<S::Db>>,
    sinks: Sender<Box<dyn Sink>>,
    fed: Receiver<Fed>,
}

struct Fed {
    sink: Box<dyn Sink>,
    rows: u64,
    more: Result<bool>,
}

impl<'a, S: Server> WireStream<'a, S> {
    pub(super) async fn start(
        connection: &'a mut WireConnection<S>,
        statement: &'a Statement,
        batch: usize,
    ) -> Result<Self> {
        let started = Some(connection.meter.start());
        connection.look_at(&statement.sql);
        let arguments = S::arguments(&statement.values)?;
        let raw = connection.take().await?;
        let (sinks, asked) = channel();
        let (answers, fed) = channel();
        let serving = Serving::<S> { sql: statement.sql.clone(), arguments, batch: batch.max(1), asked, answers };
        let reading = Some(Reading { task: Box::pin(serving.run(raw)), sinks, fed });
        Ok(Self { connection, statement, started, reading, rows: 0, waiting: false })
    }

    async fn fill(&mut self, sink: Box<dyn Sink>) -> Result<(Box<dyn Sink>, bool)> {
        if self.waiting {
            return Err(Error::usage("a batch of this stream was cancelled: open the stream again"));
        }
        let Some(reading) = &mut self.reading else { return Ok((sink, false)) };
        self.waiting = true;
        let fed = reading.batch(sink).await;
        self.waiting = false;
        let Fed { sink, rows, more } = match fed {
            Step::Fed(fed) => fed,
            Step::Back(raw) => {
                self.end(Place::back(raw), false);
                return Err(Error::new(Kind::Connection, "the stream ended without its last row"));
            }
        };
        self.rows += rows;
        match more {
            Ok(true) => Ok((sink, true)),
            Ok(false) => self.finish(true).await.map(|()| (sink, false)),
            Err(error) => self.finish(false).await.and(Err(error)),
        }
    }

    /// Waits for the connection, which comes right after the last batch.
    async fn finish(&mut self, succeeded: bool) -> Result<()> {
        if let Some(reading) = &mut self.reading {
            let raw = (&mut reading.task).await;
            self.end(Place::back(raw), succeeded);
        }
        Ok(())
    }

    fn end(&mut self, place: Place<S>, succeeded: bool) {
        self.reading = None;
        self.connection.place = place;
        self.connection.note();
        if let Some(started) = self.started.take() {
            self.connection.meter.end(started, self.statement, succeeded.then_some(self.rows));
        }
    }
}

enum Step<S: Server> {
    Fed(Fed),
    Back(Raw<S::Db>),
}

impl<S: Server> Reading<S> {
    /// Sends the sink and drives the statement until it comes back.
    async fn batch(&mut self, sink: Box<dyn Sink>) -> Step<S> {
        // If the statement ended, the task is ready, which the poll below sees.
        let _ = self.sinks.send(sink);
        poll_fn(|context| {
            let back = self.task.as_mut().poll(context);
            match (self.fed.poll_recv(context), back) {
                // A task that is ready with a batch in the channel is asked for by `finish`, which must not poll again.
                (Poll::Ready(Some(fed)), Poll::Pending) => Poll::Ready(Step::Fed(fed)),
                (Poll::Ready(Some(fed)), Poll::Ready(raw)) => {
                    self.task = Box::pin(std::future::ready(raw));
                    Poll::Ready(Step::Fed(fed))
                }
                (_, Poll::Ready(raw)) => Poll::Ready(Step::Back(raw)),
                (_, Poll::Pending) => Poll::Pending,
            }
        })
        .await
    }
}

/// The other side: owns the connection.
struct Serving<S: Server> {
    sql: Arc<str>,
    arguments: Arguments<S>,
    batch: usize,
    asked: Receiver<Box<dyn Sink>>,
    answers: Sender<Fed>,
}

impl<S: Server> Serving<S> {
    async fn run(mut self, mut raw: Raw<S::Db>) -> Raw<S::Db> {
        let sql = Arc::clone(&self.sql);
        let end = self.serve(&mut raw).await;
        let Err((error, fed)) = end else { return raw };
        let error = run::finished::<S>(&mut raw, Err(error), &sql);
        if let Some(fed) = fed {
            // Nobody waits for the answer if the stream was dropped.
            let _ = self.answers.send(Fed { more: error.map(|()| false), ..fed });
        }
        raw
    }

    /// An error comes with the batch during which it happened.
    async fn serve(&mut self, raw: &mut Raw<S::Db>) -> std::result::Result<(), (sqlx::Error, Option<Fed>)> {
        let arguments = std::mem::take(&mut self.arguments);
        let mut answers = S::send(raw.connection(), Arc::clone(&self.sql), arguments);
        let (mut columns, mut begun) = (None, false);
        while let Some(sink) = self.asked.recv().await {
            begun = true;
            let mut fed = Fed { sink, rows: 0, more: Ok(true) };
            while fed.rows < self.batch as u64 && matches!(fed.more, Ok(true)) {
                fed.more = match run::next::<S>(&mut answers).await {
                    None => Ok(false),
                    Some(Err(error)) => return Err((error, Some(fed))),
                    Some(Ok(Either::Left(_))) => continue,
                    Some(Ok(Either::Right(row))) => {
                        fed.rows += 1;
                        let columns = columns.get_or_insert_with(|| S::columns(&row));
                        S::feed(&row, columns, &mut *fed.sink).map(|()| true)
                    }
                };
            }
            let last = !matches!(fed.more, Ok(true));
            let dropped = self.answers.send(fed).is_err();
            if last || dropped {
                break;
            }
        }
        if !begun {
            return Ok(());
        }
        // What is left has to be read, or cancelled, before the connection can be used again.
        while let Some(answer) = run::next::<S>(&mut answers).await {
            answer.map_err(|error| (error, None))?;
        }
        Ok(())
    }
}

impl<S: Server> RowStream for WireStream<'_, S> {
    fn next(&mut self, sink: Box<dyn Sink>) -> BoxFuture<'_, Result<(Box<dyn Sink>, bool)>> {
        Box::pin(self.fill(sink))
    }
}

impl<S: Server> Drop for WireStream<'_, S> {
    fn drop(&mut self) {
        if let Some(Reading { task, .. }) = self.reading.take() {
            self.connection.place = Place::Away(task);
        }
    }
}
