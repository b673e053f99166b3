//! Transactions that get into each other's way: isolation, conflicts, deadlocks, and running them again.
use crate::models::*;
use orm::{Isolation, Result, prelude::*};
use orm_test_support::{Database, TestDb, on_every_database};
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

on_every_database! {
    shop:
    isolation_decides_what_a_transaction_sees_of_others,
    serializable_transactions_that_read_what_the_other_writes_conflict,
    a_deadlock_is_retryable_and_run_again,
    counting_in_many_transactions_loses_nothing,
    a_session_goes_on_after_its_connection_broke,
    a_transaction_whose_connection_broke_is_lost_until_rollback,
    a_busy_database_is_tried_again,
}

async fn two_users(db: &Db) -> Result<[i64; 2]> {
    let session = db.session();
    let users = session.add_all(["a", "b"].map(|email| User::builder().email(email).credit(0)));
    session.commit().await?;
    Ok([users[0].id, users[1].id])
}

async fn credit(session: &Session, id: i64) -> Result<i32> {
    User::query().filter(User::id.eq(id)).select(User::credit).one(session.values()).await
}

async fn isolation_decides_what_a_transaction_sees_of_others(db: TestDb) -> Result<()> {
    let [id, _] = two_users(&db).await?;
    for (isolation, sees) in [(Isolation::ReadCommitted, true), (Isolation::RepeatableRead, false)] {
        let session = db.session();
        // SQLite has one writer, and a transaction that has begun is it: others wait.
        session.begin(Some(isolation)).await?;
        let before = credit(&session, id).await?;
        let other = db.clone();
        let write = User::query().filter(User::id.eq(id)).set(User::credit, before + 1).update(&other);
        let written = tokio::time::timeout(Duration::from_millis(200), write).await.is_ok();
        assert_eq!(written, !db.is(Database::Sqlite));
        let after = credit(&session, id).await?;
        assert_eq!(after > before, sees && written, "{isolation:?}");
        session.rollback().await?;
    }
    Ok(())
}

async fn serializable_transactions_that_read_what_the_other_writes_conflict(db: TestDb) -> Result<()> {
    let [a, b] = two_users(&db).await?;
    let (one, other) = (db.session(), db.session());
    one.begin(Some(Isolation::Serializable)).await?;
    if db.is(Database::Sqlite) {
        let begun = tokio::time::timeout(Duration::from_millis(100), other.begin(Some(Isolation::Serializable))).await;
        assert!(begun.is_err(), "the second writer waits for the first");
        return one.commit().await;
    }
    other.begin(Some(Isolation::Serializable)).await?;
    // Each reads what the other writes: one of the two cannot be as if it had run alone.
    let run = async |session: &Session, reads: i64, writes: i64| {
        let seen = credit(session, reads).await?;
        tokio::time::sleep(Duration::from_millis(20)).await;
        session.get_one::<User>(writes).await?.set(User::credit, seen + 1);
        session.commit().await
    };
    let (first, second) = tokio::join!(run(&one, a, b), run(&other, b, a));
    let failed: Vec<orm::Error> = [first, second].into_iter().filter_map(Result::err).collect();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(failed[0].is_retryable(), "{:?}", failed[0]);
    Ok(())
}

async fn a_deadlock_is_retryable_and_run_again(db: TestDb) -> Result<()> {
    let [a, b] = two_users(&db).await?;
    let meet = tokio::sync::Barrier::new(2);
    let runs = AtomicU32::new(0);
    let add = async |session: &Session, first: i64, second: i64, amount: i32| {
        let attempt = runs.fetch_add(1, Ordering::Relaxed);
        for id in [first, second] {
            let user = User::query().filter(User::id.eq(id)).for_update().refresh_existing().one(session).await?;
            user.update(|user| user.credit += amount);
            session.flush().await?;
            if id == first && attempt < 2 {
                // Both hold their first row now. On SQLite there is only one.
                let _ = tokio::time::timeout(Duration::from_millis(100), meet.wait()).await;
            }
        }
        Ok(())
    };
    let (one, other) = tokio::join!(
        db.transaction_retry(5, async |session| add(session, a, b, 1).await),
        db.transaction_retry(5, async |session| add(session, b, a, 10).await),
    );
    one?;
    other?;
    let session = db.session();
    assert_eq!((credit(&session, a).await?, credit(&session, b).await?), (11, 11));
    let expected = if db.is(Database::Sqlite) { 2..=2 } else { 3..=10 };
    assert!(expected.contains(&runs.load(Ordering::Relaxed)), "{runs:?}");
    Ok(())
}

async fn counting_in_many_transactions_loses_nothing(db: TestDb) -> Result<()> {
    let [id, _] = two_users(&db).await?;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let db = (*db).clone();
        tasks.spawn(async move {
            let count = async move |session: &Session| {
                session.get_one::<User>(id).await?.update(|user| user.credit += 1);
                Ok(())
            };
            db.transaction_retry(50, count).await
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.map_err(orm::Error::other)??;
    }
    assert_eq!(credit(&db.session(), id).await?, 6);
    Ok(())
}

async fn a_session_goes_on_after_its_connection_broke(db: TestDb) -> Result<()> {
    if db.is(Database::Sqlite) {
        return Ok(());
    }
    two_users(&db).await?;
    let session = db.session();
    let user = User::query().filter(User::email.eq("a")).one(&session).await?;
    db.end_connections().await;
    let error = Order::query().all(&session).await.expect_err("its connection is gone");
    assert!(error.is_connection(), "{error:?}");
    assert!(Order::query().all(&session).await?.is_empty(), "outside of a transaction another one is taken");
    user.set(User::credit, 5);
    session.commit().await?;
    assert_eq!(User::query().filter(User::credit.eq(5)).count(&session).await?, 1);
    Ok(())
}

async fn a_transaction_whose_connection_broke_is_lost_until_rollback(db: TestDb) -> Result<()> {
    if db.is(Database::Sqlite) {
        return Ok(());
    }
    let [id, _] = two_users(&db).await?;
    let session = db.session();
    let user = session.get_one::<User>(id).await?;
    user.set(User::credit, 5);
    session.flush().await?;
    db.end_connections().await;
    user.set(User::name, "lost");
    let error = session.commit().await.expect_err("its connection is gone");
    assert!(error.is_connection(), "{error:?}");
    assert!(User::query().all(&session).await.expect_err("not before rollback").is_connection());
    session.rollback().await?;
    assert_eq!((user.credit, user.name.as_deref(), session.in_transaction()), (0, None, false));
    user.set(User::credit, 6);
    session.commit().await?;
    assert_eq!(credit(&session, id).await?, 6);
    Ok(())
}

async fn a_busy_database_is_tried_again(db: TestDb) -> Result<()> {
    if !db.is(Database::Sqlite) {
        return Ok(());
    }
    let impatient = db.under(|options| options.busy_timeout(Duration::from_millis(5))).await?;
    let [id, _] = two_users(&impatient).await?;
    let holder = impatient.session();
    holder.begin(None).await?;
    let begun = impatient.transaction(async |_| Ok(())).await;
    assert!(begun.expect_err("somebody else writes").is_retryable());
    let add = async |session: &Session| {
        session.get_one::<User>(id).await?.update(|user| user.credit += 1);
        Ok(())
    };
    let (added, held) = tokio::join!(impatient.transaction_retry(20, add), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        holder.commit().await
    });
    held?;
    added?;
    assert_eq!(credit(&holder, id).await?, 1);
    Ok(())
}
