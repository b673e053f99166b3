//! A rollback on one thread while another loads: what was loaded may be undone before it is read, and is loaded again.
use crate::world::{Child, Parent, Tag, World};
use orm::{Error, Result, prelude::*};
use orm_test_support::Database;
use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};
use tokio::runtime::{Builder, Runtime};

const LOADS: usize = 3_000;

fn runtime() -> Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(Error::other)
}

/// A parent with two children, of which the first has a tag.
async fn fill(world: &World) -> Result<()> {
    let session = world.db.session();
    let parent = session.add(Parent::builder().name("p"));
    let first = parent.children().push(Child::builder().name("a"))?;
    first.tags().push(Tag::builder().name("t"))?;
    parent.children().push(Child::builder().name("b"))?;
    session.commit().await
}

/// Runs some work again and again, while another thread rolls back.
fn while_rolled_back<W: AsyncFn(&Session) -> Result<()> + Sync>(database: Database, work: W) -> Result<()> {
    let runtime = runtime()?;
    let Some(world) = runtime.block_on(World::new(database, 2))? else { return Ok(()) };
    runtime.block_on(fill(&world))?;
    let (session, done) = (world.db.session(), AtomicBool::new(false));
    thread::scope(|scope| {
        let rolling = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                runtime.block_on(session.rollback())?;
            }
            Ok(())
        });
        let worked = runtime.block_on(work(&session));
        done.store(true, Ordering::Relaxed);
        rolling.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).and(worked)
    })
}

/// A change that is not written makes what is read after it part of what a rollback undoes.
fn an_awaited_relationship_is_there(database: Database) -> Result<()> {
    while_rolled_back(database, async |session| {
        let (parent, child) = (Parent::query().one(session).await?, Child::query().first(session).await?);
        for number in 0..LOADS {
            parent.set(Parent::name, format!("p{number}"));
            assert_eq!(parent.children().await?.len(), 2);
            let Some(child) = child else { continue };
            assert_eq!(child.tags().await?.len(), 1);
        }
        Ok(())
    })
}

macro_rules! on_every_database {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use super::Database;

            #[test]
            fn on_sqlite() -> orm::Result<()> {
                super::$name(Database::Sqlite)
            }
            #[test]
            fn on_postgres() -> orm::Result<()> {
                super::$name(Database::Postgres)
            }
            #[test]
            fn on_mysql() -> orm::Result<()> {
                super::$name(Database::MySql)
            }
        }
    )+};
}

on_every_database! { an_awaited_relationship_is_there }
