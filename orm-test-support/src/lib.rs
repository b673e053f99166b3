//! Databases for the tests of this workspace: each test makes its own, and it is gone when the test ends.
//!
//! - `ORM_TEST_POSTGRES_URL` (`postgres://postgres@127.0.0.1:5432/postgres`): the test makes a schema in that database;
//! - `ORM_TEST_MYSQL_URL` (`mysql://root@127.0.0.1:3306`): the test makes a database on that server;
//! - `ORM_TEST_ALL_DATABASES=1`: a server that cannot be reached fails the test instead of being left out.
mod behaviour;
mod server;

pub use behaviour::{TestDb, run};

use std::{
    io::Write,
    process,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::SystemTime,
};

/// The databases that tests run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Database {
    /// A private file.
    Sqlite,
    /// A schema of its own on a PostgreSQL server.
    Postgres,
    /// A database of its own on a MySQL or MariaDB server.
    MySql,
}

/// A fresh, empty database; dropped, it is removed.
#[derive(Debug)]
pub struct TestDatabase {
    database: Database,
    name: String,
    url: String,
}

impl TestDatabase {
    /// A fresh database, or `None`, after saying so, where its server cannot be reached.
    ///
    /// # Panics
    /// The server cannot be reached and `ORM_TEST_ALL_DATABASES` is 1, or it refuses to make the database.
    pub async fn new(database: Database) -> Option<Self> {
        let name = unique_name();
        match server::create(database, &name).await {
            Ok(url) => Some(Self { database, name, url }),
            Err(error) => leave_out(database, &error),
        }
    }

    /// Ends all connections to it, as a server does that is restarted. SQLite has none.
    ///
    /// # Panics
    /// The server refuses.
    pub async fn end_connections(&self) {
        server::end_connections(self.database, &self.name).await.expect("the server ends connections");
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which one it is.
    pub fn database(&self) -> Database {
        self.database
    }

    /// The name of its schema (PostgreSQL) or database (MySQL).
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // A thread of its own, since the test's runtime may be the one that runs this.
        let (database, name) = (self.database, std::mem::take(&mut self.name));
        let removed = std::thread::spawn(move || server::remove(database, &name)).join();
        if !matches!(removed, Ok(Ok(()))) {
            eprintln!("the test database at {} was not removed: {removed:?}", self.url);
        }
    }
}

fn unique_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |age| age.as_micros());
    format!("orm_test_{}_{now}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

fn leave_out(database: Database, error: &sqlx::Error) -> Option<TestDatabase> {
    let wanted = std::env::var("ORM_TEST_ALL_DATABASES").is_ok_and(|value| value == "1");
    assert!(!wanted, "{database:?} cannot be reached, and ORM_TEST_ALL_DATABASES is 1: {error}");
    if LEFT_OUT[database as usize].swap(true, Ordering::Relaxed) {
        return None;
    }
    // Not by a print macro: the test passes, and its captured output would not be shown.
    let _ = writeln!(std::io::stderr(), "left out {database:?}, which cannot be reached: {error}");
    None
}

/// Whether it was said already.
static LEFT_OUT: [AtomicBool; 3] = [const { AtomicBool::new(false) }; 3];
