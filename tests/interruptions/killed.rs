//! Connections that the server closes: the error is clear, the session goes on after `rollback`, the pool recovers.
use crate::world::{Skill, Team, fill, schema, stored};
use orm::{DbOptions, Error, Result, prelude::*};
use orm_core::{
    driver::{Connection, Driver, Length, Sink, Statement, connect},
    value::Row,
};
use orm_test_support::{Database, TestDatabase};
use std::{any::Any, sync::Arc, time::Duration};

/// Two connections to a filled database, and one that kills.
struct Killing {
    // Before the database: connections close first.
    db: Db,
    killer: Arc<dyn Driver>,
    database: TestDatabase,
}

struct Numbers(Vec<i64>);

impl Sink for Numbers {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.0.push(row.i64(0)?);
        Ok(())
    }
}

impl Killing {
    async fn on(database: Database) -> Result<Option<Self>> {
        let Some(database) = TestDatabase::new(database).await else { return Ok(None) };
        let killer = connect(DbOptions::new(database.url()).max_connections(1)).await?;
        let options = DbOptions::new(database.url()).max_connections(2).acquire_timeout(Duration::from_secs(10));
        let db = Db::connect(options).await?;
        schema().create_all(&db).await?;
        fill(&db).await?;
        Ok(Some(Self { db, killer, database }))
    }

    /// Closes all other connections of the test.
    async fn kill(&self) -> Result<()> {
        let name = self.database.name();
        let mut connection = self.killer.acquire().await?;
        if self.database.database() == Database::Postgres {
            let others = format!("application_name = '{name}' AND pid <> pg_backend_pid()");
            return connection
                .run_script(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
                .await;
        }
        for id in others(connection.as_mut(), name).await? {
            connection.run_script(&format!("KILL {id}")).await?;
        }
        Ok(())
    }

    /// All connections that the pool may hold work, each of them within its first two statements.
    async fn assert_pool_recovers(&self) -> Result<()> {
        let (one, two) = (self.db.session(), self.db.session());
        for session in [&one, &two] {
            let first = Skill::query().count(session).await;
            assert!(first.as_ref().err().is_none_or(Error::is_connection), "{first:?}");
            assert_eq!(Skill::query().count(session).await?, 2);
        }
        Ok(())
    }
}

async fn others(connection: &mut dyn Connection, name: &str) -> Result<Vec<i64>> {
    let sql = format!(
        "SELECT CAST(ID AS SIGNED) FROM information_schema.PROCESSLIST WHERE DB = '{name}' AND ID <> CONNECTION_ID()"
    );
    let statement = Statement { sql: sql.into(), values: Vec::new(), length: Length::Short };
    let sink: Box<dyn Any> = connection.query(&statement, Box::new(Numbers(Vec::new()))).await?;
    Ok(sink.downcast::<Numbers>().map(|numbers| numbers.0).unwrap_or_default())
}

macro_rules! on_every_server {
    ($($name:ident),+ $(,)?) => {$(
        #[tokio::test]
        async fn $name() -> Result<()> {
            for server in [Database::Postgres, Database::MySql] {
                let Some(killing) = Killing::on(server).await? else { continue };
                cases::$name(&killing).await?;
                killing.assert_pool_recovers().await?;
            }
            Ok(())
        }
    )+};
}

on_every_server! {
    a_connection_killed_before_a_flush,
    a_connection_killed_before_a_commit,
    a_connection_killed_in_a_savepoint,
    a_connection_killed_between_reads,
    connections_killed_in_the_pool,
    a_connection_killed_in_a_transaction_of_the_database,
}

mod cases {
    use super::*;

    /// The error says that the connection was lost, every statement repeats it, and nothing was written.
    async fn assert_lost(killing: &Killing, session: &Session, result: Result<()>) -> Result<()> {
        let error = result.expect_err("the connection is gone");
        assert!(error.is_connection(), "{error:?}");
        let again = session.get::<Skill>(99).await.expect_err("not before rollback");
        assert!(again.is_connection() && again.to_string().contains("`rollback`"), "{again}");
        session.rollback().await?;
        assert_eq!(stored(&killing.db).await?.len(), 7);
        Ok(())
    }

    async fn add_team(session: &Session) -> Result<()> {
        session.add(Team::builder().name("t3"));
        session.flush().await
    }

    async fn assert_usable(killing: &Killing, session: &Session) -> Result<()> {
        add_team(session).await?;
        session.commit().await?;
        assert_eq!(stored(&killing.db).await?.len(), 8);
        Ok(())
    }

    /// No transaction was open on it: the flush begins one on another.
    pub(super) async fn a_connection_killed_before_a_flush(killing: &Killing) -> Result<()> {
        let session = killing.db.session();
        Team::query().all(&session).await?;
        killing.kill().await?;
        add_team(&session).await?;
        session.commit().await?;
        assert_eq!(stored(&killing.db).await?.len(), 8);
        killing.assert_pool_recovers().await
    }

    pub(super) async fn a_connection_killed_before_a_commit(killing: &Killing) -> Result<()> {
        let session = killing.db.session();
        let team =
            Team::query().order_by(Team::id.asc()).first(&session).await?.ok_or_else(|| Error::other("no team"))?;
        team.set(Team::name, "renamed");
        add_team(&session).await?;
        killing.kill().await?;
        let result = session.commit().await;
        killing.assert_pool_recovers().await?;
        assert_lost(killing, &session, result).await?;
        assert_eq!(team.name, "t1");
        assert_usable(killing, &session).await
    }

    pub(super) async fn a_connection_killed_in_a_savepoint(killing: &Killing) -> Result<()> {
        let session = killing.db.session();
        add_team(&session).await?;
        let result = session
            .savepoint(async || {
                session.add(Team::builder().name("t4"));
                killing.kill().await?;
                session.flush().await
            })
            .await;
        killing.assert_pool_recovers().await?;
        assert_lost(killing, &session, result).await?;
        assert_usable(killing, &session).await
    }

    pub(super) async fn a_connection_killed_between_reads(killing: &Killing) -> Result<()> {
        let session = killing.db.session();
        let teams = Team::query().all(&session).await?;
        killing.kill().await?;
        let error = teams[0].members().await.expect_err("the connection is gone");
        assert!(error.is_connection(), "{error:?}");
        assert_eq!(teams[0].members().await?.len(), 2, "outside of transactions nothing was lost with it");
        session.rollback().await?;
        killing.assert_pool_recovers().await?;
        assert_usable(killing, &session).await
    }

    pub(super) async fn connections_killed_in_the_pool(killing: &Killing) -> Result<()> {
        killing.assert_pool_recovers().await?;
        killing.kill().await?;
        killing.assert_pool_recovers().await?;
        let session = killing.db.session();
        assert_usable(killing, &session).await
    }

    pub(super) async fn a_connection_killed_in_a_transaction_of_the_database(killing: &Killing) -> Result<()> {
        let result = killing
            .db
            .transaction(async |session| {
                add_team(session).await?;
                killing.kill().await?;
                add_team(session).await
            })
            .await;
        assert!(result.expect_err("the connection is gone").is_connection());
        killing.assert_pool_recovers().await?;
        killing.db.transaction(add_team).await?;
        assert_eq!(stored(&killing.db).await?.len(), 8);
        Ok(())
    }
}
