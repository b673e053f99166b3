//! The script of a recorder, and its record.
use crate::{
    driver::{Control, Dialect, Outcome, Statement},
    error::{Error, Kind, Result},
    value::Value,
};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Writes down every call, and answers from a script. Clones share both.
///
/// ```
/// use orm_core::driver::{Dialect, Driver, recorder::{Answer, Recorder}};
///
/// let recorder = Recorder::new(Dialect::Postgres);
/// recorder.answer(Answer::Rows(vec![vec![1i64.into(), "a@x".into()]]));
/// let driver: std::sync::Arc<dyn Driver> = std::sync::Arc::new(recorder.clone());
/// assert_eq!(driver.dialect(), Dialect::Postgres);
/// assert!(recorder.calls().is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Recorder {
    pub(super) shared: Arc<Shared>,
}

/// One call, as it was made.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// A connection was taken.
    Acquire,
    /// A connection was dropped.
    Return,
    /// A statement with rows.
    Query(Statement),
    /// A statement without rows.
    Execute(Statement),
    /// A script.
    Script(String),
    /// A transaction statement.
    Control(Control),
    /// A stream was opened.
    Stream(Statement),
}

/// What a statement is answered with.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Rows, for a query or a stream.
    Rows(Vec<Vec<Value>>),
    /// What a statement without rows did.
    Done(Outcome),
    /// It fails with this error.
    Fails(Error),
}

/// What happens at a call instead of its answer.
#[derive(Debug, Clone)]
pub enum Interruption {
    /// It fails, with an error as the database would give it.
    Fail(Failure),
    /// It never ends: whoever waits has to drop it.
    Pend,
    /// It is done, but its future never ends: dropped, it has had its effect.
    DoneAndPend,
}

/// The errors that a database could give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The connection is lost.
    Connection,
    /// The transaction may be run again.
    Retryable,
    /// A unique constraint is broken.
    Unique,
    /// Anything else.
    Other,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) dialect: Dialect,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    calls: Vec<Call>,
    answers: VecDeque<Answer>,
    interruptions: HashMap<usize, Interruption>,
}

impl Recorder {
    /// A recorder that stands for that database. Without a script a query has no rows and a statement hits one row.
    pub fn new(dialect: Dialect) -> Self {
        Self { shared: Arc::new(Shared { dialect, state: Mutex::default() }) }
    }

    /// Adds an answer; each statement (query, execute, stream) takes the next one.
    pub fn answer(&self, answer: Answer) -> &Self {
        self.shared.state().answers.push_back(answer);
        self
    }

    /// Interrupts the call of that number, counting from 0 all that [`calls`](Self::calls) shows.
    pub fn interrupt(&self, call: usize, interruption: Interruption) -> &Self {
        self.shared.state().interruptions.insert(call, interruption);
        self
    }

    /// What was called, in order, also what was interrupted.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.state().calls.clone()
    }

    /// The texts of the statements, in order.
    pub fn statements(&self) -> Vec<String> {
        let state = self.shared.state();
        state.calls.iter().filter_map(|call| call.statement().map(|statement| statement.sql.to_string())).collect()
    }

    /// Forgets the calls and the rest of the script.
    pub fn clear(&self) {
        *self.shared.state() = State::default();
    }
}

impl Call {
    /// The statement, if it was one.
    pub fn statement(&self) -> Option<&Statement> {
        match self {
            Self::Query(statement) | Self::Execute(statement) | Self::Stream(statement) => Some(statement),
            Self::Acquire | Self::Return | Self::Script(_) | Self::Control(_) => None,
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the call down without waiting: of a `drop`.
    pub(super) fn note(&self, call: Call) {
        self.state().calls.push(call);
    }

    /// Writes the call down, and is interrupted if that is planned.
    pub(super) async fn call(&self, call: Call) -> Result<()> {
        let interruption = self.enter(call);
        // A driver has await points; whoever uses it must not rely on there being none.
        tokio::task::yield_now().await;
        match interruption {
            None => Ok(()),
            Some(Interruption::Fail(failure)) => Err(failure.error()),
            Some(Interruption::Pend | Interruption::DoneAndPend) => std::future::pending().await,
        }
    }

    /// As [`call`](Self::call), and takes the next answer.
    pub(super) async fn answered(&self, call: Call) -> Result<Option<Answer>> {
        let answer = self.next_answer();
        self.call(call).await?;
        match answer {
            Some(Answer::Fails(error)) => Err(error),
            answer => Ok(answer),
        }
    }

    /// A call that has no effect takes no answer.
    fn next_answer(&self) -> Option<Answer> {
        let mut state = self.state();
        let number = state.calls.len();
        match state.interruptions.get(&number) {
            Some(Interruption::Fail(_) | Interruption::Pend) => None,
            Some(Interruption::DoneAndPend) | None => state.answers.pop_front(),
        }
    }

    fn enter(&self, call: Call) -> Option<Interruption> {
        let mut state = self.state();
        let number = state.calls.len();
        state.calls.push(call);
        state.interruptions.remove(&number)
    }
}

impl Failure {
    fn error(self) -> Error {
        let (kind, message) = match self {
            Self::Connection => (Kind::Connection, "the recorder lost the connection"),
            Self::Retryable => (Kind::Retryable, "the recorder met another transaction"),
            Self::Unique => (Kind::UniqueViolation, "the recorder has that value already"),
            Self::Other => (Kind::Database, "the recorder refused the statement"),
        };
        Error::new(kind, message)
    }
}
