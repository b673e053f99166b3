//! How many statements a piece of work may send, asserted by tests.
use super::{Session, loops::Site};
use crate::{
    driver::{BoxFuture, Connection, Control, Outcome, Repeated, RowStream, Sink, Statement},
    error::Result,
};
use std::{
    fmt::Write,
    ops::{Bound, RangeBounds},
    panic::Location,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The statements of a session, kept while somebody expects some.
#[derive(Default)]
pub(super) struct StatementLog {
    listeners: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    sent: Vec<(Arc<str>, Option<Site>)>,
    /// Where what is sent now was asked for.
    site: Option<Site>,
}

impl StatementLog {
    fn note(&self, sql: impl FnOnce() -> Arc<str>) {
        if self.listeners.load(Ordering::Relaxed) > 0 {
            let mut state = self.state();
            let site = state.site;
            state.sent.push((sql(), site));
        }
    }

    /// What is sent until this is dropped was asked for there.
    pub(super) fn at(self: &Arc<Self>, site: Option<Site>) -> AskedFor {
        self.state().site = site;
        AskedFor(self.clone())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While a statement of a known place runs.
pub(super) struct AskedFor(Arc<StatementLog>);

impl Drop for AskedFor {
    fn drop(&mut self) {
        self.0.state().site = None;
    }
}

/// A connection whose statements are kept.
pub(super) struct Logged {
    connection: Box<dyn Connection>,
    log: Arc<StatementLog>,
}

impl Logged {
    pub(super) fn over(connection: Box<dyn Connection>, log: Arc<StatementLog>) -> Box<dyn Connection> {
        Box::new(Self { connection, log })
    }
}

impl Connection for Logged {
    fn query<'a>(&'a mut self, statement: &'a Statement, sink: Box<dyn Sink>) -> BoxFuture<'a, Result<Box<dyn Sink>>> {
        self.log.note(|| statement.sql.clone());
        self.connection.query(statement, sink)
    }

    fn execute<'a>(&'a mut self, statement: &'a Statement) -> BoxFuture<'a, Result<Outcome>> {
        self.log.note(|| statement.sql.clone());
        self.connection.execute(statement)
    }

    fn execute_each<'a>(&'a mut self, statement: &'a mut Repeated) -> BoxFuture<'a, Result<Vec<Outcome>>> {
        self.log.note(|| statement.sql.clone());
        self.connection.execute_each(statement)
    }

    fn run_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>> {
        self.log.note(|| sql.into());
        self.connection.run_script(sql)
    }

    fn control<'a>(&'a mut self, control: Control) -> BoxFuture<'a, Result<()>> {
        self.connection.control(control)
    }

    fn stream<'a>(
        &'a mut self,
        statement: &'a Statement,
        batch: usize,
    ) -> BoxFuture<'a, Result<Box<dyn RowStream + 'a>>> {
        self.log.note(|| statement.sql.clone());
        self.connection.stream(statement, batch)
    }

    fn is_usable(&self) -> bool {
        self.connection.is_usable()
    }

    fn commits_alone(&self) -> bool {
        self.connection.commits_alone()
    }

    fn leaves_rows_out(&self) -> bool {
        self.connection.leaves_rows_out()
    }

    fn statement_count(&self) -> u64 {
        self.connection.statement_count()
    }
}

/// How many statements are expected: a number, or a range of numbers.
pub trait StatementNumber {
    /// The least and the greatest number; none for any.
    fn bounds(self) -> (u64, Option<u64>);
}

impl StatementNumber for u64 {
    fn bounds(self) -> (u64, Option<u64>) {
        (self, Some(self))
    }
}

macro_rules! ranges {
    ($($range:ty),*) => {$(
        impl StatementNumber for $range {
            fn bounds(self) -> (u64, Option<u64>) {
                of_range(&self)
            }
        }
    )*};
}
ranges!(
    std::ops::Range<u64>,
    std::ops::RangeInclusive<u64>,
    std::ops::RangeTo<u64>,
    std::ops::RangeToInclusive<u64>,
    std::ops::RangeFrom<u64>
);

fn of_range(range: &impl RangeBounds<u64>) -> (u64, Option<u64>) {
    let least = match range.start_bound() {
        Bound::Included(least) => *least,
        Bound::Excluded(below) => below + 1,
        Bound::Unbounded => 0,
    };
    let most = match range.end_bound() {
        Bound::Included(most) => Some(*most),
        Bound::Excluded(above) => Some(above.saturating_sub(1)),
        Bound::Unbounded => None,
    };
    (least, most)
}

/// How many statements a session is to send, made by [`Session::expect_statements`]. Dropped, it checks.
#[must_use = "it checks when it is dropped: give it a name, `let _expected = ..`"]
pub struct StatementExpectation<'s> {
    session: &'s Session,
    /// The number of statements that were kept when it began.
    start: usize,
    least: u64,
    most: Option<u64>,
    site: Site,
    checked: bool,
}

impl Session {
    /// For tests: expects so many statements from now on, until what is returned is dropped or
    /// [checked](StatementExpectation::check). Another number panics, with the statements that were sent, and the places of
    /// those that an `.await` of a relationship, a count or a column sent. Django's `assertNumQueries`.
    ///
    /// It takes a number (`3`) or a range (`..=3`). `BEGIN`, `COMMIT` and savepoints are not counted.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let expected = session.expect_statements(2);
    /// let user = User::query().one(&session).await?;
    /// user.orders().await?;
    /// user.orders().await?;
    /// expected.check();
    /// # Ok(()) }
    /// ```
    #[track_caller]
    pub fn expect_statements(&self, number: impl StatementNumber) -> StatementExpectation<'_> {
        let (least, most) = number.bounds();
        self.log.listeners.fetch_add(1, Ordering::Relaxed);
        let start = self.log.state().sent.len();
        StatementExpectation { session: self, start, least, most, site: Location::caller(), checked: false }
    }
}

impl StatementExpectation<'_> {
    /// Checks now.
    ///
    /// # Panics
    /// Another number of statements was sent.
    #[track_caller]
    pub fn check(mut self) {
        self.checked = true;
        if let Some(complaint) = self.complaint() {
            drop(self);
            panic!("{complaint}");
        }
    }

    fn complaint(&self) -> Option<String> {
        let state = self.session.log.state();
        let sent = state.sent.get(self.start..).unwrap_or_default();
        let number = sent.len() as u64;
        if number >= self.least && self.most.is_none_or(|most| number <= most) {
            return None;
        }
        let mut complaint =
            format!("{} expected {}, and {}", self.site, self.expected(), named(number, "was sent", "were sent"));
        for (place, (sql, site)) in sent.iter().enumerate() {
            let at = site.map_or_else(String::new, |site| format!("  -- for {site}"));
            // Writing to a text cannot fail.
            let _ = write!(complaint, "\n{:>4}. {}{at}", place + 1, shortened(sql));
        }
        Some(complaint)
    }

    fn expected(&self) -> String {
        match (self.least, self.most) {
            (least, Some(most)) if least == most => named(least, "", "").trim_end().to_owned(),
            (0, Some(most)) => format!("at most {}", named(most, "", "").trim_end()),
            (least, None) => format!("at least {}", named(least, "", "").trim_end()),
            (least, Some(most)) => format!("{least} to {most} statements"),
        }
    }
}

fn named(number: u64, one: &str, several: &str) -> String {
    if number == 1 { format!("1 statement {one}") } else { format!("{number} statements {several}") }
}

/// The beginning of a long statement.
fn shortened(sql: &str) -> String {
    const LENGTH: usize = 200;
    match sql.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{} …", &sql[..end]),
        None => sql.to_owned(),
    }
}

impl Drop for StatementExpectation<'_> {
    fn drop(&mut self) {
        let complaint = if self.checked || std::thread::panicking() { None } else { self.complaint() };
        if self.session.log.listeners.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.session.log.state().sent.clear();
        }
        if let Some(complaint) = complaint {
            panic!("{complaint}");
        }
    }
}
