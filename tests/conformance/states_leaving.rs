//! Entities that leave their session and come back: expunged, rolled back, deleted, added again.
use crate::{
    fixtures::{shop_with, users},
    models::*,
};
use orm::{EntityState, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    adding_again_changes_nothing_and_keeps_the_order,
    an_expunged_new_entity_is_transient_and_keeps_its_values,
    a_rolled_back_entity_is_added_again_as_a_new_row,
    an_expunged_entity_is_added_again_without_a_statement,
    changes_made_while_expunged_are_written_after_it_is_added_again,
    an_expunged_entity_is_deleted_as_the_row_that_it_was,
    an_expunged_entity_does_not_come_back_beside_another_of_its_row,
    a_rollback_does_not_bring_expunged_entities_back,
    deleting_what_was_never_written_is_an_error_that_says_so,
    an_entity_marked_for_deletion_is_still_found,
    a_deletion_that_is_taken_back_is_no_statement,
    a_deleted_entity_cannot_be_added_again,
    a_copy_of_a_deleted_entity_is_a_new_row,
    changing_an_entity_outside_of_the_session_is_nobodys_work,
    an_entity_is_modified_while_it_differs_from_its_row,
    rollback_revives_what_a_cascade_deleted,
}

on_every_database! {
    records:
    a_column_set_on_a_transient_entity_is_written,
}

async fn adding_again_changes_nothing_and_keeps_the_order(db: TestDb) -> Result<()> {
    let session = db.session();
    let (a, b) = (session.add(User::builder().email("a")), session.add(User::builder().email("b")));
    assert_eq!((session.add(a), session.statement_count()), (a, 0));
    assert_eq!(session.added::<User>(), [a, b]);
    session.commit().await?;
    assert!(a.id < b.id);
    assert_eq!((session.add(a), session.has_changes()), (a, false));
    assert_eq!(User::query().count(&*db).await?, 2);
    Ok(())
}

async fn an_expunged_new_entity_is_transient_and_keeps_its_values(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a").name("Ann"));
    session.expunge(user);
    assert_eq!(
        (session.state(user), user.email.as_str(), user.name.as_deref()),
        (EntityState::Transient, "a", Some("Ann"))
    );
    assert!(!session.has_changes() && session.added::<User>().is_empty());
    session.add(user);
    assert_eq!(session.state(user), EntityState::Pending);
    session.commit().await?;
    assert_eq!(User::query().one(&*db).await?.name.as_deref(), Some("Ann"));
    Ok(())
}

async fn a_rolled_back_entity_is_added_again_as_a_new_row(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a").orders([Order::builder()]));
    session.flush().await?;
    session.rollback().await?;
    assert_eq!((session.state(user), user.id, user.credit), (EntityState::Transient, 0, 10));
    user.set(User::email, "b");
    assert!(!session.has_changes());
    assert_eq!(session.add(user), user);
    session.commit().await?;
    let stored = User::query().one(&*db).await?;
    assert_eq!((stored.id, stored.email.as_str()), (user.id, "b"));
    Ok(())
}

async fn an_expunged_entity_is_added_again_without_a_statement(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().with(User::orders).one(&session).await?;
    session.expunge(user);
    assert_eq!(session.state(user), EntityState::Transient);
    let before = session.statement_count();
    session.add(user);
    assert_eq!(session.state(user), EntityState::Persistent);
    assert_eq!(session.get_one::<User>(user.id).await?, user);
    assert_eq!(user.orders().await?.len(), 1);
    session.commit().await?;
    assert_eq!(session.statement_count(), before);
    Ok(())
}

async fn changes_made_while_expunged_are_written_after_it_is_added_again(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    user.set(User::credit, 1);
    session.expunge(user);
    user.set(User::name, "out");
    session.commit().await?;
    assert_eq!(users().one(&*db).await?.credit, 10, "nobody's work");
    session.add(user);
    assert!(session.is_modified(user));
    let (_, sent) = statements!(session, session.commit().await?);
    let stored = users().one(&*db).await?;
    assert_eq!((stored.credit, stored.name.as_deref(), sent), (1, Some("out"), 1));
    Ok(())
}

async fn an_expunged_entity_is_deleted_as_the_row_that_it_was(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    session.expunge(user);
    session.delete(user);
    session.commit().await?;
    assert_eq!(session.state(user), EntityState::Deleted);
    assert_eq!(User::query().count(&*db).await?, 0);
    Ok(())
}

async fn an_expunged_entity_does_not_come_back_beside_another_of_its_row(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let first = users().one(&session).await?;
    session.expunge(first);
    let second = session.get_one::<User>(first.id).await?;
    assert_ne!(first, second);
    session.add(first);
    let error = session.flush().await.expect_err("two entities of one row");
    assert!(error.to_string().contains(&format!("User#{}", first.id)), "{error}");
    session.rollback().await?;
    assert_eq!((session.state(first), session.state(second)), (EntityState::Transient, EntityState::Persistent));
    Ok(())
}

async fn a_rollback_does_not_bring_expunged_entities_back(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    session.expunge(user);
    session.rollback().await?;
    assert_eq!(session.state(user), EntityState::Transient);
    user.set(User::credit, 1);
    session.commit().await?;
    session.add(user);
    session.rollback().await?;
    assert_eq!((session.state(user), user.credit), (EntityState::Persistent, 10));
    user.set(User::credit, 2);
    session.flush().await?;
    session.expunge(user);
    session.rollback().await?;
    session.add(user);
    assert_eq!((user.credit, session.is_modified(user)), (10, false));
    user.set(User::credit, 3);
    session.expunge(user);
    session.commit().await?;
    user.set(User::credit, 4);
    session.rollback().await?;
    session.add(user);
    assert_eq!((user.credit, session.is_modified(user)), (4, true), "what was never written is still to be written");
    session.refresh(user).await?;
    assert_eq!(user.credit, 10);
    let (found, sent) = statements!(session, session.get::<User>(user.id).await?);
    assert_eq!((found, sent), (Some(user), 0));
    let added = session.add(User::builder().email("b"));
    session.flush().await?;
    session.expunge(added);
    session.rollback().await?;
    session.add(added);
    assert_eq!(session.state(added), EntityState::Pending, "its row went with the rollback");
    session.rollback().await
}

async fn deleting_what_was_never_written_is_an_error_that_says_so(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.delete(user);
    let error = session.flush().await.expect_err("there is nothing to delete");
    assert!(error.to_string().contains("User") && error.to_string().contains("session.expunge"), "{error}");
    assert_eq!(session.statement_count(), 0);
    session.rollback().await
}

async fn an_entity_marked_for_deletion_is_still_found(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    session.delete(user);
    let (found, sent) = statements!(session, session.get::<User>(user.id).await?);
    assert_eq!((found, sent, session.state(user)), (Some(user), 0, EntityState::Persistent));
    session.flush().await?;
    let (found, sent) = statements!(session, session.get::<User>(user.id).await?);
    assert_eq!((found, sent, session.state(user)), (None, 1, EntityState::Deleted));
    session.rollback().await
}

async fn a_deletion_that_is_taken_back_is_no_statement(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().with(User::orders).one(&session).await?;
    let order = user.orders().loaded()?.first().expect("one was added");
    session.delete(order);
    assert!(user.orders().loaded()?.is_empty());
    session.add(order);
    assert_eq!((user.orders().loaded()?.first(), session.deleted::<Order>()), (Some(order), vec![]));
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 0);
    Ok(())
}

async fn a_deleted_entity_cannot_be_added_again(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    session.delete(user);
    session.commit().await?;
    session.add(user);
    let error = session.flush().await.expect_err("it is deleted");
    assert!(error.to_string().contains("add a new value"), "{error}");
    session.rollback().await
}

async fn a_copy_of_a_deleted_entity_is_a_new_row(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    session.delete(user);
    session.flush().await?;
    let copy = session.add(User { id: 0, ..user.to_value() });
    session.commit().await?;
    assert_eq!((copy.email.as_str(), session.state(copy)), ("u0", EntityState::Persistent));
    assert_ne!(copy.id, user.id);
    Ok(())
}

async fn changing_an_entity_outside_of_the_session_is_nobodys_work(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.rollback().await?;
    user.set(User::name, "x");
    assert!(!session.has_changes() && !session.is_modified(user) && session.modified::<User>().is_empty());
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, user.name.as_deref()), (0, Some("x")));
    Ok(())
}

async fn an_entity_is_modified_while_it_differs_from_its_row(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().with(User::orders).one(&session).await?;
    let order = user.orders().loaded()?.first().expect("one was added");
    user.set(User::credit, 10);
    assert!(!session.is_modified(user), "the value that it had");
    user.set(User::credit, 11);
    assert!(session.is_modified(user));
    user.set(User::credit, 10);
    assert!(!session.is_modified(user) && session.modified::<User>().is_empty());
    user.roles().push(Role::builder().name("r"))?;
    assert!(!session.is_modified(user), "a link is no column");
    order.user().set(User::builder().email("new"))?;
    assert!(session.is_modified(order), "its key will be that of a row that is not written yet");
    assert_eq!(session.modified::<Order>(), [order]);
    session.commit().await?;
    assert!(!session.is_modified(order));
    session.delete(order);
    session.commit().await?;
    assert!(!session.is_modified(order));
    Ok(())
}

async fn rollback_revives_what_a_cascade_deleted(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 2).await?;
    let session = db.session();
    let orders = Order::query().with(Order::items).order_by(Order::id.asc()).all(&session).await?;
    let items: Vec<_> = orders.iter().flat_map(|order| order.items().loaded()).flatten().collect();
    session.delete(orders[0]);
    orders[1].items().remove(items[2])?;
    session.flush().await?;
    let states: Vec<EntityState> = items.iter().map(|item| session.state(*item)).collect();
    let (deleted, kept) = (EntityState::Deleted, EntityState::Persistent);
    assert_eq!(states, [deleted, deleted, deleted, kept], "by cascade, and as an orphan");
    session.rollback().await?;
    assert!(items.iter().all(|item| session.state(*item) == EntityState::Persistent));
    assert_eq!(orders[0].items().loaded()?.iter().collect::<Vec<_>>(), items[..2]);
    assert_eq!(orders[1].items().loaded()?.iter().collect::<Vec<_>>(), items[2..]);
    session.commit().await?;
    assert_eq!(OrderItem::query().count(&*db).await?, 4);
    Ok(())
}

async fn a_column_set_on_a_transient_entity_is_written(db: TestDb) -> Result<()> {
    let session = db.session();
    let setting = session.add(Setting::builder());
    session.flush().await?;
    assert_eq!((setting.size, setting.weight), (7, Some(8)));
    session.rollback().await?;
    setting.set(Setting::size, 70);
    session.add(setting);
    session.commit().await?;
    let stored = Setting::query().one(&*db).await?;
    assert_eq!((stored.size, stored.weight, setting.weight), (70, Some(8), Some(8)));
    Ok(())
}
