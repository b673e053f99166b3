//! A driver over another one that is interrupted at a call of one's choice.
use orm::{Error, Result};
use orm_core::driver::{
    BoxFuture, Connection, Control, Dialect, Driver, Outcome, Repeated, RowStream, Sink, Statement,
    recorder::{Failure, Interruption, Recorder},
};
use std::{
    future::poll_fn,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
};

/// What happens at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The statement fails and has no effect; the connection goes on.
    Refused,
    /// As `Refused`, for a reason that may be gone at the next attempt.
    Busy,
    /// The connection is lost before the statement has an effect.
    Lost,
    /// The statement is never sent, and its future never ends.
    NotSent,
    /// The statement has its effect, and its future never ends.
    Unanswered,
}

impl Fault {
    pub(crate) const ALL: [Self; 5] = [Self::Refused, Self::Busy, Self::Lost, Self::NotSent, Self::Unanswered];

    /// Whether the future of the call never ends.
    pub(crate) fn hangs(self) -> bool {
        matches!(self, Self::NotSent | Self::Unanswered)
    }

    /// What an error that was caused by it says.
    pub(crate) fn cause(self) -> &'static str {
        match self {
            Self::Refused => "the recorder refused the statement",
            Self::Busy => "the recorder met another transaction",
            Self::Lost => "the recorder lost the connection",
            Self::NotSent | Self::Unanswered => "cancelled",
        }
    }
}

/// Counts the calls of the driver below it, and interrupts one.
#[derive(Clone)]
pub(crate) struct Faulty {
    inner: Arc<dyn Driver>,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    refused: Error,
    busy: Error,
    lost: Error,
}

#[derive(Default)]
struct State {
    calls: Vec<String>,
    planned: Vec<(usize, Fault)>,
    /// Whether a call hangs that nobody has given up yet.
    hanging: bool,
}

impl Faulty {
    pub(crate) async fn over(inner: Arc<dyn Driver>) -> Self {
        let [refused, busy, lost] =
            [error(Failure::Other).await, error(Failure::Retryable).await, error(Failure::Connection).await];
        let shared = Shared { state: Mutex::default(), refused, busy, lost };
        Self { inner, shared: Arc::new(shared) }
    }

    /// Interrupts the calls of these numbers, counted from 0 from now on.
    pub(crate) fn interrupt(&self, planned: impl IntoIterator<Item = (usize, Fault)>) {
        *self.shared.state() = State { planned: planned.into_iter().collect(), ..State::default() };
    }

    /// Interrupts nothing from now on, and forgets the calls.
    pub(crate) fn calm(&self) {
        *self.shared.state() = State::default();
    }

    /// The calls since the last `interrupt` or `calm`.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.shared.state().calls.clone()
    }

    /// What the work gives, or `None`, and the work is dropped, as soon as one of its calls hangs.
    pub(crate) async fn unless_hanging<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(result) => Poll::Ready(Some(result)),
            Poll::Pending if std::mem::take(&mut self.shared.state().hanging) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }
}

/// An error of a kind that only databases give.
async fn error(failure: Failure) -> Error {
    let recorder = Recorder::new(Dialect::Sqlite);
    recorder.interrupt(0, Interruption::Fail(failure));
    let driver: &dyn Driver = &recorder;
    driver.acquire().await.err().expect("it was interrupted")
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, call: String) -> Option<Fault> {
        let mut state = self.state();
        let number = state.calls.len();
        state.calls.push(call);
        state.planned.iter().find(|(planned, _)| *planned == number).map(|(_, fault)| *fault)
    }

    async fn hang<T>(&self) -> T {
        self.state().hanging = true;
        std::future::pending().await
    }

    async fn around<T>(&self, call: String, lost: &mut bool, run: impl Future<Output = Result<T>>) -> Result<T> {
        let fault = self.enter(call);
        if *lost {
            return Err(self.lost.clone());
        }
        match fault {
            None => run.await,
            Some(Fault::Refused) => Err(self.refused.clone()),
            Some(Fault::Busy) => Err(self.busy.clone()),
            Some(Fault::Lost) => {
                *lost = true;
                Err(self.lost.clone())
            }
            Some(Fault::NotSent) => self.hang().await,
            Some(Fault::Unanswered) => {
                run.await?;
                self.hang().await
            }
        }
    }
}

impl Driver for Faulty {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>>> {
        Box::pin(async {
            let inner = self.shared.around("acquire".to_owned(), &mut false, self.inner.acquire()).await?;
            Ok(Box::new(FaultyConnection { inner, shared: self.shared.clone(), lost: false }) as Box<dyn Connection>)
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.inner.close()
    }
}

struct FaultyConnection {
    inner: Box<dyn Connection>,
    shared: Arc<Shared>,
    lost: bool,
}

impl Connection for FaultyConnection {
    fn query<'a>(&'a mut self, statement: &'a Statement, sink: Box<dyn Sink>) -> BoxFuture<'a, Result<Box<dyn Sink>>> {
        let run = self.inner.query(statement, sink);
        Box::pin(self.shared.around(statement.sql.to_string(), &mut self.lost, run))
    }

    fn execute<'a>(&'a mut self, statement: &'a Statement) -> BoxFuture<'a, Result<Outcome>> {
        let run = self.inner.execute(statement);
        Box::pin(self.shared.around(statement.sql.to_string(), &mut self.lost, run))
    }

    fn execute_each<'a>(&'a mut self, statement: &'a mut Repeated) -> BoxFuture<'a, Result<Vec<Outcome>>> {
        let sql = statement.sql.to_string();
        let run = self.inner.execute_each(statement);
        Box::pin(self.shared.around(sql, &mut self.lost, run))
    }

    fn run_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>> {
        let run = self.inner.run_script(sql);
        Box::pin(self.shared.around(sql.to_owned(), &mut self.lost, run))
    }

    fn control(&mut self, control: Control) -> BoxFuture<'_, Result<()>> {
        if self.lost && control == Control::Rollback {
            // With its connection the database dropped the transaction.
            return Box::pin(std::future::ready(Ok(())));
        }
        let run = self.inner.control(control);
        Box::pin(self.shared.around(format!("{control:?}"), &mut self.lost, run))
    }

    fn stream<'a>(
        &'a mut self,
        statement: &'a Statement,
        batch: usize,
    ) -> BoxFuture<'a, Result<Box<dyn RowStream + 'a>>> {
        Box::pin(async move {
            let Self { inner, shared, lost } = self;
            let opened = inner.stream(statement, batch);
            let rows = shared.around(format!("stream {}", statement.sql), lost, opened).await?;
            Ok(Box::new(FaultyStream { rows, shared, lost }) as Box<dyn RowStream + 'a>)
        })
    }

    fn is_usable(&self) -> bool {
        !self.lost && self.inner.is_usable()
    }

    fn statement_count(&self) -> u64 {
        self.inner.statement_count()
    }
}

struct FaultyStream<'a> {
    rows: Box<dyn RowStream + 'a>,
    shared: &'a Shared,
    lost: &'a mut bool,
}

impl RowStream for FaultyStream<'_> {
    fn next<'a>(&'a mut self, sink: Box<dyn Sink>) -> BoxFuture<'a, Result<(Box<dyn Sink>, bool)>> {
        Box::pin(self.shared.around("next".to_owned(), self.lost, self.rows.next(sink)))
    }
}
