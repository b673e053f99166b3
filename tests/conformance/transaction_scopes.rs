//! When a transaction begins and ends, what is open, and how savepoints nest.
use crate::models::*;
use orm::{EntityState, Error, Isolation, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    reads_open_no_transaction_and_the_first_write_does,
    a_locked_read_opens_a_transaction,
    nothing_to_write_sends_nothing_and_begins_nothing,
    a_flush_stays_in_the_open_transaction,
    a_commit_writes_all_there_is,
    beginning_twice_is_an_error,
    a_transaction_of_the_database_has_begun_already,
    the_error_of_a_transaction_is_told_when_it_cannot_be_rolled_back,
    a_failed_commit_of_a_transaction_leaves_nothing_lost,
    a_session_can_be_asked_what_is_open,
    opening_a_savepoint_writes_what_came_before_it,
    a_failed_savepoint_leaves_what_it_did_not_touch,
    a_failed_savepoint_gives_back_what_it_deleted_and_moved,
    a_rollback_undoes_what_released_savepoints_kept_at_any_depth,
    a_rollback_inside_of_savepoints_undoes_everything,
    a_rollback_inside_of_a_savepoint_leaves_no_work_to_it,
    a_connection_goes_back_at_the_end_of_a_transaction,
}

async fn emails(db: &Db) -> Result<Vec<String>> {
    User::query().order_by(User::id.asc()).select(User::email).all(db).await
}

async fn reads_open_no_transaction_and_the_first_write_does(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.commit().await?;
    User::query().all(&session).await?;
    user.orders().await?;
    user.set(User::name, "x");
    assert!(!session.in_transaction());
    session.flush().await?;
    assert!(session.in_transaction());
    session.commit().await?;
    assert!(!session.in_transaction());
    user.set(User::name, "y");
    session.flush().await?;
    session.rollback().await?;
    assert!(!session.in_transaction());
    User::query().all_rows().set(User::credit, 1).update(&session).await?;
    assert!(session.in_transaction());
    session.rollback().await
}

async fn a_locked_read_opens_a_transaction(db: TestDb) -> Result<()> {
    let session = db.session();
    User::query().for_update().all(&session).await?;
    assert!(session.in_transaction());
    session.rollback().await
}

async fn nothing_to_write_sends_nothing_and_begins_nothing(db: TestDb) -> Result<()> {
    let session = db.session();
    session.flush().await?;
    session.commit().await?;
    session.rollback().await?;
    session.rollback().await?;
    assert_eq!((session.statement_count(), session.in_transaction()), (0, false));
    Ok(())
}

async fn a_flush_stays_in_the_open_transaction(db: TestDb) -> Result<()> {
    let session = db.session();
    session.begin(None).await?;
    session.add(User::builder().email("a"));
    session.flush().await?;
    session.add(User::builder().email("b"));
    session.flush().await?;
    assert!(emails(&db).await?.is_empty(), "a flush does not commit");
    session.commit().await?;
    assert_eq!(emails(&db).await?, ["a", "b"]);
    Ok(())
}

async fn a_commit_writes_all_there_is(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.flush().await?;
    user.set(User::name, "x");
    user.orders().push(Order::builder())?;
    user.roles().push(Role::builder().name("r"))?;
    session.commit().await?;
    assert!(!session.has_changes() && !session.in_transaction());
    let stored = User::query().with(User::orders).with(User::roles).one(&*db).await?;
    assert_eq!((stored.name.as_deref(), stored.orders.get()?.len(), stored.roles.get()?.len()), (Some("x"), 1, 1));
    Ok(())
}

async fn beginning_twice_is_an_error(db: TestDb) -> Result<()> {
    let session = db.session();
    session.begin(None).await?;
    let error = session.begin(None).await.expect_err("one is open");
    assert!(error.to_string().contains("commit or roll back first"), "{error}");
    session.add(User::builder().email("a"));
    session.commit().await?;
    session.begin(Some(Isolation::Serializable)).await?;
    session.rollback().await?;
    assert_eq!(emails(&db).await?, ["a"], "the transaction that was open went on");
    Ok(())
}

async fn a_transaction_of_the_database_has_begun_already(db: TestDb) -> Result<()> {
    let open = db
        .transaction(async |session| {
            let open = session.in_transaction();
            assert!(session.begin(None).await.is_err());
            Ok((open, session.savepoint_depth()))
        })
        .await?;
    assert_eq!(open, (true, 0));
    Ok(())
}

async fn the_error_of_a_transaction_is_told_when_it_cannot_be_rolled_back(db: TestDb) -> Result<()> {
    let failed: Result<()> = db
        .transaction(async |session| {
            session.add(User::builder().email("a"));
            session.rollback().await?;
            Err(Error::other("the reason"))
        })
        .await;
    assert_eq!(failed.expect_err("it returned one").to_string(), "the reason");
    Ok(())
}

async fn a_failed_commit_of_a_transaction_leaves_nothing_lost(db: TestDb) -> Result<()> {
    let strict = db.under(|options| options.deny_lost_changes(true)).await?;
    let clash = async |session: &Session| {
        session.add_all(["a", "a"].map(|email| User::builder().email(email)));
        Ok(())
    };
    assert!(strict.transaction(clash).await.expect_err("twice the same").is_unique_violation());
    assert!(strict.transaction_retry(2, clash).await.expect_err("twice the same").is_unique_violation());
    // The caller was told: this does not fail the test.
    drop(strict);
    Ok(())
}

async fn a_session_can_be_asked_what_is_open(db: TestDb) -> Result<()> {
    let session = db.session();
    assert_eq!((session.in_transaction(), session.savepoint_depth()), (false, 0));
    session
        .savepoint(async || {
            assert_eq!((session.in_transaction(), session.savepoint_depth()), (true, 1));
            let inside = session.savepoint(async || Ok::<_, Error>(session.savepoint_depth())).await?;
            assert_eq!((inside, session.savepoint_depth()), (2, 1));
            let failed: Result<()> = session.savepoint(async || Err(Error::other("no"))).await;
            assert_eq!((failed.is_err(), session.savepoint_depth()), (true, 1));
            Ok::<_, Error>(())
        })
        .await?;
    assert_eq!((session.in_transaction(), session.savepoint_depth()), (true, 0));
    session.commit().await?;
    assert!(!session.in_transaction());
    Ok(())
}

async fn opening_a_savepoint_writes_what_came_before_it(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("before"));
    let failed: Result<()> = session
        .savepoint(async || {
            assert_eq!((session.state(user), session.statement_count()), (EntityState::Persistent, 1));
            Err(Error::other("no"))
        })
        .await;
    assert!(failed.is_err());
    session.commit().await?;
    assert_eq!(emails(&db).await?, ["before"], "its rollback did not swallow it");
    Ok(())
}

async fn a_failed_savepoint_leaves_what_it_did_not_touch(db: TestDb) -> Result<()> {
    let session = db.session();
    let (a, b) = (
        session.add(User::builder().email("a").orders([Order::builder()])),
        session.add(User::builder().email("b").orders([Order::builder()])),
    );
    session.flush().await?;
    let failed: Result<()> = session
        .savepoint(async || {
            a.set(User::credit, 1);
            session.flush().await?;
            Err(Error::other("no"))
        })
        .await;
    assert!(failed.is_err());
    let (seen, sent) = statements!(session, {
        let found = session.get_one::<User>(b.id).await?;
        (a.credit, found.credit, a.orders().await?.len(), b.orders().await?.len())
    });
    assert_eq!((seen, sent), ((10, 10, 1, 1), 0));
    session.rollback().await
}

async fn a_failed_savepoint_gives_back_what_it_deleted_and_moved(db: TestDb) -> Result<()> {
    let session = db.session();
    let a = session.add(User::builder().email("a").orders([Order::builder(), Order::builder()]));
    let b = session.add(User::builder().email("b"));
    session.flush().await?;
    let orders: Vec<_> = a.orders().loaded()?.iter().collect();
    let failed: Result<()> = session
        .savepoint(async || {
            session.delete(orders[0]);
            b.orders().push(orders[1])?;
            b.orders().push(Order::builder())?;
            session.flush().await?;
            assert_eq!(session.state(orders[0]), EntityState::Deleted);
            Err(Error::other("no"))
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(session.state(orders[0]), EntityState::Persistent);
    assert_eq!(a.orders().loaded()?.iter().collect::<Vec<_>>(), orders);
    assert!(b.orders().await?.is_empty());
    session.commit().await?;
    assert_eq!(Order::query().filter(Order::user_id.eq(a.id)).count(&*db).await?, 2);
    Ok(())
}

async fn a_rollback_undoes_what_released_savepoints_kept_at_any_depth(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("kept"));
    session.commit().await?;
    let mut added = Vec::new();
    session
        .savepoint(async || {
            user.set(User::credit, 1);
            added.push(session.add(User::builder().email("one")));
            session
                .savepoint(async || {
                    user.set(User::credit, 2);
                    added.push(session.add(User::builder().email("two")));
                    session
                        .savepoint(async || {
                            user.set(User::credit, 3);
                            Ok::<_, Error>(())
                        })
                        .await
                })
                .await
        })
        .await?;
    assert_eq!((user.credit, session.savepoint_depth()), (3, 0));
    session.rollback().await?;
    assert_eq!(user.credit, 10);
    assert!(added.iter().all(|user| session.state(*user) == EntityState::Transient));
    assert_eq!(emails(&db).await?, ["kept"]);
    Ok(())
}

async fn a_rollback_inside_of_savepoints_undoes_everything(db: TestDb) -> Result<()> {
    let session = db.session();
    let first = session.add(User::builder().email("first"));
    let ended: Result<()> = session
        .savepoint(async || {
            session.add(User::builder().email("second"));
            session
                .savepoint(async || {
                    session.add(User::builder().email("third"));
                    session.rollback().await?;
                    assert_eq!((session.in_transaction(), session.savepoint_depth()), (false, 0));
                    Err(Error::other("over"))
                })
                .await
        })
        .await;
    assert_eq!(ended.expect_err("its own").to_string(), "over");
    assert_eq!((session.state(first), session.has_changes()), (EntityState::Transient, false));
    session.add(User::builder().email("after"));
    session.commit().await?;
    assert_eq!(emails(&db).await?, ["after"]);
    Ok(())
}

async fn a_rollback_inside_of_a_savepoint_leaves_no_work_to_it(db: TestDb) -> Result<()> {
    let session = db.session();
    let ended = session
        .savepoint(async || {
            session.rollback().await?;
            session.add(User::builder().email("a"));
            let error = session.flush().await.expect_err("the savepoint is gone");
            assert!(error.to_string().contains("rolled back inside of it"), "{error}");
            Ok(())
        })
        .await;
    let error: Error = ended.expect_err("there was nothing to keep");
    assert!(error.to_string().contains("rolled back inside of it"), "{error}");
    session.commit().await?;
    assert_eq!(emails(&db).await?, ["a"], "outside of the savepoint it is written");
    Ok(())
}

async fn a_connection_goes_back_at_the_end_of_a_transaction(db: TestDb) -> Result<()> {
    let narrow = db.under(|options| options.max_connections(1)).await?;
    let (one, other) = (narrow.session(), narrow.session());
    let blocked = async || {
        let wait = std::time::Duration::from_millis(30);
        tokio::time::timeout(wait, User::query().count(&other)).await.is_err()
    };
    User::query().count(&one).await?;
    assert!(blocked().await, "a session keeps its connection between statements");
    one.commit().await?;
    assert_eq!(User::query().count(&other).await?, 0);
    other.rollback().await?;
    one.add(User::builder().email("a"));
    one.flush().await?;
    assert!(blocked().await);
    drop(one);
    assert_eq!(User::query().count(&other).await?, 0, "what was open was rolled back first");
    Ok(())
}
