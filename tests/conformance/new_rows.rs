//! A row that the session inserted has no children but those that it was given: nothing is asked.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    a_row_just_inserted_has_no_children_and_asks_nothing,
    children_of_its_neighbours_are_not_asked_for,
    what_a_new_row_is_given_later_is_known,
    children_written_by_key_are_found,
    a_link_row_of_its_own_is_found,
    rows_written_by_a_query_are_found,
    after_a_commit_others_may_have_written_children,
    what_was_known_stays_known_after_a_commit,
    deleting_a_new_row_asks_nothing,
    a_partner_of_a_new_row_displaces_nobody_and_asks_nothing,
    a_row_that_was_rolled_back_is_new_again,
}

async fn a_row_just_inserted_has_no_children_and_asks_nothing(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.flush().await?;
    let (counts, sent) = statements!(session, {
        (
            user.orders().await?.len(),
            user.roles().await?.len(),
            user.profile().await?.is_none(),
            user.orders().count().await?,
        )
    });
    assert_eq!((counts, sent), ((0, 0, true, 0), 0));
    assert!(user.orders().is_loaded() && user.profile().is_loaded());
    session.rollback().await
}

async fn children_of_its_neighbours_are_not_asked_for(db: TestDb) -> Result<()> {
    let session = db.session();
    let full = session.add(User::builder().email("a").orders([Order::builder()]).roles([Role::builder().name("r")]));
    let empty = session.add(User::builder().email("b"));
    session.flush().await?;
    let (counts, sent) = statements!(session, {
        (full.orders().await?.len(), empty.orders().await?.len(), full.roles().await?.len(), empty.roles().await?.len())
    });
    assert_eq!((counts, sent), ((1, 0, 1, 0), 0));
    session.rollback().await
}

async fn what_a_new_row_is_given_later_is_known(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.flush().await?;
    let order = user.orders().push(Order::builder())?;
    let role = session.add(Role::builder().name("r"));
    role.users().push(user)?;
    let (_, sent) = statements!(session, session.flush().await?);
    assert_eq!(sent, 3);
    let (known, sent) = statements!(session, (user.orders().await?.first(), user.roles().await?.first()));
    assert_eq!((known, sent), ((Some(order), Some(role)), 0));
    session.rollback().await
}

async fn children_written_by_key_are_found(db: TestDb) -> Result<()> {
    let session = db.session();
    let (a, b) = (session.add(User::builder().email("a")), session.add(User::builder().email("b")));
    session.flush().await?;
    let order = session.add(Order::builder().user_id(a.id));
    session.flush().await?;
    assert_eq!(a.orders().await?.first(), Some(order));
    assert!(b.orders().await?.is_empty());
    session.rollback().await
}

async fn a_link_row_of_its_own_is_found(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    let role = session.add(Role::builder().name("r"));
    session.add(UserRole::builder().user(user).role(role));
    session.flush().await?;
    assert_eq!(user.roles().await?.first(), Some(role));
    assert_eq!(role.users().await?.first(), Some(user));
    session.rollback().await
}

async fn rows_written_by_a_query_are_found(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(User::builder().email("old").orders([Order::builder()]));
    writing.commit().await?;
    let session = db.session();
    let user = session.add(User::builder().email("new"));
    session.flush().await?;
    Order::query().all_rows().set(Order::user_id, user.id).update(&session).await?;
    assert_eq!(user.orders().await?.len(), 1);
    session.rollback().await
}

async fn after_a_commit_others_may_have_written_children(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.commit().await?;
    let other = db.session();
    other.add(Order::builder().user_id(user.id));
    other.commit().await?;
    let (orders, sent) = statements!(session, user.orders().await?);
    assert_eq!((orders.len(), sent), (1, 1));
    Ok(())
}

async fn what_was_known_stays_known_after_a_commit(db: TestDb) -> Result<()> {
    let session = db.session();
    let awaited = session.add(User::builder().email("a"));
    session.flush().await?;
    awaited.orders().await?;
    session.commit().await?;
    let (orders, sent) = statements!(session, awaited.orders().await?);
    assert_eq!((orders.len(), sent, awaited.orders().is_loaded()), (0, 0, true));
    let queried = session.add(User::builder().email("b"));
    session.flush().await?;
    User::query().filter(User::email.eq("b")).with(User::orders).one(&session).await?;
    session.commit().await?;
    assert!(queried.orders().loaded()?.is_empty());
    Ok(())
}

async fn deleting_a_new_row_asks_nothing(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.flush().await?;
    session.delete(user);
    let (_, sent) = statements!(session, session.flush().await?);
    assert_eq!(sent, 2, "its links and itself");
    session.commit().await?;
    assert_eq!(User::query().count(&*db).await?, 0);
    Ok(())
}

async fn a_partner_of_a_new_row_displaces_nobody_and_asks_nothing(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.flush().await?;
    let profile = user.profile().set(UserProfile::builder().bio("b"))?;
    let (_, sent) = statements!(session, session.flush().await?);
    assert_eq!((user.profile().loaded()?, sent), (profile, 1));
    session.rollback().await
}

async fn a_row_that_was_rolled_back_is_new_again(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.flush().await?;
    user.orders().push(Order::builder())?;
    session.flush().await?;
    session.rollback().await?;
    session.add(user);
    session.flush().await?;
    let (orders, sent) = statements!(session, user.orders().await?);
    assert_eq!((orders.len(), sent), (0, 0));
    session.rollback().await
}
