//! Many sessions on a small pool: each gets its turn, none waits for ever, and no thread is held up.
use crate::world::{Child, Counter, Parent, World, counter};
use orm::{Error, Result, prelude::*};
use orm_test_support::Database;
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

const SESSIONS: usize = 64;

/// Reads, writes and reads what it wrote, in two transactions.
async fn work(db: Db, number: usize) -> Result<()> {
    let session = db.session();
    let parents = Parent::query().order_by(Parent::id.asc()).all(&session).await?;
    let parent = parents[number % parents.len()];
    let child = parent.children().push(Child::builder().name(format!("{number}")))?;
    session.commit().await?;
    tokio::task::yield_now().await;
    child.set(Child::name, format!("{number} renamed"));
    session.commit().await?;
    assert!(parent.children().await?.contains(child));
    Ok(())
}

async fn sixty_four(database: Database) -> Result<()> {
    let Some(world) = World::new(database, 4).await? else { return Ok(()) };
    let session = world.db.session();
    session.add_all(["a", "b", "c"].map(|name| Parent::builder().name(name)));
    session.commit().await?;
    let tasks: Vec<_> = (0..SESSIONS).map(|number| tokio::spawn(work(world.db.clone(), number))).collect();
    for task in tasks {
        task.await.map_err(Error::other)??;
    }
    let written = Child::query().filter(Child::name.ends_with("renamed")).count(&world.db).await?;
    assert_eq!(written, SESSIONS as u64);
    assert_pool_is_free(&world.db).await
}

/// Four sessions hold a connection each at the same time.
async fn assert_pool_is_free(db: &Db) -> Result<()> {
    let sessions: Vec<Session> = (0..4).map(|_| db.session()).collect();
    for session in &sessions {
        let count = tokio::time::timeout(Duration::from_secs(5), Child::query().count(session));
        count.await.map_err(|_| Error::other("a connection was not given back"))??;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_sessions_share_four_connections_on_sqlite() -> Result<()> {
    sixty_four(Database::Sqlite).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_sessions_share_four_connections_on_postgres() -> Result<()> {
    sixty_four(Database::Postgres).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_sessions_share_four_connections_on_mysql() -> Result<()> {
    sixty_four(Database::MySql).await
}

#[tokio::test]
async fn waiting_for_a_busy_database_holds_no_thread_up() -> Result<()> {
    const HELD: Duration = Duration::from_millis(300);
    let Some(world) = World::new(Database::Sqlite, 4).await? else { return Ok(()) };
    let writer = world.db.session();
    writer.add(counter());
    writer.flush().await?;
    let waiting = AtomicBool::new(true);
    let wait = async {
        let session = world.db.session();
        session.add(counter());
        let result = session.commit().await;
        waiting.store(false, Ordering::Relaxed);
        result
    };
    let tick = async {
        let mut ticks = 0;
        while waiting.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(5)).await;
            ticks += 1;
        }
        ticks
    };
    let release = async {
        tokio::time::sleep(HELD).await;
        writer.commit().await
    };
    let (waited, ticks, released) = tokio::join!(wait, tick, release);
    waited.and(released)?;
    assert!(ticks > 10, "while one session waited for the lock the thread ran other futures {ticks} times");
    assert_eq!(Counter::query().count(&world.db).await?, 2);
    Ok(())
}

async fn increment(session: &Session) -> Result<()> {
    Counter::query().one(session).await?.update(|row| row.a += 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_that_collide_are_retried_until_all_are_through() -> Result<()> {
    for database in [Database::Sqlite, Database::Postgres, Database::MySql] {
        let Some(world) = World::new(database, 4).await? else { continue };
        let session = world.db.session();
        session.add(counter());
        session.commit().await?;
        let retried = |db: Db| async move { db.transaction_retry(50, increment).await };
        let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(retried(world.db.clone()))).collect();
        for task in tasks {
            task.await.map_err(Error::other)??;
        }
        assert_eq!(Counter::query().one(&world.db).await?.a, 8, "{database:?}");
    }
    Ok(())
}
