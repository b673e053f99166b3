//! A database for one test: sessions commit and roll back as ever, and nothing of it is kept.
use crate::models::*;
use orm::{Error, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    shop:
    what_sessions_of_a_test_commit_is_seen_until_its_end,
    sessions_of_a_test_roll_back_only_themselves,
}

async fn emails(db: &Db) -> Result<Vec<String>> {
    User::query().order_by(User::id.asc()).select(User::email).all(db).await
}

async fn add(session: &Session, email: &str) -> Result<()> {
    session.add(User::builder().email(email));
    session.flush().await
}

async fn what_sessions_of_a_test_commit_is_seen_until_its_end(db: TestDb) -> Result<()> {
    let test = db.test().await?;
    test.transaction(async |session| add(session, "a").await).await?;
    let session = test.session();
    assert_eq!(User::query().one(&session).await?.email, "a");
    add(&session, "b").await?;
    session.commit().await?;
    assert!(!session.in_transaction());
    assert_eq!(emails(&test).await?, ["a", "b"]);
    assert!(emails(&db).await?.is_empty(), "the outer transaction is not committed");
    drop((session, test));
    assert!(emails(&db).await?.is_empty());
    Ok(())
}

async fn sessions_of_a_test_roll_back_only_themselves(db: TestDb) -> Result<()> {
    let test = db.test().await?;
    test.transaction(async |session| add(session, "kept").await).await?;
    let failed: Result<()> = test
        .transaction(async |session| {
            add(session, "lost").await?;
            Err(Error::other("no"))
        })
        .await;
    assert!(failed.is_err());
    let session = test.session();
    add(&session, "first").await?;
    let inner: Result<()> = session
        .savepoint(async || {
            add(&session, "inner").await?;
            Err(Error::other("no"))
        })
        .await;
    assert!(inner.is_err());
    session.commit().await?;
    let clash = session.add(User::builder().email("kept"));
    assert!(session.commit().await.expect_err("the email is taken").is_unique_violation());
    session.rollback().await?;
    assert!(!session.contains(clash));
    drop(session);
    assert_eq!(emails(&test).await?, ["kept", "first"]);
    drop(test);
    assert!(emails(&db).await?.is_empty());
    Ok(())
}
