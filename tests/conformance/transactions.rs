//! Transactions, savepoints, failed flushes.
use crate::models::*;
use orm::{EntityState, Error, Result, prelude::*};
use orm_test_support::{Database, TestDb, on_every_database};

on_every_database! {
    shop:
    a_transaction_commits_on_ok_and_rolls_back_on_err,
    dropping_a_session_rolls_back,
    lost_changes_fail_a_test_that_denies_them,
    a_savepoint_keeps_its_part_on_ok,
    a_savepoint_restores_rows_and_memory_on_err,
    savepoints_nest,
    a_failed_flush_in_a_savepoint_undoes_only_that,
    a_failed_flush_swallowed_in_a_savepoint_is_told_with_its_cause,
    a_failed_flush_repeats_its_error_until_rollback,
    a_refused_flush_is_forgiven_by_rollback,
    a_session_is_usable_after_a_failed_flush,
    what_was_committed_survives_a_later_rollback,
    two_futures_load_and_push_on_one_session,
    a_push_during_a_commit_is_undone_by_the_next_rollback,
}

async fn count(db: &TestDb) -> Result<u64> {
    User::query().count(&**db).await
}

async fn a_transaction_commits_on_ok_and_rolls_back_on_err(db: TestDb) -> Result<()> {
    let key = db
        .transaction(async |session| {
            let user = session.add(User::builder().email("a"));
            session.flush().await?;
            Ok(user.id)
        })
        .await?;
    let failed: Result<()> = db
        .transaction(async |session| {
            session.get_one::<User>(key).await?.set(User::name, "x");
            session.flush().await?;
            Err(Error::other("no"))
        })
        .await;
    assert_eq!(failed.expect_err("it returned one").to_string(), "no");
    assert_eq!(User::query().one(&*db).await?.name, None);
    Ok(())
}

async fn dropping_a_session_rolls_back(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("a"));
    session.flush().await?;
    drop(session);
    assert_eq!(count(&db).await?, 0);
    Ok(())
}

async fn lost_changes_fail_a_test_that_denies_them(db: TestDb) -> Result<()> {
    if db.is(Database::Sqlite) {
        return Ok(());
    }
    let strict = db.with(|options| options.deny_lost_changes(true)).await?;
    strict.session().add(User::builder().email("a"));
    let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(strict)));
    assert!(dropped.is_err(), "an added row was lost");
    let strict = db.with(|options| options.deny_lost_changes(true)).await?;
    let session = strict.session();
    session.add(User::builder().email("a"));
    session.commit().await?;
    drop((session, strict));
    Ok(())
}

async fn a_savepoint_keeps_its_part_on_ok(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("a"));
    let added = session.savepoint(async || Ok::<_, Error>(session.add(User::builder().email("b")))).await?;
    assert_eq!(session.state(added), EntityState::Persistent, "the end of a savepoint flushes");
    session.commit().await?;
    assert_eq!(count(&db).await?, 2);
    Ok(())
}

async fn a_savepoint_restores_rows_and_memory_on_err(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a").orders([Order::builder()]));
    let mut inside = None;
    let failed: Result<()> = session
        .savepoint(async || {
            user.set(User::name, "x");
            user.orders().push(Order::builder())?;
            inside = Some(session.add(User::builder().email("b")));
            session.flush().await?;
            user.set(User::name, "y");
            Err(Error::other("no"))
        })
        .await;
    assert!(failed.is_err());
    assert_eq!((user.name.as_deref(), user.orders().loaded()?.len()), (None, 1));
    assert_eq!(inside.map(|user| session.state(user)), Some(EntityState::Transient));
    assert_eq!(session.state(user), EntityState::Persistent);
    user.set(User::credit, 5);
    session.commit().await?;
    let stored = User::query().one(&*db).await?;
    assert_eq!((stored.name, stored.credit), (None, 5));
    assert_eq!(Order::query().count(&*db).await?, 1);
    Ok(())
}

async fn savepoints_nest(db: TestDb) -> Result<()> {
    let session = db.session();
    session
        .savepoint(async || {
            session.add(User::builder().email("outer"));
            let inner: Result<()> = session
                .savepoint(async || {
                    session.add(User::builder().email("inner"));
                    Err(Error::other("no"))
                })
                .await;
            assert!(inner.is_err());
            session.savepoint(async || Ok::<_, Error>(session.add(User::builder().email("second")))).await?;
            Ok::<_, Error>(())
        })
        .await?;
    session.commit().await?;
    let emails: Vec<String> = User::query().order_by(User::id.asc()).select(User::email).all(&*db).await?;
    assert_eq!(emails, ["outer", "second"]);
    Ok(())
}

async fn a_failed_flush_in_a_savepoint_undoes_only_that(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    let failed = session
        .savepoint(async || {
            user.set(User::name, "x");
            session.add(User::builder().email("a"));
            session.flush().await
        })
        .await;
    assert!(failed.expect_err("the email is taken").is_unique_violation());
    assert_eq!(user.name, None);
    session.add(User::builder().email("b"));
    session.commit().await?;
    assert_eq!(count(&db).await?, 2);
    Ok(())
}

async fn a_failed_flush_swallowed_in_a_savepoint_is_told_with_its_cause(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("a"));
    let failed = session
        .savepoint(async || {
            session.add(User::builder().email("a"));
            let _ = session.flush().await;
            Ok::<_, Error>(())
        })
        .await;
    assert!(failed.expect_err("the email is taken").is_unique_violation());
    session.commit().await?;
    assert_eq!(count(&db).await?, 1);
    Ok(())
}

async fn a_failed_flush_repeats_its_error_until_rollback(db: TestDb) -> Result<()> {
    let session = db.session();
    let first = session.add(User::builder().email("a"));
    session.flush().await?;
    let second = session.add(User::builder().email("a"));
    let error = session.flush().await.expect_err("the email is taken");
    assert!(error.is_unique_violation() && error.to_string().contains("users"), "{error}");
    assert_eq!(session.state(second), EntityState::Pending, "memory stays for inspection");
    assert!(session.commit().await.expect_err("still").is_unique_violation());
    assert!(User::query().all(&session).await.expect_err("still").is_unique_violation());
    assert_eq!(count(&db).await?, 0, "the transaction is over in the database");
    session.rollback().await?;
    assert_eq!([first, second].map(|user| session.state(user)), [EntityState::Transient; 2]);
    Ok(())
}

async fn a_refused_flush_is_forgiven_by_rollback(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(Order::builder().user_id(0));
    let error = session.flush().await.expect_err("the key is not known");
    assert_eq!(session.statement_count(), 0, "it was refused before any statement");
    assert!(error.to_string().contains("orders.user_id") && error.to_string().contains(".user("), "{error}");
    session.rollback().await?;
    session.add(User::builder().email("a").orders([Order::builder()]));
    session.commit().await
}

async fn a_session_is_usable_after_a_failed_flush(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.commit().await?;
    session.add(User::builder().email("a"));
    session.commit().await.expect_err("the email is taken");
    session.rollback().await?;
    user.set(User::name, "x");
    user.orders().push(Order::builder())?;
    session.commit().await?;
    assert_eq!(User::query().one(&*db).await?.name.as_deref(), Some("x"));
    assert_eq!(Order::query().count(&*db).await?, 1);
    Ok(())
}

async fn what_was_committed_survives_a_later_rollback(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a").orders([Order::builder()]));
    session.commit().await?;
    user.set(User::name, "x");
    session.commit().await?;
    session.rollback().await?;
    assert_eq!((user.name.as_deref(), user.orders().loaded()?.len()), (Some("x"), 1));
    assert_eq!(session.state(user), EntityState::Persistent);
    Ok(())
}

async fn two_futures_load_and_push_on_one_session(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(User::builder().email("a").orders([Order::builder(), Order::builder()]));
    writing.commit().await?;
    let session = db.session();
    let user = User::query().one(&session).await?;
    let (one, two, pushed) = tokio::join!(user.orders().into_future(), user.orders().into_future(), async {
        user.orders().push(Order::builder())
    });
    assert_eq!(session.statement_count(), 2, "the two loads were one");
    assert!(two?.len() >= 2 && one?.len() >= 2);
    assert!(user.orders().loaded()?.contains(pushed?), "a push that raced a load is kept");
    session.commit().await?;
    assert_eq!(Order::query().count(&*db).await?, 3);
    Ok(())
}

async fn a_push_during_a_commit_is_undone_by_the_next_rollback(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    let (committed, order) = tokio::join!(session.commit(), async {
        tokio::task::yield_now().await;
        user.set(User::name, "late");
        user.orders().push(Order::builder())
    });
    committed?;
    let order = order?;
    session.rollback().await?;
    if session.state(order) == EntityState::Persistent {
        // The commit had not collected its changes yet.
        return Ok(());
    }
    assert_eq!((user.email.as_str(), user.name.as_deref(), session.state(order)), ("a", None, EntityState::Transient));
    assert!(user.id > 0 && session.state(user) == EntityState::Persistent);
    assert!(!user.orders().await?.contains(order));
    Ok(())
}
