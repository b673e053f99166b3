//! What a session flushes before it reads, and what it says when that fails.
use crate::{
    fixtures::{shop_with, users},
    models::*,
};
use orm::{Error, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    a_failed_autoflush_names_its_query_and_the_way_out,
    a_failed_session_tells_its_first_cause_once,
    a_refused_row_is_named_where_its_flush_was_for_a_query,
    autoflush_is_on_again_after_an_error,
    switching_autoflush_off_nests,
    refresh_flushes_the_others_and_drops_its_own,
    lazy_loads_by_one_entity_flush_what_they_read,
}

async fn a_failed_autoflush_names_its_query_and_the_way_out(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    session.add(User::builder().email("u0"));
    let error = users().all(&session).await.expect_err("the email is taken");
    assert!(error.is_unique_violation() && error.entity() == Some("User (new)"), "{error:?}");
    let message = error.to_string();
    for part in ["query of users", "User (new)", "session.no_autoflush"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    session.rollback().await
}

async fn a_failed_session_tells_its_first_cause_once(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    session.add(User::builder().email("u0"));
    let first = session.flush().await.expect_err("the email is taken").to_string();
    for _ in 0..2 {
        let again = users().all(&session).await.expect_err("not before rollback");
        let message = again.to_string();
        assert!(again.is_unique_violation() && message.contains("until `rollback`"), "{message}");
        assert_eq!(message.matches(first.as_str()).count(), 1, "{message}");
        assert!(!message.contains("session flushes"), "it is not this query's doing: {message}");
    }
    session.rollback().await
}

async fn a_refused_row_is_named_where_its_flush_was_for_a_query(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    user.set(User::email, "x".repeat(200));
    let error = users().all(&session).await.expect_err("the email is too long");
    let name = format!("User#{}", user.id);
    assert_eq!(error.entity(), Some(name.as_str()));
    assert!(error.to_string().contains(&name) && error.to_string().contains("users.email"), "{error}");
    assert_eq!(session.statement_count(), 1);
    session.rollback().await
}

async fn autoflush_is_on_again_after_an_error(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("a"));
    let failed: Result<()> = session.no_autoflush(async || Err(Error::other("no"))).await;
    assert!(failed.is_err());
    assert_eq!(User::query().count(&session).await?, 1);
    session.rollback().await
}

async fn switching_autoflush_off_nests(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("a"));
    let counts = session
        .no_autoflush(async || {
            let inner = session.no_autoflush(async || User::query().count(&session).await).await?;
            Ok((inner, User::query().count(&session).await?))
        })
        .await?;
    assert_eq!((counts, User::query().count(&session).await?), ((0, 0), 1));
    session.rollback().await
}

async fn refresh_flushes_the_others_and_drops_its_own(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 0).await?;
    let session = db.session();
    let all = users().all(&session).await?;
    all[0].set(User::name, "lost");
    all[1].set(User::name, "kept");
    session.add(Role::builder().name("along"));
    let (_, sent) = statements!(session, session.refresh(all[0]).await?);
    assert_eq!((all[0].name.as_deref(), all[1].name.as_deref(), sent), (Some("user 0"), Some("kept"), 3));
    assert!(!session.is_modified(all[0]) && !session.is_modified(all[1]));
    assert!(session.added::<Role>().is_empty(), "a flush writes all there is");
    session.commit().await?;
    let stored = users().all(&*db).await?;
    assert_eq!((stored[0].name.as_deref(), stored[1].name.as_deref()), (Some("user 0"), Some("kept")));
    Ok(())
}

async fn lazy_loads_by_one_entity_flush_what_they_read(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    let all = users().all(&session).await?;
    let order = all[0].orders().await?.first().expect("one was added");
    order.set(Order::user_id, all[1].id);
    let (orders, sent) = statements!(session, all[1].orders().await?);
    assert_eq!((orders.len(), orders.contains(order), sent), (2, true, 2));
    session.rollback().await
}
