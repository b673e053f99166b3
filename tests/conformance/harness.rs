//! A fresh database per test, with the tables that the test needs.
use orm::{Db, DbOptions, Error, Result, schema::Schema};
pub(crate) use orm_test_support::Database;
use orm_test_support::TestDatabase;
use std::{future::Future, ops::Deref};

/// Runs each named function on every database, with the tables of a schema:
/// `on_every_database! { shop: a_behaviour, another_behaviour }`.
macro_rules! on_every_database {
    ($schema:ident: $($name:ident),+ $(,)?) => {$(
        mod $name {
            #[test]
            fn on_sqlite() -> orm::Result<()> {
                $crate::harness::run($crate::harness::Database::Sqlite, super::$schema(), super::$name)
            }
            #[test]
            fn on_postgres() -> orm::Result<()> {
                $crate::harness::run($crate::harness::Database::Postgres, super::$schema(), super::$name)
            }
            #[test]
            fn on_mysql() -> orm::Result<()> {
                $crate::harness::run($crate::harness::Database::MySql, super::$schema(), super::$name)
            }
        }
    )+};
}
pub(crate) use on_every_database;

/// A database of one test's own. Dropped, it is removed.
pub(crate) struct TestDb {
    // Before the database: connections close first.
    db: Db,
    database: TestDatabase,
    schema: Schema,
}

impl TestDb {
    /// Another pool on the same database, with other options. Not for SQLite, whose file is private.
    pub(crate) async fn with(&self, options: impl FnOnce(DbOptions) -> DbOptions) -> Result<Db> {
        Db::connect(options(DbOptions::new(self.database.url()))).await
    }

    /// The same tables under other options: in another pool on the same database, on SQLite in a new database.
    pub(crate) async fn under(&self, options: impl FnOnce(DbOptions) -> DbOptions) -> Result<Db> {
        let db = self.with(options).await?;
        if self.is(Database::Sqlite) {
            self.schema.create_all(&db).await?;
        }
        Ok(db)
    }

    /// Ends all connections. SQLite has none.
    pub(crate) async fn end_connections(&self) {
        self.database.end_connections().await;
    }

    /// Whether it runs on that database.
    pub(crate) fn is(&self, database: Database) -> bool {
        self.database.database() == database
    }
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

/// Runs a behaviour on a fresh database, or leaves it out, saying so, where the server is missing.
pub(crate) fn run<F: Future<Output = Result<()>>>(
    database: Database,
    schema: Schema,
    behaviour: impl FnOnce(TestDb) -> F,
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::other)?;
    runtime.block_on(async {
        let Some(database) = TestDatabase::new(database).await else { return Ok(()) };
        let db = Db::connect(database.url()).await?;
        schema.create_all(&db).await?;
        behaviour(TestDb { db, database, schema }).await
    })
}

/// The statements that a piece of work sent.
macro_rules! statements {
    ($session:expr, $work:expr) => {{
        let before = $session.statement_count();
        let result = $work;
        (result, $session.statement_count() - before)
    }};
}
pub(crate) use statements;
