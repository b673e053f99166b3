//! How a connection to a SQLite file is opened and set up.
use super::{
    error::{is_busy, translated},
    file::File,
    pace::{Pace, Paces},
    patience::Patience,
};
use crate::{
    driver::{
        BoxFuture, DbOptions,
        options::{RunStatements, SqliteOptions, Synchronous},
        pool::Open,
    },
    error::Result,
};
use orm_sqlite::Database;
use rusqlite::{Connection, InterruptHandle};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// After how many steps of SQLite's machine a statement looks whether it was cancelled.
const STEPS_BETWEEN_LOOKS: i32 = 4_000;

/// Opens the connections of one file.
pub(super) struct Opener {
    file: File,
    options: SqliteOptions,
    statement_cache: usize,
    log_values: bool,
    paces: Paces,
    /// How long a commit takes for each change.
    commits: Pace,
}

/// A connection, and how to stop what it does.
pub(super) struct Raw {
    pub(super) database: Database,
    pub(super) stop: Stop,
}

/// Stops the statement of a connection from another thread.
#[derive(Clone)]
pub(super) struct Stop {
    // An interrupt is lost on a statement that has not started yet; the flag is not.
    flag: Arc<AtomicBool>,
    handle: Arc<InterruptHandle>,
}

impl Stop {
    pub(super) fn now(&self) {
        self.flag.store(true, Ordering::Release);
        self.handle.interrupt();
    }

    /// Whether what runs is to stop.
    pub(super) fn is_asked(&self) -> bool {
        self.flag.load(Ordering::Acquire)
    }

    /// The connection is here, and nothing runs on it.
    pub(super) fn clear(&self) {
        self.flag.store(false, Ordering::Release);
    }
}

impl Opener {
    pub(super) fn new(options: &DbOptions) -> Result<Self> {
        let file = File::of(&options.url)?;
        Ok(Self {
            file,
            options: options.sqlite.clone(),
            statement_cache: options.statement_cache,
            log_values: options.log_values,
            paces: Paces::default(),
            commits: Pace::default(),
        })
    }

    pub(super) fn busy_timeout(&self) -> Duration {
        self.options.busy_timeout
    }

    pub(super) fn run(&self) -> RunStatements {
        self.options.run
    }

    pub(super) fn paces(&self) -> &Paces {
        &self.paces
    }

    pub(super) fn commits(&self) -> &Pace {
        &self.commits
    }

    pub(super) fn log_values(&self) -> bool {
        self.log_values
    }

    fn open_once(&self) -> rusqlite::Result<Raw> {
        let connection = Connection::open_with_flags(self.file.path(), self.file.flags())?;
        // Busy is answered at once and retried with an async sleep: nobody may block the thread.
        connection.busy_timeout(Duration::ZERO)?;
        self.set_pragmas(&connection)?;
        let flag = Arc::new(AtomicBool::new(false));
        let look = Arc::clone(&flag);
        connection.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || look.load(Ordering::Acquire)))?;
        let handle = Arc::new(connection.get_interrupt_handle());
        let database = Database::new(connection, self.statement_cache);
        Ok(Raw { database, stop: Stop { flag, handle } })
    }

    fn set_pragmas(&self, connection: &Connection) -> rusqlite::Result<()> {
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        let read_only = connection.is_readonly("main")?;
        if self.options.wal && mode != "wal" && !read_only {
            connection.pragma_update(None, "journal_mode", "wal")?;
        }
        connection.pragma_update(None, "foreign_keys", self.options.foreign_keys)?;
        connection.pragma_update(None, "synchronous", self.synchronous())
    }

    fn synchronous(&self) -> &'static str {
        match self.options.synchronous {
            // Nothing of a private database outlives the process, let alone a crash.
            _ if self.file.is_private() => "off",
            Synchronous::Off => "off",
            Synchronous::Normal => "normal",
            Synchronous::Full => "full",
        }
    }
}

impl Open for Opener {
    type Raw = Raw;

    fn open(&self) -> BoxFuture<'_, Result<Raw>> {
        Box::pin(async {
            let mut patience = Patience::new(self.options.busy_timeout);
            loop {
                match self.open_once() {
                    Err(error) if is_busy(&error) && patience.wait().await => {}
                    result => return result.map_err(translated),
                }
            }
        })
    }
}
