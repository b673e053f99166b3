//! Inside a savepoint only that savepoint is undone, whatever was interrupted in it and whoever did not wait for it.
use crate::{
    faulty::Fault,
    world::{Team, World, seen},
};
use orm::{Error, Result, prelude::*};

fn named(name: &str) -> impl orm::IntoDraft<Model = Team> {
    Team::builder().name(name)
}

/// Adds a row before, in, and after a savepoint, and tells whether the savepoint was kept. What happens inside is not waited
/// for if it hangs.
async fn attempt(world: &World, session: &Session) -> Result<bool> {
    session.add(named("before"));
    session.flush().await?;
    let inside = session
        .savepoint(async || {
            let flushed = world.faulty.unless_hanging(async {
                session.add(named("inside"));
                session.flush().await
            });
            flushed.await.unwrap_or_else(|| Err(Error::other("it was given up")))
        })
        .await;
    session.add(named("after"));
    session.flush().await?;
    Ok(inside.is_ok())
}

async fn plain(world: &World, session: &Session) -> Result<bool> {
    let kept = attempt(world, session).await?;
    session.commit().await?;
    Ok(kept)
}

async fn in_another(world: &World, session: &Session) -> Result<bool> {
    let kept = session.savepoint(async || attempt(world, session).await).await?;
    session.commit().await?;
    Ok(kept)
}

/// The rows that are there beside the two of the beginning.
async fn added(world: &World) -> Result<Vec<String>> {
    let names = Team::query().order_by(Team::id.asc()).filter(Team::id.gt(2)).select(Team::name);
    names.all(&world.observer).await
}

async fn calls(world: &World, work: impl AsyncFn(&World, &Session) -> Result<bool>) -> Result<Vec<String>> {
    world.faulty.calm();
    assert!(work(world, &world.db.session()).await?);
    assert_eq!(added(world).await?, ["before", "inside", "after"]);
    Ok(world.faulty.calls())
}

/// Runs the work with these interruptions: it says truly what it kept, and otherwise nothing is left.
async fn interrupted(
    world: &World,
    faults: &[(usize, Fault)],
    work: impl AsyncFn(&World, &Session) -> Result<bool>,
) -> Result<Option<bool>> {
    world.refill().await?;
    let session = world.db.session();
    world.faulty.interrupt(faults.iter().copied());
    let result = world.faulty.unless_hanging(work(world, &session)).await;
    let lost_answer = world.faulty.calls().last().is_some_and(|call| call == "Commit") && result.is_none();
    world.faulty.calm();
    let rows = added(world).await?;
    let kept = result.and_then(Result::ok);
    match kept {
        Some(true) => assert_eq!(rows, ["before", "inside", "after"], "{faults:?}"),
        Some(false) => assert_eq!(rows, ["before", "after"], "{faults:?}"),
        None => assert!(rows.is_empty() || lost_answer, "{faults:?}: {rows:?}"),
    }
    session.rollback().await?;
    let teams = world.stored().await?;
    assert_eq!(seen(&session).await?, teams[..teams.len() - 1], "{faults:?}");
    session.rollback().await?;
    world.assert_pool_is_clean().await?;
    Ok(kept)
}

async fn at_every_call(work: impl AsyncFn(&World, &Session) -> Result<bool>) -> Result<()> {
    let world = World::new().await?;
    let calls = calls(&world, &work).await?;
    let inserts: Vec<usize> = (0..calls.len()).filter(|call| calls[*call].starts_with("INSERT")).collect();
    for call in 0..calls.len() {
        for fault in Fault::ALL {
            let kept = interrupted(&world, &[(call, fault)], &work).await?;
            if call == inserts[1] && fault != Fault::Lost {
                assert_eq!(kept, Some(false), "{fault:?} inside undoes the savepoint and nothing else");
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_savepoint_is_interrupted_at_every_call() -> Result<()> {
    at_every_call(plain).await
}

#[tokio::test]
async fn a_savepoint_in_another_is_interrupted_at_every_call() -> Result<()> {
    at_every_call(in_another).await
}

#[tokio::test]
async fn undoing_a_savepoint_is_interrupted_too() -> Result<()> {
    let world = World::new().await?;
    let calls = calls(&world, plain).await?;
    let inside =
        calls.iter().rposition(|call| call.starts_with("Release")).ok_or_else(|| Error::other("no savepoint"))? - 1;
    for first in Fault::ALL {
        for second in Fault::ALL {
            let kept = interrupted(&world, &[(inside, first), (inside + 1, second)], plain).await?;
            assert_ne!(kept, Some(true), "{first:?} {second:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_savepoint_ends_with_a_rollback_inside_of_it() -> Result<()> {
    let world = World::new().await?;
    let session = world.db.session();
    session.add(named("before"));
    let outer: Result<()> = session
        .savepoint(async || {
            let inner: Result<()> = session.savepoint(async || session.rollback().await).await;
            let error = inner.expect_err("it is over").to_string();
            assert!(error.contains("rolled back inside"), "{error}");
            session.add(named("too late"));
            let error = session.flush().await.expect_err("the outer one is over as well").to_string();
            assert!(error.contains("rolled back inside"), "{error}");
            Ok(())
        })
        .await;
    assert!(outer.is_err());
    session.rollback().await?;
    session.add(named("after"));
    session.commit().await?;
    assert_eq!(added(&world).await?, ["after"]);
    Ok(())
}
