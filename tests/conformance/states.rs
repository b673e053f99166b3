//! Identity, and the states of an entity from `add` to the end of its transaction.
use crate::models::*;
use orm::{EntityState, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    shop:
    one_row_is_one_entity_however_it_was_reached,
    a_row_asked_for_in_vain_is_one_entity_when_it_appears,
    memory_answers_get_without_a_statement,
    get_one_of_a_missing_row_is_not_found,
    get_many_keeps_the_order_and_asks_only_for_what_is_missing,
    states_go_from_pending_over_persistent_to_deleted,
    rollback_makes_an_added_entity_transient_and_unsets_its_key,
    a_transient_entity_can_be_added_again,
    rollback_gives_every_entity_its_previous_state,
    rollback_undoes_what_was_never_flushed,
    rollback_restores_relationships_on_both_sides,
    a_row_first_read_in_a_transaction_that_rolled_back_is_asked_for_again,
    a_deleted_entity_stays_readable_and_refuses_relationships,
    changing_a_deleted_entity_makes_the_flush_fail,
    an_entity_of_another_session_is_refused,
    a_stored_entity_of_another_session_is_used_by_its_key,
    an_expunged_entity_is_not_written,
    the_deletion_of_an_entity_can_be_taken_back,
    refresh_discards_changes_and_reads_the_row,
    values_are_read_inside_the_transaction,
}

async fn two_users(db: &TestDb) -> Result<()> {
    let session = db.session();
    session.add_all([User::builder().email("a"), User::builder().email("b")]);
    session.commit().await
}

async fn one_row_is_one_entity_however_it_was_reached(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(User::builder().email("a").orders([Order::builder()]));
    writing.commit().await?;
    let session = db.session();
    let order = Order::query().with(Order::user.joined()).one(&session).await?;
    let joined = order.user().loaded()?;
    let user = session.get_one::<User>(joined.id).await?;
    assert_eq!(joined, user);
    assert_eq!(User::query().one(&session).await?, user);
    assert_eq!(user.orders().await?.into_iter().next(), Some(order));
    assert_eq!(order.user().await?, user);
    assert!(!std::ptr::eq(user.value(), writing.get_one::<User>(user.id).await?.value()));
    Ok(())
}

async fn a_row_asked_for_in_vain_is_one_entity_when_it_appears(db: TestDb) -> Result<()> {
    let session = db.session();
    assert!(session.get::<User>(1).await?.is_none());
    two_users(&db).await?;
    let user = session.get_one::<User>(1).await?;
    assert_eq!(User::query().order_by(User::id.asc()).all(&session).await?[0], user);
    assert_eq!(session.get_one::<User>(1).await?, user);
    Ok(())
}

async fn memory_answers_get_without_a_statement(db: TestDb) -> Result<()> {
    two_users(&db).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    assert_eq!(session.statement_count(), 1);
    assert_eq!(session.get::<User>(1).await?, Some(user));
    session.commit().await?;
    assert_eq!(session.get_one::<User>(1).await?, user);
    assert_eq!(session.statement_count(), 1);
    Ok(())
}

async fn get_one_of_a_missing_row_is_not_found(db: TestDb) -> Result<()> {
    let error = db.session().get_one::<User>(7).await.expect_err("there is none");
    assert!(error.is_not_found(), "{error}");
    assert!(error.to_string().contains("User") && error.to_string().contains('7'), "{error}");
    Ok(())
}

async fn get_many_keeps_the_order_and_asks_only_for_what_is_missing(db: TestDb) -> Result<()> {
    two_users(&db).await?;
    let session = db.session();
    let first = session.get_one::<User>(1).await?;
    let found = session.get_many::<User, _>([2, 9, 1]).await?;
    let keys: Vec<Option<i64>> = found.iter().map(|user| user.map(|user| user.id)).collect();
    assert_eq!((keys, session.statement_count()), (vec![Some(2), None, Some(1)], 2));
    assert_eq!(found[2], Some(first));
    session.get_many::<User, _>([1, 2]).await?;
    assert_eq!(session.statement_count(), 2);
    Ok(())
}

async fn states_go_from_pending_over_persistent_to_deleted(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    assert_eq!(session.state(user), EntityState::Pending);
    assert!(user.key().is_err());
    session.flush().await?;
    assert_eq!((session.state(user), user.key()?), (EntityState::Persistent, user.id));
    session.delete(user);
    assert_eq!(session.state(user), EntityState::Persistent);
    session.flush().await?;
    assert_eq!(session.state(user), EntityState::Deleted);
    session.commit().await?;
    assert_eq!(session.state(user), EntityState::Deleted);
    assert!(session.get::<User>(user.id).await?.is_none());
    Ok(())
}

async fn rollback_makes_an_added_entity_transient_and_unsets_its_key(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.flush().await?;
    let key = user.id;
    session.rollback().await?;
    assert_eq!((session.state(user), user.id, user.email.as_str()), (EntityState::Transient, 0, "a"));
    assert!(user.key().is_err());
    assert!(session.get::<User>(key).await?.is_none());
    session.rollback().await
}

async fn a_transient_entity_can_be_added_again(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.flush().await?;
    session.rollback().await?;
    session.add(user);
    session.add(user);
    session.commit().await?;
    assert_eq!(session.state(user), EntityState::Persistent);
    assert_eq!(User::query().one(&*db).await?.id, user.id);
    Ok(())
}

async fn rollback_gives_every_entity_its_previous_state(db: TestDb) -> Result<()> {
    two_users(&db).await?;
    let session = db.session();
    let users = User::query().order_by(User::id.asc()).all(&session).await?;
    let added = session.add(User::builder().email("n"));
    users[0].set(User::name, "changed");
    session.delete(users[1]);
    session.flush().await?;
    assert_eq!((session.state(added), session.state(users[1])), (EntityState::Persistent, EntityState::Deleted));
    session.rollback().await?;
    let states = [added, users[0], users[1]].map(|user| session.state(user));
    assert_eq!(states, [EntityState::Transient, EntityState::Persistent, EntityState::Persistent]);
    assert_eq!(users[0].name, None);
    assert_eq!(session.get_one::<User>(users[1].id).await?, users[1]);
    assert_eq!(User::query().count(&*db).await?, 2);
    assert!(!session.has_changes());
    Ok(())
}

async fn rollback_undoes_what_was_never_flushed(db: TestDb) -> Result<()> {
    two_users(&db).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    user.set(User::credit, 99);
    let added = session.add(User::builder().email("n"));
    session.delete(session.get_one::<User>(2).await?);
    session.rollback().await?;
    assert_eq!((user.credit, session.state(added)), (10, EntityState::Transient));
    session.commit().await?;
    assert_eq!(User::query().count(&*db).await?, 2);
    Ok(())
}

async fn rollback_restores_relationships_on_both_sides(db: TestDb) -> Result<()> {
    let session = db.session();
    let first = session.add(User::builder().email("a").orders([Order::builder(), Order::builder()]));
    let second = session.add(User::builder().email("b"));
    first.roles().push(Role::builder().name("r"))?;
    session.commit().await?;
    let (orders, roles) = (first.orders().loaded()?, first.roles().loaded()?);
    let order = orders.first().expect("two were added");
    let role = roles.first().expect("one was pushed");
    second.orders().push(order)?;
    first.orders().push(Order::builder())?;
    first.roles().remove(role)?;
    second.roles().push(role)?;
    session.flush().await?;
    session.rollback().await?;
    assert_eq!(first.orders().loaded()?.iter().collect::<Vec<_>>(), orders.iter().collect::<Vec<_>>());
    assert_eq!((order.user().loaded()?, order.user_id), (first, first.id));
    assert!(second.orders().await?.is_empty() && second.roles().await?.is_empty());
    assert_eq!(role.users().await?.iter().collect::<Vec<_>>(), [first]);
    assert_eq!(first.roles().loaded()?.iter().collect::<Vec<_>>(), [role]);
    Ok(())
}

async fn a_row_first_read_in_a_transaction_that_rolled_back_is_asked_for_again(db: TestDb) -> Result<()> {
    two_users(&db).await?;
    let session = db.session();
    User::query().filter(User::id.eq(1)).set(User::name, "x").update(&session).await?;
    let user = session.get_one::<User>(1).await?;
    assert_eq!(user.name.as_deref(), Some("x"));
    session.rollback().await?;
    assert_eq!(session.get_one::<User>(1).await?, user);
    assert_eq!((user.name.as_deref(), session.statement_count()), (None, 3));
    Ok(())
}

async fn a_deleted_entity_stays_readable_and_refuses_relationships(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a").orders([Order::builder()]));
    session.commit().await?;
    let order = user.orders().loaded()?.first().expect("it was added");
    session.delete(order);
    assert!(user.orders().loaded()?.is_empty(), "it left the list at once");
    session.flush().await?;
    assert_eq!(order.status, "pending");
    assert!(order.user().await.expect_err("it is deleted").is_deleted());
    assert!(order.items().push(OrderItem::builder().product_id(1)).expect_err("it is deleted").is_deleted());
    Ok(())
}

async fn changing_a_deleted_entity_makes_the_flush_fail(db: TestDb) -> Result<()> {
    two_users(&db).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    session.delete(user);
    user.set(User::name, "x");
    let error = session.flush().await.expect_err("it is deleted");
    assert!(error.is_deleted() && error.to_string().contains("User#1"), "{error}");
    session.rollback().await?;
    assert_eq!(user.name, None);
    session.commit().await
}

async fn an_entity_of_another_session_is_refused(db: TestDb) -> Result<()> {
    let (session, other) = (db.session(), db.session());
    let user = session.add(User::builder().email("a"));
    let stranger = other.add(Order::builder().user_id(1));
    assert!(user.orders().push(stranger).expect_err("it is of the other session").is_wrong_session());
    let role = other.add(Role::builder().name("r"));
    assert!(user.roles().remove(role).expect_err("it is of the other session").is_wrong_session());
    assert!(session.refresh(role).await.expect_err("it is of the other session").is_wrong_session());
    assert!(session.entity(role.handle()).expect_err("it is of the other session").is_wrong_session());
    assert_eq!(session.state(role), EntityState::Transient);
    session.delete(role);
    assert!(session.flush().await.expect_err("recorded").is_wrong_session());
    session.rollback().await?;
    session.commit().await
}

async fn a_stored_entity_of_another_session_is_used_by_its_key(db: TestDb) -> Result<()> {
    two_users(&db).await?;
    let (session, other) = (db.session(), db.session());
    let stranger = other.get_one::<User>(2).await?;
    let order = session.add(Order::builder().user(stranger));
    session.commit().await?;
    assert_eq!(order.user_id, 2);
    assert_eq!(order.user().await?.email, "b");
    Ok(())
}

async fn an_expunged_entity_is_not_written(db: TestDb) -> Result<()> {
    two_users(&db).await?;
    let session = db.session();
    session.expunge(session.add(User::builder().email("n")));
    let user = session.get_one::<User>(1).await?;
    user.set(User::name, "x");
    session.expunge(user);
    assert!(!session.contains(user));
    session.commit().await?;
    assert_eq!(session.statement_count(), 1);
    let again = session.get_one::<User>(1).await?;
    assert_eq!(again.name, None);
    assert_ne!(again, user);
    Ok(())
}

async fn the_deletion_of_an_entity_can_be_taken_back(db: TestDb) -> Result<()> {
    two_users(&db).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    session.delete(user);
    session.add(user);
    session.commit().await?;
    assert_eq!((session.statement_count(), User::query().count(&*db).await?), (1, 2));
    Ok(())
}

async fn refresh_discards_changes_and_reads_the_row(db: TestDb) -> Result<()> {
    two_users(&db).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    user.set(User::credit, 99);
    User::query().filter(User::id.eq(1)).set(User::name, "new").update(&*db).await?;
    session.refresh(user).await?;
    assert_eq!((user.name.as_deref(), user.credit), (Some("new"), 10));
    assert!(!session.has_changes() && !session.is_modified(user));
    user.set(User::credit, 3);
    session.commit().await?;
    User::query().filter(User::id.eq(1)).delete(&*db).await?;
    assert!(session.refresh(user).await.expect_err("its row is gone").is_not_found());
    Ok(())
}

async fn values_are_read_inside_the_transaction(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("a"));
    assert_eq!(User::query().all(session.values()).await?.len(), 1, "it flushed first");
    session.rollback().await?;
    assert_eq!(User::query().count(&*db).await?, 0);
    Ok(())
}
