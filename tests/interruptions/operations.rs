//! Every operation of a session, interrupted at every call that it makes.
use crate::{
    faulty::Fault,
    world::{Badge, Member, Skill, Task, Team, World, everything, seen, shown},
};
use orm::{Error, Isolation, Result, prelude::*};

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
    a_flush_and_a_commit,
    a_commit_of_two_flushes,
    a_rollback,
    a_cascade,
    a_displaced_partner,
    a_child_given_by_its_key,
    a_flush_before_a_query,
    a_set_based_update,
    a_locked_read,
    a_transaction_of_some_isolation,
    a_savepoint,
    a_savepoint_that_fails,
    nested_savepoints,
    lazy_loads,
    nested_select_in_loads,
    a_refresh,
    rows_by_their_keys,
    counts,
    plain_values,
}

async fn team<'s>(session: &'s Session, name: &str) -> Result<Entity<'s, Team>> {
    Team::query().filter(Team::name.eq(name)).one(session).await
}

pub(crate) async fn a_flush_and_a_commit(session: &Session) -> Result<()> {
    let team = team(session, "t1").await?;
    let members = team.members().await?;
    let (first, second) = (members.get(0).ok_or_else(missing)?, members.get(1).ok_or_else(missing)?);
    team.set(Team::name, "renamed");
    let skill = Skill::query().filter(Skill::name.eq("rare skill")).one(session).await?;
    first.skills().push(skill)?;
    let added = team.members().push(Member::builder().name("added").skills([skill]))?;
    added.tasks().push(Task::builder().title("of the added"))?;
    for task in second.tasks().await? {
        session.delete(task);
    }
    session.flush().await?;
    session.commit().await
}

async fn a_commit_of_two_flushes(session: &Session) -> Result<()> {
    let team = session.add(Team::builder().name("t3"));
    session.flush().await?;
    team.set(Team::name, "t3 renamed");
    team.members().push(Member::builder().name("t3m1"))?;
    session.commit().await
}

async fn a_rollback(session: &Session) -> Result<()> {
    let team = team(session, "t1").await?;
    team.set(Team::name, "renamed");
    session.add(Team::builder().name("t3"));
    session.flush().await?;
    session.rollback().await
}

pub(crate) async fn a_cascade(session: &Session) -> Result<()> {
    session.delete(team(session, "t1").await?);
    session.commit().await
}

async fn a_displaced_partner(session: &Session) -> Result<()> {
    let member = Member::query().filter(Member::name.eq("t1m1")).one(session).await?;
    member.badge().set(Badge::builder().number(99))?;
    session.commit().await
}

async fn a_child_given_by_its_key(session: &Session) -> Result<()> {
    let id = Member::query().filter(Member::name.eq("t1m1")).select(Member::id).one(session).await?;
    let member = Member { id, name: String::new(), ..Member::builder().name("").team_id(0).build() };
    session.add(Team::builder().name("t3").members([member]));
    session.commit().await
}

async fn a_flush_before_a_query(session: &Session) -> Result<()> {
    session.add(Team::builder().name("t3"));
    let found = team(session, "t3").await?;
    found.members().push(Member::builder().name("t3m1"))?;
    session.no_autoflush(async || Member::query().all(session).await).await?;
    session.commit().await
}

async fn a_set_based_update(session: &Session) -> Result<()> {
    let tasks = Task::query().filter(Task::title.starts_with("t1")).set(Task::title, "done");
    assert_eq!(tasks.update(session).await?, 4);
    Skill::query().filter(Skill::name.eq("rare skill")).delete(session).await?;
    session.commit().await
}

async fn a_locked_read(session: &Session) -> Result<()> {
    let team = Team::query().filter(Team::name.eq("t1")).for_update().one(session).await?;
    team.set(Team::name, "renamed");
    session.commit().await
}

async fn a_transaction_of_some_isolation(session: &Session) -> Result<()> {
    session.rollback().await?;
    session.begin(Some(Isolation::Serializable)).await?;
    team(session, "t2").await?.set(Team::name, "renamed");
    session.commit().await
}

pub(crate) async fn a_savepoint(session: &Session) -> Result<()> {
    team(session, "t1").await?.set(Team::name, "renamed");
    let member = session
        .savepoint(async || {
            let team = session.add(Team::builder().name("t3"));
            session.flush().await?;
            team.members().push(Member::builder().name("t3m1"))
        })
        .await?;
    member.set(Member::name, "t3m1 renamed");
    session.commit().await
}

async fn a_savepoint_that_fails(session: &Session) -> Result<()> {
    let team = team(session, "t1").await?;
    team.set(Team::name, "renamed");
    let failed: Result<()> = session
        .savepoint(async || {
            team.set(Team::name, "renamed again");
            session.add(Team::builder().name("t3"));
            session.flush().await?;
            Err(Error::other("on second thought"))
        })
        .await;
    match failed {
        Err(error) if error.to_string() == "on second thought" => {}
        other => return other,
    }
    team.members().await?;
    session.commit().await
}

pub(crate) async fn nested_savepoints(session: &Session) -> Result<()> {
    session
        .savepoint(async || {
            session.add(Team::builder().name("t3"));
            session.savepoint(async || Ok::<_, Error>(session.add(Team::builder().name("t4")))).await?;
            let failed: Result<()> = session
                .savepoint(async || {
                    session.add(Team::builder().name("t5"));
                    session.flush().await?;
                    Err(Error::other("on second thought"))
                })
                .await;
            match failed {
                Err(error) if error.to_string() == "on second thought" => Ok(()),
                other => other,
            }
        })
        .await?;
    session.commit().await
}

pub(crate) async fn lazy_loads(session: &Session) -> Result<()> {
    for team in Team::query().all(session).await? {
        for member in team.members().await? {
            assert_eq!(member.tasks().await?.len(), 2);
            assert_eq!(member.skills().await?.len(), 1);
            assert_eq!(member.badge().await?.ok_or_else(missing)?.member().await?, member);
            assert_eq!(member.team().await?, team);
        }
    }
    Ok(())
}

async fn nested_select_in_loads(session: &Session) -> Result<()> {
    assert_eq!(seen(session).await?.len(), 6);
    Ok(())
}

async fn a_refresh(session: &Session) -> Result<()> {
    let team = team(session, "t1").await?;
    team.set(Team::name, "never written");
    session.refresh_with(team, (Team::members.with(Member::tasks),)).await?;
    assert_eq!((team.name.as_str(), team.members().loaded()?.len()), ("t1", 2));
    Ok(())
}

async fn rows_by_their_keys(session: &Session) -> Result<()> {
    assert_eq!(session.get_many::<Team, _>([1, 2, 99]).await?.into_iter().flatten().count(), 2);
    assert!(session.get::<Team>(99).await?.is_none());
    assert_eq!(session.get_one::<Task>(1).await?.id, 1);
    Ok(())
}

async fn counts(session: &Session) -> Result<()> {
    let teams = Team::query().all(session).await?;
    for team in teams {
        assert_eq!(team.members().count().await?, 2);
    }
    assert_eq!(Task::query().count(session).await?, 8);
    assert!(Task::query().exists(session).await?);
    assert_eq!(Task::query().page(session, 2, 3).await?.total, 8);
    Ok(())
}

async fn plain_values(session: &Session) -> Result<()> {
    let teams = everything().all(session.values()).await?;
    assert_eq!(shown(&teams)?.len(), 6);
    Ok(())
}

fn missing() -> Error {
    Error::other("a row is missing")
}

/// An operation without interruption: what it calls, and the tables before and after.
struct Undisturbed {
    calls: Vec<String>,
    before: Vec<String>,
    after: Vec<String>,
}

async fn at_every_call(operation: impl AsyncFn(&Session) -> Result<()>) -> Result<()> {
    let world = World::new().await?;
    // What the first INSERT into a table asks of it along is known from then on.
    undisturbed(&world, false, &operation).await?;
    for warm in [false, true] {
        let run = undisturbed(&world, warm, &operation).await?;
        assert!(!run.calls.is_empty() || warm, "it calls the database");
        for call in 0..run.calls.len() {
            for fault in Fault::ALL {
                let case = format!("{fault:?} at call {call} of {:#?}, everything in memory: {warm}", run.calls);
                interrupted(&world, &run, (call, fault, warm), &operation)
                    .await
                    .map_err(|error| Error::other(format!("{error}: {case}")))?;
            }
        }
    }
    Ok(())
}

async fn undisturbed(
    world: &World,
    warm: bool,
    operation: &impl AsyncFn(&Session) -> Result<()>,
) -> Result<Undisturbed> {
    world.refill().await?;
    let before = world.stored().await?;
    let session = world.db.session();
    if warm {
        everything().all(&session).await?;
    }
    world.faulty.calm();
    operation(&session).await?;
    Ok(Undisturbed { calls: world.faulty.calls(), before, after: world.stored().await? })
}

async fn interrupted(
    world: &World,
    run: &Undisturbed,
    (call, fault, warm): (usize, Fault, bool),
    operation: &impl AsyncFn(&Session) -> Result<()>,
) -> Result<()> {
    if world.stored().await? != run.before {
        world.refill().await?;
    }
    let session = world.db.session();
    let held = if warm { everything().all(&session).await? } else { Vec::new() };
    let values = |held: &[Entity<'_, Team>]| shown(&held.iter().map(|team| team.to_value()).collect::<Vec<_>>());
    let memory = values(&held)?;

    world.faulty.interrupt([(call, fault)]);
    let result = world.faulty.unless_hanging(operation(&session)).await;
    assert_eq!(result.is_none(), fault.hangs());
    if let Some(result) = result {
        let error = result.expect_err("it was interrupted").to_string();
        assert!(error.contains(fault.cause()), "{error}");
    }
    let calls = world.faulty.calls();
    world.faulty.calm();
    let text = &run.calls[call];
    assert_eq!(calls.get(call), Some(text), "the same calls as before");
    let committed = text == "Commit" && fault == Fault::Unanswered;
    let expected = if committed { &run.after } else { &run.before };
    assert_eq!(world.stored().await?, *expected, "nothing is half written");
    assert_first_cause(&session, &run.calls[..=call], fault).await;

    session.rollback().await?;
    assert_eq!(values(&held)?, memory, "memory is as at the last commit");
    assert_nothing_unwritten(&session);
    world.assert_pool_is_clean().await?;
    if !committed {
        let rows = run.before.len() - 1;
        assert_eq!(seen(&session).await?, run.before[..rows], "and as the database");
        session.rollback().await?;
        operation(&session).await?;
        assert_eq!(world.stored().await?, run.after, "a second attempt writes everything once");
    }
    Ok(())
}

/// What was interrupted while it wrote is repeated by every statement until `rollback`. Savepoints have undone it.
async fn assert_first_cause(session: &Session, calls: &[String], fault: Fault) {
    let last = calls.last().map_or("", String::as_str);
    let is_write = |call: &str| ["INSERT", "UPDATE", "DELETE"].iter().any(|word| call.starts_with(word));
    let set_based = last.contains("LIKE") || last.starts_with("DELETE FROM \"skills\"");
    let writes = calls.iter().any(|call| is_write(call)) && (is_write(last) || last == "Commit");
    let undone = calls.iter().any(|call| call.starts_with("Savepoint")) || (set_based && !fault.hangs());
    if writes && !undone {
        let error = session.get::<Skill>(99).await.expect_err("not before rollback").to_string();
        assert!(error.contains(fault.cause()) && error.contains("`rollback`"), "{error}");
    }
}

fn assert_nothing_unwritten(session: &Session) {
    let teams = [session.added::<Team>(), session.modified(), session.deleted()].concat();
    let members = [session.added::<Member>(), session.modified(), session.deleted()].concat();
    let tasks = [session.added::<Task>(), session.modified(), session.deleted()].concat();
    assert!(teams.is_empty() && members.is_empty() && tasks.is_empty(), "{teams:?} {members:?} {tasks:?}");
    assert!(!session.has_changes());
}
