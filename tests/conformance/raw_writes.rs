//! Statements of the user's own that write and give rows, and queries that lock.
use crate::{fixtures::shop_with, models::*};
use orm::{EntityState, Lock, Result, prelude::*, sql};
use orm_test_support::{Database, TestDb, on_every_database};

on_every_database! {
    shop:
    a_raw_insert_that_returns_is_part_of_the_transaction,
    a_raw_write_that_returns_entities_is_undone_with_them,
    a_raw_write_by_values_is_part_of_the_transaction,
    a_raw_write_that_returns_does_not_leave_a_savepoint,
    a_collection_of_a_new_row_is_read_after_a_raw_write_that_returns,
    a_raw_query_that_locks_begins_the_transaction,
    columns_are_read_under_a_lock,
    what_has_no_rows_of_its_own_is_not_locked,
}

fn insert(email: &str) -> orm::Sql {
    sql("INSERT INTO users (email, credit) VALUES (?, 0) RETURNING *").bind(email)
}

async fn users(db: &TestDb) -> Result<u64> {
    User::query().count(&**db).await
}

async fn a_raw_insert_that_returns_is_part_of_the_transaction(db: TestDb) -> Result<()> {
    let session = db.session();
    let id: i64 = sql("INSERT INTO users (email, credit) VALUES (?, 1) RETURNING id").bind("a").one(&session).await?;
    assert!(session.in_transaction());
    assert_eq!(session.get_one::<User>(id).await?.email, "a");
    session.rollback().await?;
    assert_eq!(users(&db).await?, 0);
    let _: i64 = sql("INSERT INTO users (email, credit) VALUES (?, 1) RETURNING id").bind("a").one(&session).await?;
    session.commit().await?;
    assert_eq!(users(&db).await?, 1);
    Ok(())
}

async fn a_raw_write_that_returns_entities_is_undone_with_them(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = insert("a").entities::<User>(&session).await?[0];
    user.set(User::credit, 5);
    session.flush().await?;
    session.rollback().await?;
    assert_eq!((users(&db).await?, session.get::<User>(user.id).await?), (0, None));
    let user = insert("b").entities::<User>(&session).await?[0];
    session.commit().await?;
    assert_eq!((users(&db).await?, session.state(user)), (1, EntityState::Persistent));
    Ok(())
}

async fn a_raw_write_by_values_is_part_of_the_transaction(db: TestDb) -> Result<()> {
    let session = db.session();
    assert_eq!(insert("a").values::<User>(session.values()).await?.len(), 1);
    assert!(session.in_transaction());
    session.rollback().await?;
    assert_eq!(users(&db).await?, 0);
    assert_eq!(insert("a").values::<User>(&*db).await?.len(), 1);
    assert_eq!(users(&db).await?, 1, "a database by itself commits each statement");
    Ok(())
}

async fn a_raw_write_that_returns_does_not_leave_a_savepoint(db: TestDb) -> Result<()> {
    let session = db.session();
    let tried: Result<()> = session
        .savepoint(async || {
            insert("a").entities::<User>(&session).await?;
            Err(orm::Error::other("undo"))
        })
        .await;
    assert!(tried.is_err());
    insert("b").entities::<User>(&session).await?;
    session.commit().await?;
    assert_eq!(User::query().select(User::email).all(&*db).await?, ["b"]);
    Ok(())
}

async fn a_collection_of_a_new_row_is_read_after_a_raw_write_that_returns(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.flush().await?;
    let order = "INSERT INTO orders (user_id, status) VALUES (?, 'raw') RETURNING id";
    let _: i64 = sql(order).bind(user.id).one(&session).await?;
    assert_eq!(user.orders().await?.len(), 1, "nobody knows what a statement wrote");
    session.rollback().await
}

async fn a_raw_query_that_locks_begins_the_transaction(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let lock = if db.is(Database::Sqlite) { "" } else { " FOR UPDATE" };
    sql(format!("SELECT * FROM users{lock}")).entities::<User>(&session).await?;
    assert_eq!(session.in_transaction(), !lock.is_empty());
    session.rollback().await
}

async fn columns_are_read_under_a_lock(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let emails = User::query().for_update().select(User::email).all(&session).await?;
    assert_eq!((emails.len(), session.in_transaction()), (1, true));
    session.rollback().await?;
    let emails = User::query().for_update().select(User::email).all(session.values()).await?;
    assert_eq!((emails.len(), session.in_transaction()), (1, true));
    let taken = User::query().lock(Lock::UpdateSkipLocked).select(User::email).all(&*db).await?;
    assert_eq!(taken.len(), usize::from(db.is(Database::Sqlite)), "the row is locked where rows can be");
    session.rollback().await
}

async fn what_has_no_rows_of_its_own_is_not_locked(db: TestDb) -> Result<()> {
    let session = db.session();
    let locked = || Order::query().for_update();
    for error in [
        locked().select(Order::status).distinct().all(&session).await.map(drop),
        locked().select(Order::status).group_by(Order::status).all(&session).await.map(drop),
        locked().select(Order::id.max()).all(&session).await.map(drop),
        locked().select(orm::count()).all(&session).await.map(drop),
    ] {
        let error = error.expect_err("it cannot be locked");
        assert!(error.to_string().contains("cannot lock"), "{error}");
    }
    assert_eq!(session.statement_count(), 0);
    Ok(())
}
