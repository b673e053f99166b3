//! Behaviours that hold on every database: each runs on a fresh one, with the tables that it needs.
use crate::{Database, TestDatabase};
use orm::{Db, DbOptions, Error, Result, schema::Schema};
use std::{future::Future, ops::Deref};

/// Runs each named function on every database, with the tables of a schema:
/// `on_every_database! { shop: a_behaviour, another_behaviour }`.
#[macro_export]
macro_rules! on_every_database {
    ($schema:ident: $($name:ident),+ $(,)?) => {$(
        mod $name {
            #[test]
            fn on_sqlite() -> orm::Result<()> {
                $crate::run($crate::Database::Sqlite, super::$schema(), super::$name)
            }
            #[test]
            fn on_postgres() -> orm::Result<()> {
                $crate::run($crate::Database::Postgres, super::$schema(), super::$name)
            }
            #[test]
            fn on_mysql() -> orm::Result<()> {
                $crate::run($crate::Database::MySql, super::$schema(), super::$name)
            }
        }
    )+};
}

/// A database of one test's own. Dropped, it is removed.
pub struct TestDb {
    // Before the database: connections close first.
    db: Db,
    database: TestDatabase,
    schema: Schema,
}

impl TestDb {
    /// Another pool on the same database, with other options. Not for SQLite, whose file is private.
    pub async fn with(&self, options: impl FnOnce(DbOptions) -> DbOptions) -> Result<Db> {
        Db::connect(options(DbOptions::new(self.database.url()))).await
    }

    /// The same tables under other options: in another pool on the same database, on SQLite in a new database.
    pub async fn under(&self, options: impl FnOnce(DbOptions) -> DbOptions) -> Result<Db> {
        let db = self.with(options).await?;
        if self.is(Database::Sqlite) {
            self.schema.create_all(&db).await?;
        }
        Ok(db)
    }

    /// Ends all connections. SQLite has none.
    pub async fn end_connections(&self) {
        self.database.end_connections().await;
    }

    /// Whether it runs on that database.
    pub fn is(&self, database: Database) -> bool {
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
pub fn run<F: Future<Output = Result<()>>>(
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
#[macro_export]
macro_rules! statements {
    ($session:expr, $work:expr) => {{
        let before = $session.statement_count();
        let result = $work;
        (result, $session.statement_count() - before)
    }};
}
