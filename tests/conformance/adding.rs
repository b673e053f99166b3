//! What `add` and relationships take besides new rows: entities again, and entities of other sessions.
use crate::{fixtures::shop_with, models::*};
use orm::{EntityState, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    a_key_read_before_the_flush_is_told,
    adding_an_entity_of_the_session_changes_nothing,
    an_expunged_entity_is_added_again_with_what_it_held,
    an_expunged_row_is_part_of_the_session_again,
    an_expunged_row_that_was_read_again_is_not_added,
    what_an_entity_holds_is_added_again_with_it,
    a_rolled_back_expunge_never_happened,
    a_deletion_is_cancelled_by_adding,
    a_deleted_entity_cannot_be_added_again,
    an_entity_of_another_session_cannot_be_added,
    values_builders_and_entities_are_added_alike,
    a_row_added_by_key_shows_in_a_known_collection,
    a_stored_entity_of_another_session_is_its_key_in_a_builder,
    a_pending_entity_of_another_session_is_recorded,
    a_handle_of_another_session_is_recorded,
    calls_that_can_fail_refuse_strangers_at_once,
    deleting_a_stranger_is_recorded,
    links_to_strangers_are_made_by_key,
}

async fn a_key_read_before_the_flush_is_told(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    assert!(user.key().expect_err("it is pending").to_string().contains("before it is flushed"));
    session.add(Order::builder().user_id(user.id));
    let error = session.flush().await.expect_err("the key is 0");
    let message = error.to_string();
    assert!(message.contains("orders.user_id") && message.contains("use .user(user)"), "{message}");
    assert_eq!(session.statement_count(), 0);
    session.rollback().await
}

async fn adding_an_entity_of_the_session_changes_nothing(db: TestDb) -> Result<()> {
    let session = db.session();
    let (first, second) = (session.add(User::builder().email("a")), session.add(User::builder().email("b")));
    assert_eq!(session.add(first), first);
    assert_eq!(session.added::<User>(), [first, second], "it keeps its place");
    session.commit().await?;
    session.add(first);
    assert!(!session.has_changes());
    Ok(())
}

async fn an_expunged_entity_is_added_again_with_what_it_held(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a").orders([Order::builder()]));
    session.expunge(user);
    assert_eq!(session.state(user), EntityState::Transient);
    assert_eq!(session.add_all([user]), [user]);
    session.commit().await?;
    let stored = User::query().with(User::orders).one(&*db).await?;
    assert_eq!((stored.email.as_str(), stored.orders.get()?.len()), ("a", 1));
    Ok(())
}

async fn an_expunged_row_is_part_of_the_session_again(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    user.set(User::credit, 1);
    session.expunge(user);
    user.set(User::name, "changed outside");
    session.commit().await?;
    session.add(user);
    assert_eq!((session.state(user), session.get_one::<User>(1).await?), (EntityState::Persistent, user));
    assert_eq!(session.plan()?.to_string(), "update users ×1 (name, credit) [1]");
    session.commit().await?;
    let stored = User::query().one(&*db).await?;
    assert_eq!((stored.name.as_deref(), stored.credit), (Some("changed outside"), 1));
    Ok(())
}

async fn an_expunged_row_that_was_read_again_is_not_added(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    session.expunge(user);
    assert_ne!(session.get_one::<User>(1).await?, user);
    session.add(user);
    let error = session.flush().await.expect_err("two entities would be one row");
    assert!(error.to_string().contains("read User#1 anew"), "{error}");
    session.rollback().await
}

async fn what_an_entity_holds_is_added_again_with_it(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a").profile(UserProfile::builder().bio("b")));
    session.expunge(user);
    assert!(session.added::<UserProfile>().is_empty(), "the profile goes along");
    session.add(user);
    session.commit().await?;
    let stored = User::query().with(User::profile).one(&*db).await?;
    assert_eq!(stored.profile.get()?.map(|profile| profile.bio.as_str()), Some("b"));
    Ok(())
}

async fn a_rolled_back_expunge_never_happened(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.flush().await?;
    session.expunge(user);
    session.rollback().await?;
    session.add(user);
    session.commit().await?;
    assert_eq!((User::query().count(&*db).await?, session.state(user)), (1, EntityState::Persistent));
    Ok(())
}

async fn a_deletion_is_cancelled_by_adding(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let order = Order::query().with(Order::items).one(&session).await?;
    session.delete(order);
    assert_eq!(session.add(order), order);
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, order.items().loaded()?.len(), session.state(order)), (0, 2, EntityState::Persistent));
    Ok(())
}

async fn a_deleted_entity_cannot_be_added_again(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    session.delete(user);
    session.flush().await?;
    assert_eq!((session.add(user), session.state(user)), (user, EntityState::Deleted));
    let error = session.flush().await.expect_err("its row is gone");
    assert!(
        error.is_deleted() && error.to_string().contains("User#1 was deleted, and cannot be added again"),
        "{error}"
    );
    session.rollback().await?;
    assert_eq!(session.state(user), EntityState::Persistent, "the deletion was rolled back");
    Ok(())
}

async fn an_entity_of_another_session_cannot_be_added(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let (session, other) = (db.session(), db.session());
    let stranger = other.get_one::<User>(1).await?;
    let copy = session.add(stranger);
    assert_eq!((session.state(copy), copy.email.as_str()), (EntityState::Transient, "u0"));
    let error = session.flush().await.expect_err("recorded");
    assert!(error.is_wrong_session() && error.to_string().contains("`session.add` was given User#1"), "{error}");
    session.rollback().await?;
    assert_eq!(session.merge(stranger.to_value()).await?.email, "u0");
    Ok(())
}

async fn values_builders_and_entities_are_added_alike(db: TestDb) -> Result<()> {
    fn added<'s, A: orm::IntoEntity<Model = User>>(session: &'s Session, user: A) -> Entity<'s, User> {
        session.add(user)
    }
    let session = db.session();
    let by_builder = added(&session, User::builder().email("a"));
    let by_value = added(&session, User::builder().email("b").build());
    session.expunge(by_value);
    assert_eq!(added(&session, by_value), by_value);
    session.commit().await?;
    assert!(by_builder.id > 0 && by_value.id > 0);
    Ok(())
}

async fn a_row_added_by_key_shows_in_a_known_collection(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = User::query().with(User::orders).one(&session).await?;
    let order = session.add(Order::builder().user_id(user.id));
    assert!(user.orders().contains(order)?);
    session.commit().await?;
    assert_eq!(user.orders().loaded()?.len(), 2);
    session.add(Order::builder().user_id(user.id));
    session.rollback().await?;
    assert_eq!(user.orders().loaded()?.len(), 2);
    Ok(())
}

async fn a_stored_entity_of_another_session_is_its_key_in_a_builder(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let (session, other) = (db.session(), db.session());
    let (user, product) = (other.get_one::<User>(1).await?, other.get_one::<Product>(2).await?);
    let order = session.add(Order::builder().user(user).items([OrderItem::builder().product(product)]));
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, order.user_id), (2, 1), "nothing is read for it");
    assert_eq!(order.user().await?.key()?, 1);
    let item = other.get_one::<OrderItem>(1).await?;
    let taken = session.add(Order::builder().user_id(1).items([item]));
    session.commit().await?;
    assert_eq!(taken.items().await?.first().map(|item| item.id), Some(1));
    Ok(())
}

async fn a_pending_entity_of_another_session_is_recorded(db: TestDb) -> Result<()> {
    let (session, other) = (db.session(), db.session());
    let stranger = other.add(User::builder().email("a"));
    session.add(Order::builder().user(stranger));
    let error = session.flush().await.expect_err("recorded");
    let message = error.to_string();
    assert!(error.is_wrong_session(), "{message}");
    assert!(
        message.contains("Order::user of Order (new)") && message.contains("the User of another session"),
        "{message}"
    );
    assert_eq!(session.statement_count(), 0);
    session.rollback().await?;
    other.commit().await?;
    let order = session.add(Order::builder().user(stranger));
    session.commit().await?;
    assert_eq!(order.user_id, stranger.id);
    Ok(())
}

async fn a_handle_of_another_session_is_recorded(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let (session, other) = (db.session(), db.session());
    let handle = other.get_one::<User>(1).await?.handle();
    session.add(Order::builder().user(handle));
    let error = session.flush().await.expect_err("a handle has no key");
    assert!(error.is_wrong_session() && error.to_string().contains("not its handle"), "{error}");
    session.rollback().await?;
    let own = session.get_one::<User>(1).await?.handle();
    session.add(Order::builder().user(own));
    session.commit().await
}

async fn calls_that_can_fail_refuse_strangers_at_once(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let (session, other) = (db.session(), db.session());
    let (user, order) = (session.get_one::<User>(1).await?, session.get_one::<Order>(1).await?);
    session.get_one::<User>(2).await?;
    let (stranger, strange_order) = (other.get_one::<User>(2).await?, other.get_one::<Order>(2).await?);
    assert!(user.orders().push(strange_order).expect_err("a stranger").is_wrong_session());
    assert!(order.user().set(stranger).expect_err("a stranger").is_wrong_session());
    assert!(order.user().set(stranger.handle()).expect_err("a stranger").is_wrong_session());
    let role = other.add(Role::builder().name("r"));
    assert!(user.roles().set([role]).await.expect_err("a stranger").is_wrong_session());
    assert!(user.roles().remove(role).expect_err("a stranger").is_wrong_session());
    assert!(session.refresh(stranger).await.expect_err("a stranger").is_wrong_session());
    assert!(session.entity(stranger.handle()).expect_err("a stranger").is_wrong_session());
    assert!(!session.has_changes());
    Ok(())
}

async fn deleting_a_stranger_is_recorded(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let (session, other) = (db.session(), db.session());
    session.delete(other.get_one::<User>(1).await?);
    let error = session.flush().await.expect_err("recorded");
    assert!(error.is_wrong_session() && error.to_string().contains("`session.delete` was given User#1"), "{error}");
    session.rollback().await?;
    assert_eq!(User::query().count(&*db).await?, 1);
    Ok(())
}

async fn links_to_strangers_are_made_by_key(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Role::builder().name("r"));
    writing.commit().await?;
    let (session, other) = (db.session(), db.session());
    let role = other.get_one::<Role>(1).await?;
    let user = session.add(User::builder().email("a").roles([role]));
    session.commit().await?;
    assert_eq!(user.roles().query().count(&session).await?, 1);
    Ok(())
}
