//! How to connect: the options a user sets, in builder style.
use super::address::Address;
use std::{fmt, time::Duration};

/// Where the database is, and how it is used.
///
/// ```
/// use orm_core::driver::DbOptions;
/// use std::time::Duration;
///
/// let options = DbOptions::new("sqlite://shop.db").max_connections(4).busy_timeout(Duration::from_secs(1));
/// assert_eq!(options.url(), "sqlite://shop.db");
/// ```
///
/// `Debug` shows the address without user, password and parameters.
#[derive(Clone)]
pub struct DbOptions {
    pub(crate) url: String,
    pub(crate) max_connections: u32,
    pub(crate) min_connections: u32,
    pub(crate) acquire_timeout: Duration,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) statement_cache: usize,
    pub(crate) sqlite: SqliteOptions,
    pub(crate) deny_lost_changes: bool,
    pub(crate) log_values: bool,
    pub(crate) single_loads: Option<u32>,
}

/// From this number on, loads for one entity each are warned of.
const SINGLE_LOADS: u32 = 10;

/// What only SQLite has.
#[derive(Debug, Clone)]
pub(crate) struct SqliteOptions {
    pub(crate) foreign_keys: bool,
    pub(crate) wal: bool,
    pub(crate) synchronous: Synchronous,
    pub(crate) busy_timeout: Duration,
    pub(crate) run: RunStatements,
}

/// SQLite's `PRAGMA synchronous`: how much a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Synchronous {
    /// Not at all: a crash of the machine may damage the file.
    Off,
    /// With WAL, a crash of the machine may lose the last commits but damages nothing.
    Normal,
    /// Every commit is on the disk.
    Full,
}

/// Where SQLite's statements run. SQLite is a library: somebody's thread has to do the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum RunStatements {
    /// Statements by key, writes of a few rows, and what by its last time takes less than half a millisecond, on the async
    /// thread; others on a blocking thread.
    #[default]
    Auto,
    /// All on the async thread: the least overhead, but a long scan holds that thread up.
    InPlace,
    /// All on a blocking thread: 10 to 50 µs more for each.
    Blocking,
}

impl DbOptions {
    /// The defaults, for the database at that URL: `sqlite::memory:`, `sqlite://file.db`, `postgres://…`, `mysql://…`.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: 10,
            min_connections: 0,
            acquire_timeout: Duration::from_secs(30),
            idle_timeout: Some(Duration::from_secs(600)),
            statement_cache: 256,
            sqlite: SqliteOptions::default(),
            deny_lost_changes: false,
            log_values: false,
            single_loads: Some(SINGLE_LOADS),
        }
    }

    /// The URL, as it was given.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The most connections that are open at once; 10 by default, at least 1.
    pub fn max_connections(mut self, count: u32) -> Self {
        self.max_connections = count.max(1);
        self
    }

    /// Connections that are opened at once and kept; 0 by default.
    pub fn min_connections(mut self, count: u32) -> Self {
        self.min_connections = count;
        self
    }

    /// How long to wait for a connection when all are taken; 30 seconds by default.
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.acquire_timeout = timeout;
        self
    }

    /// After how long without use a connection is closed; 10 minutes by default, `None` for never.
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.idle_timeout = timeout.into();
        self
    }

    /// How many prepared statements each connection keeps; 256 by default.
    pub fn statement_cache_capacity(mut self, count: usize) -> Self {
        self.statement_cache = count;
        self
    }

    /// SQLite: whether foreign keys are enforced; on by default.
    pub fn foreign_keys(mut self, enforced: bool) -> Self {
        self.sqlite.foreign_keys = enforced;
        self
    }

    /// SQLite: whether files use a write-ahead log, so that readers do not block the writer; on by default.
    pub fn wal(mut self, used: bool) -> Self {
        self.sqlite.wal = used;
        self
    }

    /// SQLite: how much a commit waits for the disk; [`Synchronous::Normal`] by default.
    pub fn synchronous(mut self, synchronous: Synchronous) -> Self {
        self.sqlite.synchronous = synchronous;
        self
    }

    /// SQLite: how long to wait for another connection's lock before the error (`is_retryable`); 5 seconds by default.
    /// The wait never holds up a thread.
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.sqlite.busy_timeout = timeout;
        self
    }

    /// SQLite: where statements run; [`RunStatements::Auto`] by default.
    pub fn run_statements(mut self, place: RunStatements) -> Self {
        self.sqlite.run = place;
        self
    }

    /// Whether dropping a session with changes that were not committed panics (in tests) instead of logging a warning.
    pub fn deny_lost_changes(mut self, deny: bool) -> Self {
        self.deny_lost_changes = deny;
        self
    }

    /// After how many loads of one relationship, count or left out column, each for one entity alone and from the same line, a
    /// warning (`tracing`, target `orm::loops`) names that line; 10 by default, `None` for never. They are counted in each session
    /// since its last commit, and each line is named once. This is what finds N+1 queries that adaptive loading cannot help:
    /// entities that came one by one, and `.query()` of each.
    #[doc(alias = "n_plus_one")]
    pub fn warn_of_single_loads(mut self, after: impl Into<Option<u32>>) -> Self {
        self.single_loads = after.into();
        self
    }

    /// Whether the log of statements shows bound values. They may be secrets: off by default.
    ///
    /// The log is one `tracing` event per statement, at level debug with the target `orm::sql`: its text is the message, its
    /// fields are `kind` (the first word), `elapsed`, `rows` (returned or changed), `failed` and `values`. Nothing is measured
    /// while nobody listens.
    pub fn log_values(mut self, shown: bool) -> Self {
        self.log_values = shown;
        self
    }
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            foreign_keys: true,
            wal: true,
            synchronous: Synchronous::Normal,
            busy_timeout: Duration::from_secs(5),
            run: RunStatements::Auto,
        }
    }
}

impl<T: Into<String>> From<T> for DbOptions {
    fn from(url: T) -> Self {
        Self::new(url)
    }
}

impl fmt::Debug for DbOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DbOptions")
            .field("address", &Address::shown(&self.url))
            .field("max_connections", &self.max_connections)
            .field("min_connections", &self.min_connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("statement_cache", &self.statement_cache)
            .field("sqlite", &self.sqlite)
            .field("deny_lost_changes", &self.deny_lost_changes)
            .field("log_values", &self.log_values)
            .field("single_loads", &self.single_loads)
            .finish()
    }
}
