//! Futures that are dropped after so many polls, while real databases are at work.
use crate::{
    operations,
    world::{fill, schema, seen, stored},
};
use orm::{DbOptions, Error, Result, prelude::*};
use orm_core::driver::RunStatements;
use orm_test_support::{Database, TestDatabase};
use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

macro_rules! at_every_poll {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use orm_test_support::Database;
            use crate::operations::$name as operation;

            #[tokio::test]
            async fn on_sqlite() -> orm::Result<()> {
                super::at_every_poll(Database::Sqlite, operation).await
            }
            #[tokio::test]
            async fn on_postgres() -> orm::Result<()> {
                super::at_every_poll(Database::Postgres, operation).await
            }
            #[tokio::test]
            async fn on_mysql() -> orm::Result<()> {
                super::at_every_poll(Database::MySql, operation).await
            }
        }
    )+};
}

at_every_poll! {
    a_flush_and_a_commit,
    a_cascade,
    nested_savepoints,
    lazy_loads,
}

/// How the work is dropped.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Dropped {
    /// While it waits.
    Waiting,
    /// When what it waited for is there.
    Woken,
}

/// What the work gives, or `None` if it was not done after so many polls.
async fn at_most<T>(polls: usize, dropped: Dropped, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match work.as_mut().poll(context) {
            Poll::Ready(result) => Poll::Ready(Some(result)),
            Poll::Pending if left == 0 && dropped == Dropped::Waiting => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// A pool of one connection on a filled database.
async fn filled(database: &TestDatabase) -> Result<Db> {
    let options = DbOptions::new(database.url()).max_connections(1).acquire_timeout(Duration::from_secs(10));
    let db = Db::connect(options.run_statements(RunStatements::Blocking)).await?;
    refill(&db).await?;
    Ok(db)
}

async fn refill(db: &Db) -> Result<()> {
    schema().drop_all(db).await?;
    schema().create_all(db).await?;
    fill(db).await
}

async fn at_every_poll(database: Database, operation: impl AsyncFn(&Session) -> Result<()>) -> Result<()> {
    let Some(database) = TestDatabase::new(database).await else { return Ok(()) };
    let db = filled(&database).await?;
    let before = stored(&db).await?;
    let session = db.session();
    operation(&session).await?;
    drop(session);
    let after = stored(&db).await?;
    for dropped in [Dropped::Waiting, Dropped::Woken] {
        let mut polls = 0;
        while !dropped_after(&db, (polls, dropped), (&before, &after), &operation).await? {
            polls += 1;
        }
        assert!(polls > 0, "nothing was interrupted");
    }
    Ok(())
}

/// Drops the operation after so many polls, and tells whether it was done by then.
async fn dropped_after(
    db: &Db,
    (polls, dropped): (usize, Dropped),
    (before, after): (&[String], &[String]),
    operation: &impl AsyncFn(&Session) -> Result<()>,
) -> Result<bool> {
    if stored(db).await? != before {
        refill(db).await?;
    }
    let session = db.session();
    let result = at_most(polls, dropped, operation(&session)).await.transpose()?;
    if polls % 2 == 0 {
        session.rollback().await?;
        let seen = seen(&session).await?;
        let is = |whole: &[String]| seen == whole[..whole.len() - 1];
        assert!(is(before) || is(after), "after {polls} polls the session sees {seen:#?}");
    }
    drop(session);
    let rows = stored(db).await?;
    assert!(rows == before || rows == after, "after {polls} polls something is half written: {rows:#?}");
    match result {
        Some(()) => assert_eq!(rows, after),
        None => tokio::task::yield_now().await,
    }
    Ok(result.is_some())
}

#[tokio::test]
async fn tasks_that_are_aborted_leave_their_pool_usable() -> Result<()> {
    for database in [Database::Sqlite, Database::Postgres, Database::MySql] {
        let Some(database) = TestDatabase::new(database).await else { continue };
        let db = filled(&database).await?;
        for micros in (0..6_000).step_by(300) {
            let task = tokio::spawn({
                let db = db.clone();
                async move { db.transaction(operations::a_cascade).await }
            });
            tokio::time::sleep(Duration::from_micros(micros)).await;
            task.abort();
            let _ = task.await;
            let rows = stored(&db).await?.len();
            if rows != 7 {
                assert_eq!(rows, 4, "one team is gone with all that belongs to it, or none");
                refill(&db).await?;
            }
        }
        db.transaction(async |session| Err::<(), _>(Error::other(session.statement_count().to_string())))
            .await
            .expect_err("it returned one");
    }
    Ok(())
}
