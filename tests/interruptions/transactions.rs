//! What a database runs without a session of the user's, interrupted at every call.
use crate::{
    faulty::Fault,
    world::{Member, Skill, Task, Team, World, everything, shown},
};
use orm::{Error, Result, prelude::*};

macro_rules! at_every_call {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test]
            async fn is_interrupted_at_every_call() -> orm::Result<()> {
                super::at_every_call(super::$name).await
            }
        }
    )+};
}

at_every_call! {
    a_transaction,
    a_transaction_that_fails,
    a_transaction_that_may_be_run_again,
    a_stream,
    a_query_of_values,
    a_set_based_update,
}

async fn add_team(session: &Session) -> Result<()> {
    let team = session.add(Team::builder().name("t3"));
    session.flush().await?;
    team.members().push(Member::builder().name("t3m1"))?;
    Ok(())
}

async fn a_transaction(db: &Db) -> Result<()> {
    db.transaction(add_team).await
}

async fn a_transaction_that_fails(db: &Db) -> Result<()> {
    let failed: Result<()> = db
        .transaction(async |session| {
            add_team(session).await?;
            Err(Error::other("on second thought"))
        })
        .await;
    match failed {
        Err(error) if error.to_string() == "on second thought" => Ok(()),
        other => other,
    }
}

async fn a_transaction_that_may_be_run_again(db: &Db) -> Result<()> {
    db.transaction_retry(2, add_team).await
}

async fn a_stream(db: &Db) -> Result<()> {
    let mut tasks = Task::query().stream(db);
    let mut count = 0;
    while let Some(task) = tasks.next().await {
        count += usize::from(!task?.title.is_empty());
    }
    assert_eq!(count, 8);
    Ok(())
}

async fn a_query_of_values(db: &Db) -> Result<()> {
    assert_eq!(shown(&everything().all(db).await?)?.len(), 6);
    Ok(())
}

async fn a_set_based_update(db: &Db) -> Result<()> {
    Skill::query().filter(Skill::name.eq("rare skill")).set(Skill::name, "common skill").update(db).await?;
    Task::query().filter(Task::title.eq("t1m1t1")).delete(db).await?;
    Ok(())
}

async fn at_every_call(operation: impl AsyncFn(&Db) -> Result<()>) -> Result<()> {
    let world = World::new().await?;
    let before = world.stored().await?;
    world.faulty.calm();
    operation(&world.db).await?;
    let (calls, after) = (world.faulty.calls(), world.stored().await?);
    for call in 0..calls.len() {
        for fault in Fault::ALL {
            interrupted(&world, (call, fault), (&before, &after), &operation).await?;
        }
    }
    Ok(())
}

async fn interrupted(
    world: &World,
    (call, fault): (usize, Fault),
    (before, after): (&[String], &[String]),
    operation: &impl AsyncFn(&Db) -> Result<()>,
) -> Result<()> {
    world.refill().await?;
    world.faulty.interrupt([(call, fault)]);
    let result = world.faulty.unless_hanging(operation(&world.db)).await;
    let calls = world.faulty.calls();
    world.faulty.calm();
    let case = format!("{fault:?} at call {call} of {calls:#?}");
    let stored = world.stored().await?;
    let transaction = calls.iter().any(|call| call.starts_with("Begin"));
    match &result {
        Some(Ok(())) => assert_eq!(stored, after, "{case}"),
        _ if transaction && !(calls[call] == "Commit" && fault == Fault::Unanswered) => {
            assert_eq!(stored, before, "{case}");
        }
        // Each statement was a transaction of its own.
        _ => {}
    }
    if let Some(Err(error)) = &result {
        assert!(error.to_string().contains(fault.cause()), "{error} is not the first cause: {case}");
    }
    world.assert_pool_is_clean().await?;
    if stored == before {
        operation(&world.db).await?;
        assert_eq!(world.stored().await?, after, "{case}");
    }
    Ok(())
}

#[tokio::test]
async fn what_may_be_run_again_is_run_again_wherever_it_was_interrupted() -> Result<()> {
    let world = World::new().await?;
    world.faulty.calm();
    a_transaction_that_may_be_run_again(&world.db).await?;
    let (calls, after) = (world.faulty.calls(), world.stored().await?);
    for call in 0..calls.len() {
        world.refill().await?;
        world.faulty.interrupt([(call, Fault::Busy)]);
        a_transaction_that_may_be_run_again(&world.db).await?;
        assert_eq!(world.stored().await?, after, "call {call} of {calls:#?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_transaction_that_cannot_be_rolled_back_tells_why_it_failed() -> Result<()> {
    let world = World::new().await?;
    // A connection, BEGIN, ROLLBACK.
    world.faulty.interrupt([(2, Fault::Refused)]);
    let failed: Result<()> = world.db.transaction(async |_| Err(Error::other("first"))).await;
    assert_eq!(failed.expect_err("it returned one").to_string(), "first");
    world.faulty.calm();
    world.assert_pool_is_clean().await
}
