//! One entity for each row: what look-ups by key find, ask for, and keep.
use crate::{
    fixtures::{shop_with, users},
    models::*,
};
use orm::{EntityState, Result, prelude::*};
use orm_test_support::{Database, TestDb, on_every_database, statements};

on_every_database! {
    shop:
    a_row_that_two_futures_get_is_read_once,
    an_answer_from_memory_flushes_nothing,
    a_lookup_that_asks_the_database_flushes_its_table_first,
    a_locked_or_fresh_look_at_a_row_always_asks,
    a_row_that_vanished_is_forgotten_by_get,
    a_row_that_refresh_missed_is_asked_for_again,
    many_keys_are_asked_for_in_pieces_and_keep_their_order,
    entities_of_get_many_load_along_with_each_other,
    an_entity_of_another_session_cannot_be_added,
    entities_are_held_until_their_session_ends,
    refreshing_a_query_loses_unflushed_changes_and_reaches_what_it_loads,
}

on_every_database! {
    keys:
    a_row_added_with_a_key_is_found_by_it,
    a_composite_key_is_found_by_all_of_its_parts,
    a_second_row_with_the_key_of_another_is_refused,
    a_changed_key_moves_its_entity,
    a_key_goes_from_one_row_to_another_in_one_flush,
    an_index_made_while_a_key_is_changed_survives_a_rollback,
}

async fn an_answer_from_memory_flushes_nothing(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    user.set(User::credit, 1);
    session.add(User::builder().email("new"));
    let (found, sent) = statements!(session, session.get::<User>(user.id).await?);
    assert_eq!((found, sent, session.has_changes()), (Some(user), 0, true));
    session.rollback().await
}

async fn a_lookup_that_asks_the_database_flushes_its_table_first(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    session.add(Role::builder().name("admin"));
    let (missing, sent) = statements!(session, session.get::<User>(99).await?);
    assert_eq!((missing, sent), (None, 1), "roles do not concern users");
    session.add(User::builder().email("new"));
    let (missing, sent) = statements!(session, session.get::<User>(98).await?);
    assert_eq!((missing, sent), (None, 3), "two INSERTs came first");
    session.rollback().await
}

async fn a_locked_or_fresh_look_at_a_row_always_asks(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    let by_key = || User::query().filter(User::id.eq(user.id));
    let (locked, sent) = statements!(session, by_key().for_update().one(&session).await?);
    assert_eq!((locked, sent), (user, 1));
    let (fresh, sent) = statements!(session, by_key().refresh_existing().one(&session).await?);
    assert_eq!((fresh, sent), (user, 1));
    session.rollback().await
}

async fn a_row_that_vanished_is_forgotten_by_get(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    session.add(Role::builder().name("writes"));
    session.flush().await?;
    let user = users().one(&session).await?;
    session.rollback().await?;
    // First read after the transaction's first write: nobody knows whether the row is there.
    User::query().all_rows().delete(&*db).await?;
    assert_eq!(session.get::<User>(user.id).await?, None);
    Ok(())
}

async fn a_row_that_refresh_missed_is_asked_for_again(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    User::query().all_rows().delete(&*db).await?;
    let (still, sent) = statements!(session, session.get::<User>(user.id).await?);
    assert_eq!((still, sent), (Some(user), 0), "nothing expires by itself");
    assert!(session.refresh(user).await.expect_err("its row is gone").is_not_found());
    let (gone, sent) = statements!(session, session.get::<User>(user.id).await?);
    assert_eq!((gone, sent, user.email.as_str()), (None, 1, "u0"));
    Ok(())
}

async fn many_keys_are_asked_for_in_pieces_and_keep_their_order(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 0).await?;
    let session = db.session();
    let ids: Vec<i64> = users().select(User::id).all(&session).await?;
    let wanted = (1_000_000..1_002_500).chain(ids.iter().rev().copied()).chain([ids[0]]);
    let (found, sent) = statements!(session, session.get_many::<User, _>(wanted).await?);
    let keys: Vec<i64> = found.iter().skip(2_500).flatten().map(|user| user.id).collect();
    assert!(found.iter().take(2_500).all(Option::is_none));
    assert_eq!(keys, [ids[2], ids[1], ids[0], ids[0]]);
    let pieces = if db.is(Database::MySql) { 1 } else { 3 };
    assert_eq!(sent, pieces, "a thousand at a time, on MySQL eight thousand");
    let (none, sent) = statements!(session, session.get_many::<User, i64>([]).await?);
    assert_eq!((none.len(), sent), (0, 0));
    Ok(())
}

async fn entities_of_get_many_load_along_with_each_other(db: TestDb) -> Result<()> {
    shop_with(&db, 5, 1).await?;
    let session = db.session();
    let ids: Vec<i64> = users().select(User::id).all(&session).await?;
    let found = session.get_many::<User, _>(ids).await?;
    let (orders, sent) = statements!(session, {
        let mut orders = 0;
        for user in found.iter().flatten() {
            orders += user.orders().await?.len();
        }
        orders
    });
    assert_eq!((orders, sent), (5, 2));
    Ok(())
}

async fn an_entity_of_another_session_cannot_be_added(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let (session, other) = (db.session(), db.session());
    let stranger = users().one(&other).await?;
    let copy = session.add(stranger);
    assert_eq!((session.state(copy), session.state(stranger)), (EntityState::Transient, EntityState::Transient));
    let error = session.flush().await.expect_err("it was recorded");
    assert!(error.is_wrong_session(), "{error}");
    let message = error.to_string();
    assert!(message.contains("`session.add`") && message.contains(&format!("User#{}", stranger.id)), "{message}");
    session.rollback().await?;
    assert_eq!(other.state(stranger), EntityState::Persistent);
    assert_eq!(User::query().count(&*db).await?, 1);
    Ok(())
}

async fn entities_are_held_until_their_session_ends(db: TestDb) -> Result<()> {
    shop_with(&db, 200, 0).await?;
    let session = db.session();
    let ids: Vec<i64> = users().all(&session).await?.iter().map(|user| user.id).collect();
    session.get_one::<User>(ids[7]).await?.set(User::credit, 77);
    // Nobody holds an entity now, neither a clean one nor a changed one.
    let (found, sent) = statements!(session, session.get_many::<User, _>(ids.clone()).await?);
    assert_eq!((found.iter().flatten().count(), sent), (200, 0));
    session.commit().await?;
    assert_eq!(User::query().filter(User::credit.eq(77)).one(&*db).await?.id, ids[7]);
    Ok(())
}

async fn refreshing_a_query_loses_unflushed_changes_and_reaches_what_it_loads(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().with(User::orders).one(&session).await?;
    let order = user.orders().loaded()?.first().expect("one was added");
    User::query().all_rows().set(User::credit, 5).update(&*db).await?;
    Order::query().all_rows().set(Order::status, "sent").update(&*db).await?;
    user.set(User::name, "mine");
    order.set(Order::status, "mine");
    session.no_autoflush(async || users().with(User::orders).refresh_existing().one(&session).await).await?;
    assert_eq!((user.credit, user.name.as_deref(), order.status.as_str()), (5, Some("user 0"), "sent"));
    assert!(!session.has_changes());
    Ok(())
}

async fn a_row_added_with_a_key_is_found_by_it(db: TestDb) -> Result<()> {
    let session = db.session();
    let germany = session.add(Country::builder().code("DE").name("Germany"));
    let (found, sent) = statements!(session, session.get::<Country>("DE").await?);
    assert_eq!((found, sent), (Some(germany), 1), "its INSERT made it findable");
    let france = session.add(Country::builder().code("FR").name("France"));
    let (found, sent) = statements!(session, session.get_many::<Country, _>(["FR", "DE"]).await?);
    assert_eq!((found, sent), (vec![Some(france), Some(germany)], 1));
    session.rollback().await
}

async fn a_composite_key_is_found_by_all_of_its_parts(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add_all(
        [("eu", 1), ("eu", 2), ("us", 1)]
            .map(|(area, number)| Region::builder().area(area).number(number).name(format!("{area}{number}"))),
    );
    writing.commit().await?;
    let session = db.session();
    let (found, sent) = statements!(session, session.get_many::<Region, _>([("us", 1), ("us", 2), ("eu", 2)]).await?);
    let names: Vec<Option<&str>> =
        found.iter().map(|region| region.map(|region| region.value().name.as_str())).collect();
    assert_eq!((names, sent), (vec![Some("us1"), None, Some("eu2")], 1));
    let (same, sent) = statements!(session, session.get_one::<Region>(("eu", 2)).await?);
    assert_eq!((Some(same), sent), (found[2], 0));
    Ok(())
}

async fn a_second_row_with_the_key_of_another_is_refused(db: TestDb) -> Result<()> {
    let session = db.session();
    let germany = session.add(Country::builder().code("DE").name("Germany"));
    session.commit().await?;
    let again = session.add(Country::builder().code("DE").name("Deutschland"));
    let error = session.flush().await.expect_err("the key is taken");
    assert!(error.is_unique_violation() && error.entity() == Some("Country (new)"), "{error:?}");
    session.rollback().await?;
    assert_eq!(session.state(again), EntityState::Transient);
    assert_eq!((session.get_one::<Country>("DE").await?, germany.name.as_str()), (germany, "Germany"));
    session.add_all(["FR", "FR"].map(|code| Country::builder().code(code).name("France")));
    assert!(session.commit().await.expect_err("twice the same").is_unique_violation());
    session.rollback().await
}

async fn a_changed_key_moves_its_entity(db: TestDb) -> Result<()> {
    let session = db.session();
    let country = session.add(Country::builder().code("DD").name("Germany"));
    session.commit().await?;
    country.set(Country::code, "DE");
    session.flush().await?;
    let (found, sent) = statements!(session, session.get::<Country>("DE").await?);
    assert_eq!((found, sent, country.key()?.as_str()), (Some(country), 0, "DE"));
    assert_eq!(session.get::<Country>("DD").await?, None);
    session.rollback().await?;
    let (found, sent) = statements!(session, session.get::<Country>("DD").await?);
    assert_eq!((found, sent, country.code.as_str()), (Some(country), 0, "DD"));
    assert_eq!(session.get::<Country>("DE").await?, None);
    Ok(())
}

async fn a_key_goes_from_one_row_to_another_in_one_flush(db: TestDb) -> Result<()> {
    let session = db.session();
    let (a, b) =
        (session.add(Country::builder().code("AA").name("a")), session.add(Country::builder().code("BB").name("b")));
    session.commit().await?;
    b.set(Country::code, "AA");
    a.set(Country::code, "CC");
    session.flush().await?;
    assert_eq!((session.get_one::<Country>("AA").await?, session.get_one::<Country>("CC").await?), (b, a));
    session.rollback().await?;
    assert_eq!((session.get_one::<Country>("AA").await?, session.get_one::<Country>("BB").await?), (a, b));
    assert_eq!(session.get::<Country>("CC").await?, None);
    Ok(())
}

async fn an_index_made_while_a_key_is_changed_survives_a_rollback(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Country::builder().code("DE").name("Germany"));
    writing.commit().await?;
    let session = db.session();
    let country = Country::query().one(&session).await?;
    country.set(Country::code, "XX");
    let (found, sent) = statements!(session, session.get::<Country>("DE").await?);
    assert_eq!((found, sent), (Some(country), 0), "the database has that key");
    session.rollback().await?;
    let (found, sent) = statements!(session, session.get::<Country>("DE").await?);
    assert_eq!((found, sent), (Some(country), 0));
    let (none, sent) = statements!(session, session.get::<Country>("XX").await?);
    assert_eq!((none, sent), (None, 1));
    Ok(())
}

async fn a_row_that_two_futures_get_is_read_once(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(User::builder().email("a"));
    writing.commit().await?;
    let session = db.session();
    let ((one, other), sent) =
        statements!(session, tokio::join!(session.get_one::<User>(1), session.get_one::<User>(1)));
    assert_eq!((one?, sent), (other?, 1));
    Ok(())
}
