//! A database: connections, sessions, transactions.
use crate::{
    driver::{Begin, Connection, Control, DbOptions, Dialect, Driver, IntoDriver, Isolation},
    error::{Error, Result},
    model::Record,
    query::{Given, Parts, Predicate},
    schema::Schema,
    session::{OpenTransaction, OpenTransactions, Session, Told},
    unit_of_work::RowIds,
};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

/// A database and its pool of connections. Cloning shares the pool.
///
/// Queries run by a `&Db` give plain values, each on a connection of its own for as long as it runs; for entities, changes
/// and transactions open a [`session`](Self::session).
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    driver: Arc<dyn Driver>,
    deny_lost_changes: bool,
    clock: fn() -> SystemTime,
    lost: AtomicBool,
    open: Arc<OpenTransactions>,
    /// After how many loads for one entity each a warning is due.
    single_loads: Option<u32>,
    /// The loops that were warned of.
    told: Arc<Told>,
    criteria: Given,
    /// What the database said of its tables.
    rowids: Arc<RowIds>,
}

impl Inner {
    /// The same settings over the same connections, for a handle that changes some of them.
    fn again(&self) -> Self {
        let Self { driver, deny_lost_changes, clock, open, single_loads, told, criteria, rowids, lost: _ } = self;
        Self {
            driver: driver.clone(),
            deny_lost_changes: *deny_lost_changes,
            clock: *clock,
            lost: AtomicBool::new(false),
            open: open.clone(),
            single_loads: *single_loads,
            told: told.clone(),
            criteria: criteria.clone(),
            rowids: rowids.clone(),
        }
    }
}

impl Db {
    /// Connects to the database of a URL, or of [`DbOptions`]: `sqlite::memory:`, `sqlite://shop.db`, `postgres://…`,
    /// `mysql://…`.
    ///
    /// # Errors
    /// The URL names no database, one whose feature is not switched on, or one that cannot be reached.
    pub async fn connect(options: impl Into<DbOptions>) -> Result<Self> {
        let options = options.into();
        let (deny_lost_changes, single_loads) = (options.deny_lost_changes, options.single_loads);
        let driver = crate::driver::connect(options).await?;
        Ok(Self::over(driver, deny_lost_changes, single_loads))
    }

    /// A database over a pool that exists already: `sqlx::PgPool`, `sqlx::MySqlPool`, or a driver of your own.
    ///
    /// # Errors
    /// The pool gives no connection.
    pub async fn from_pool(pool: impl IntoDriver) -> Result<Self> {
        let options = DbOptions::new("");
        let single_loads = options.single_loads;
        Ok(Self::over(pool.into_driver(options).await?, false, single_loads))
    }

    /// The same database for one test: everything runs on one connection, inside a transaction that is never committed.
    /// What sessions commit is seen by later ones, and is gone with the last clone of this handle.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm_core::Result<()> {
    /// # use orm_core::db::Db;
    /// let db = Db::connect("sqlite::memory:").await?;
    /// let test = db.test().await?;
    /// let session = test.session();
    /// session.commit().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The pool gives no connection.
    pub async fn test(&self) -> Result<Self> {
        let driver = crate::driver::pinned(self.driver(), TEST_TIMEOUT).await?;
        let mut inner = self.inner.again();
        inner.driver = driver;
        // What it makes of tables is undone at the end.
        inner.rowids = Arc::default();
        Ok(Self { inner: Arc::new(inner) })
    }

    fn over(driver: Arc<dyn Driver>, deny_lost_changes: bool, single_loads: Option<u32>) -> Self {
        let inner = Inner {
            driver,
            deny_lost_changes,
            clock: SystemTime::now,
            lost: AtomicBool::new(false),
            open: Arc::default(),
            single_loads,
            told: Arc::default(),
            criteria: Given::default(),
            rowids: Arc::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The same database with another clock for `created_at` and `updated_at`, for tests.
    #[must_use]
    pub fn with_clock(&self, clock: fn() -> SystemTime) -> Self {
        let mut inner = self.inner.again();
        inner.clock = clock;
        Self { inner: Arc::new(inner) }
    }

    /// The same database, seen under a condition that all rows of a model meet: those of a tenant, those of a region. It holds
    /// for everything that this handle and its clones run, and its sessions, transactions and streams: wherever the model appears
    /// in a query, in every lazy and eager load, in `get`, in set-based writes. Several of one model must all hold, also those
    /// that the model declares (`criteria`, `soft_delete`, see the attributes of `derive(Model)`). A session has them from its
    /// beginning to its end, so that a collection that it loads is the whole collection for it.
    ///
    /// What writes must not be deceived sees all rows: cascades, `refresh`, checks of a flush, the search for conflicts of an
    /// upsert; SQL of your own is sent as it is; and what is in memory is found by its key. A criterion is no check of what is
    /// written. [`Query::without_criteria`](crate::query::Query::without_criteria) and
    /// [`Load::without_criteria`](crate::query::Load::without_criteria) look around all of them. SQLAlchemy's
    /// `with_loader_criteria`, EF Core's query filters.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let shipped = db.with_criteria(Order::status.eq("shipped"));
    /// assert_eq!((Order::query().count(&db).await?, Order::query().count(&shipped).await?), (1, 0));
    /// let session = shipped.session();
    /// let user = User::query().one(&session).await?;
    /// assert!(user.orders().await?.is_empty());
    /// assert_eq!(Order::query().without_criteria().count(&session).await?, 1);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "with_loader_criteria")]
    #[doc(alias = "HasQueryFilter")]
    #[doc(alias = "tenant")]
    #[must_use]
    pub fn with_criteria<M: Record>(&self, condition: Predicate<M>) -> Self {
        let mut inner = self.inner.again();
        inner.criteria = inner.criteria.with(condition);
        Self { inner: Arc::new(inner) }
    }

    /// A new session. It takes a connection at its first statement.
    pub fn session(&self) -> Session {
        Session::new(self.clone())
    }

    /// Runs a closure in a session with an open transaction: commits on `Ok`, rolls back on `Err`. The closure runs once.
    ///
    /// # Errors
    /// Those of the closure and of the commit.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let id = db
    ///     .transaction(async |session| {
    ///         let user = session.add(User::builder().email("bob@example.com").full_name("Bob"));
    ///         session.flush().await?;
    ///         Ok(user.id)
    ///     })
    ///     .await?;
    /// assert_eq!(id, 2);
    /// # Ok(()) }
    /// ```
    pub async fn transaction<T>(&self, run: impl AsyncFnOnce(&Session) -> Result<T>) -> Result<T> {
        self.transaction_with(run).await
    }

    /// As [`transaction`](Self::transaction), with an error type of your own.
    ///
    /// # Errors
    /// Those of the closure and of the commit.
    pub async fn transaction_with<T, E: From<Error>>(
        &self,
        run: impl AsyncFnOnce(&Session) -> Result<T, E>,
    ) -> Result<T, E> {
        let session = self.session();
        session.begin(None).await?;
        let result = run(&session).await;
        end(&session, result).await
    }

    /// As [`transaction`](Self::transaction), serializable, and run again, up to `attempts` times in all, after a
    /// serialization failure, a deadlock or a busy database, with a growing pause in between.
    ///
    /// In a task that is spawned, write `async move |session|`: where such a closure borrows from the task, today's compiler
    /// does not see that the future is `Send` ("implementation of `Send` is not general enough"). What the closure uses up is
    /// cloned inside of it, since it may run again. EF Core's execution strategy.
    ///
    /// ```
    /// # use orm_core::{db::Db, query::sql};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm_core::Result<()> {
    /// let db = Db::connect("sqlite::memory:").await?;
    /// db.execute(sql("CREATE TABLE names (name TEXT)")).await?;
    /// let name = String::from("Ann");
    /// let task = tokio::spawn(async move {
    ///     db.transaction_retry(3, async move |session| {
    ///         session.execute(sql("INSERT INTO names VALUES (?)").bind(name.clone())).await
    ///     })
    ///     .await
    /// });
    /// assert_eq!(task.await.expect("no panic")?, 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Those of the closure and of the commit; the last one, if all attempts failed.
    pub async fn transaction_retry<T>(
        &self,
        attempts: u32,
        mut run: impl AsyncFnMut(&Session) -> Result<T>,
    ) -> Result<T> {
        let mut attempt = 1;
        loop {
            match self.attempt(&mut run).await {
                Err(error) if error.is_retryable() && attempt < attempts => {
                    let pause = Duration::from_millis(5 << attempt.min(8));
                    tokio::time::sleep(pause + jitter(pause)).await;
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    async fn attempt<T>(&self, run: &mut impl AsyncFnMut(&Session) -> Result<T>) -> Result<T> {
        let session = self.session();
        session.begin(Some(Isolation::Serializable)).await?;
        let result = run(&session).await;
        end(&session, result).await
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        self.inner.driver.dialect()
    }

    /// Closes the pool; connections that are held are closed when they come back.
    pub async fn close(&self) {
        self.inner.driver.close().await;
    }

    pub(crate) fn driver(&self) -> &dyn Driver {
        self.inner.driver.as_ref()
    }

    pub(crate) async fn acquire(&self) -> Result<Box<dyn Connection>> {
        self.inner.driver.acquire().await
    }

    /// What the database said of its tables.
    pub(crate) fn rowids(&self) -> &RowIds {
        &self.inner.rowids
    }

    /// The global criteria of this handle.
    pub(crate) fn criteria(&self) -> &Given {
        &self.inner.criteria
    }

    /// A query under the criteria of this handle.
    pub(crate) fn hide(&self, parts: impl Into<Box<Parts>>) -> Box<Parts> {
        let mut parts = parts.into();
        parts.criteria = parts.criteria.run_with(&self.inner.criteria);
        parts
    }

    pub(crate) fn now(&self) -> SystemTime {
        (self.inner.clock)()
    }

    /// The current task begins a transaction.
    pub(crate) fn open_transaction(&self) -> OpenTransaction {
        self.inner.open.open()
    }

    /// The database is asked for plain values outside of sessions.
    pub(crate) fn note_use(&self) {
        self.inner.open.note_use();
    }

    /// After how many loads for one entity each a warning is due.
    pub(crate) fn single_loads(&self) -> Option<u32> {
        self.inner.single_loads
    }

    /// The loops that were warned of.
    pub(crate) fn told(&self) -> &Told {
        &self.inner.told
    }

    /// A session was dropped; with [`DbOptions::deny_lost_changes`] that must not lose anything.
    pub(crate) fn note_lost_changes(&self, lost: bool) {
        if lost {
            self.inner.lost.store(true, Ordering::Relaxed);
        }
    }
}

/// Commits, or rolls back; the first error is the one that is told.
async fn end<T, E: From<Error>>(session: &Session, result: Result<T, E>) -> Result<T, E> {
    let error = match result {
        Ok(value) => match session.commit().await {
            Ok(()) => return Ok(value),
            Err(error) => error.into(),
        },
        Err(error) => error,
    };
    if let Err(second) = session.rollback().await {
        tracing::warn!(error = %second, "rolling back after an error failed: the connection is given up");
    }
    Err(error)
}

/// How long a session of [`Db::test`] waits for another one to give the only connection back.
const TEST_TIMEOUT: Duration = Duration::from_secs(5);

/// Up to half of the pause, so that two who collided do not collide again.
fn jitter(pause: Duration) -> Duration {
    let nanos = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    pause.mul_f64(f64::from(nanos % 1000) / 2000.0)
}

impl Drop for Inner {
    fn drop(&mut self) {
        let lost = self.lost.load(Ordering::Relaxed);
        assert!(
            !(lost && self.deny_lost_changes) || std::thread::panicking(),
            "a session was dropped with changes that were never committed, and `deny_lost_changes` is on"
        );
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("dialect", &self.dialect()).finish_non_exhaustive()
    }
}

impl Schema {
    /// Creates all tables that do not exist yet, with their constraints and indexes.
    ///
    /// # Errors
    /// The declarations contradict each other, or the database refuses; where it can, nothing is created then.
    pub async fn create_all(&self, db: &Db) -> Result<()> {
        self.run(db, self.create_statements(db.dialect())?).await
    }

    /// Drops all tables, if they exist, with everything in them.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn drop_all(&self, db: &Db) -> Result<()> {
        self.run(db, self.drop_statements(db.dialect())?).await
    }

    async fn run(&self, db: &Db, statements: Vec<String>) -> Result<()> {
        let mut connection = db.acquire().await?;
        let transactional = matches!(db.dialect(), Dialect::Sqlite | Dialect::Postgres);
        if transactional {
            connection.control(Control::Begin(Begin::default())).await?;
        }
        // On an error the connection is dropped, which rolls back.
        for statement in &statements {
            connection.run_script(statement).await?;
        }
        if transactional {
            connection.control(Control::Commit).await?;
        }
        db.rowids().forget();
        Ok(())
    }
}
