//! Relationships that are loaded when they are awaited, and how their neighbours come along.
use crate::{
    fixtures::{shop_with, users},
    models::*,
};
use orm::{Loading, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    a_collection_is_loaded_by_the_first_await_and_remembered,
    nothing_is_read_without_an_await,
    an_empty_collection_is_remembered,
    a_parent_that_is_in_memory_is_found_without_a_statement,
    a_parent_that_not_in_memory_takes_one_statement,
    a_one_to_one_is_loaded_from_both_sides,
    a_missing_partner_is_remembered,
    a_many_to_many_is_loaded_from_both_sides,
    a_thousand_parents_walked_take_three_statements,
    the_walk_goes_on_after_a_thousand,
    children_of_children_take_three_statements_more,
    children_have_peers_also_when_they_are_walked_later,
    a_single_access_loads_for_one_entity_only,
    entities_of_two_results_do_not_load_for_each_other,
    each_alone_takes_a_statement_for_each,
    peers_load_together_at_the_first_await,
    parents_of_many_children_take_three_statements,
    changed_and_deleted_peers_do_not_load_along,
    pushes_before_a_load_survive_it,
    two_futures_load_a_collection_once,
    counting_asks_the_database_once_and_memory_after_that,
    an_entity_that_is_not_written_has_no_members,
    a_collection_is_a_query_too,
    loading_flushes_changes_of_the_table_it_reads,
}

async fn a_collection_is_loaded_by_the_first_await_and_remembered(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 2).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    let (orders, sent) = statements!(session, user.orders().await?);
    assert_eq!((orders.len(), sent), (2, 1));
    let (again, sent) = statements!(session, user.orders().await?);
    assert_eq!((again.len(), sent), (2, 0));
    assert_eq!(user.orders().loaded()?.first(), orders.first());
    Ok(())
}

async fn nothing_is_read_without_an_await(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    assert!(!user.orders().is_loaded() && !user.profile().is_loaded());
    let error = user.orders().loaded().expect_err("nothing was loaded");
    assert!(error.is_not_loaded(), "{error}");
    assert!(error.to_string().contains("User::orders"), "{error}");
    assert_eq!(session.statement_count(), 1);
    Ok(())
}

async fn an_empty_collection_is_remembered(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    assert!(user.orders().await?.is_empty());
    let (orders, sent) = statements!(session, user.orders().await?);
    assert_eq!((orders.len(), sent), (0, 0));
    assert!(user.orders().is_loaded());
    Ok(())
}

async fn a_parent_that_is_in_memory_is_found_without_a_statement(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    let order = Order::query().one(&session).await?;
    let (parent, sent) = statements!(session, order.user().await?);
    assert_eq!((parent, sent), (user, 0));
    assert_eq!(order.user().loaded()?, user);
    Ok(())
}

async fn a_parent_that_not_in_memory_takes_one_statement(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let order = Order::query().one(&session).await?;
    assert!(order.user().loaded().is_err_and(|error| error.is_not_loaded()));
    let (parent, sent) = statements!(session, order.user().await?);
    assert_eq!((parent.email.as_str(), sent), ("u0", 1));
    let (same, sent) = statements!(session, session.get_one::<User>(parent.id).await?);
    assert_eq!((same, sent), (parent, 0));
    Ok(())
}

async fn a_one_to_one_is_loaded_from_both_sides(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(User::builder().email("a").profile(UserProfile::builder().bio("about a")));
    writing.commit().await?;
    let session = db.session();
    let user = users().one(&session).await?;
    let profile = user.profile().await?.expect("it was added");
    assert_eq!(profile.bio, "about a");
    let (back, sent) = statements!(session, profile.user().await?);
    assert_eq!((back, sent), (user, 0));
    let other = db.session();
    let profile = UserProfile::query().one(&other).await?;
    assert_eq!(profile.user().await?.email, "a");
    Ok(())
}

async fn a_missing_partner_is_remembered(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    assert_eq!(user.profile().await?, None);
    let (profile, sent) = statements!(session, user.profile().await?);
    assert_eq!((profile, sent), (None, 0));
    Ok(())
}

async fn a_many_to_many_is_loaded_from_both_sides(db: TestDb) -> Result<()> {
    let writing = db.session();
    let admin = writing.add(Role::builder().name("admin"));
    let guest = writing.add(Role::builder().name("guest"));
    let a = writing.add(User::builder().email("a"));
    a.roles().push(admin)?;
    a.roles().push(guest)?;
    writing.add(User::builder().email("b")).roles().push(guest)?;
    writing.commit().await?;
    let session = db.session();
    let a = users().first(&session).await?.expect("two were added");
    let mut names: Vec<&str> = a.roles().await?.iter().map(|role| role.value().name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["admin", "guest"]);
    let guest = Role::query().filter(Role::name.eq("guest")).one(&session).await?;
    let members = guest.users().await?;
    assert_eq!(members.len(), 2);
    assert!(members.contains(a));
    Ok(())
}

async fn a_thousand_parents_walked_take_three_statements(db: TestDb) -> Result<()> {
    shop_with(&db, 1_000, 1).await?;
    let session = db.session();
    let mut orders = 0;
    for user in users().all(&session).await? {
        orders += user.orders().await?.len();
    }
    assert_eq!((orders, session.statement_count()), (1_000, 3));
    Ok(())
}

async fn the_walk_goes_on_after_a_thousand(db: TestDb) -> Result<()> {
    shop_with(&db, 1_500, 1).await?;
    let session = db.session();
    for user in users().all(&session).await? {
        assert_eq!(user.orders().await?.len(), 1);
    }
    // One for the users, one for the first alone, two for up to a thousand each.
    assert_eq!(session.statement_count(), 4);
    Ok(())
}

async fn children_of_children_take_three_statements_more(db: TestDb) -> Result<()> {
    shop_with(&db, 20, 3).await?;
    let session = db.session();
    let mut quantity = 0;
    for user in users().all(&session).await? {
        for order in user.orders().await? {
            for item in order.items().await? {
                quantity += item.quantity;
                assert!(!item.product().await?.name.is_empty());
            }
        }
    }
    assert_eq!(quantity, 20 * 3 * 3);
    // Users; their orders twice; the items of the first user's orders twice, of the others' twice; the two products.
    assert!(session.statement_count() <= 10, "{}", session.statement_count());
    Ok(())
}

async fn children_have_peers_also_when_they_are_walked_later(db: TestDb) -> Result<()> {
    shop_with(&db, 30, 4).await?;
    let session = db.session();
    let users = users().all(&session).await?;
    for user in &users {
        user.orders().await?;
    }
    let (_, sent) = statements!(session, {
        for user in &users {
            for order in user.orders().await? {
                assert_eq!(order.items().await?.len(), 2);
            }
        }
    });
    // Two for the orders of the user that was loaded alone, two for those of all others.
    assert_eq!(sent, 4);
    Ok(())
}

async fn a_single_access_loads_for_one_entity_only(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 1).await?;
    let session = db.session();
    let users = users().all(&session).await?;
    users[1].orders().await?;
    assert!(users[1].orders().is_loaded());
    assert!(!users[0].orders().is_loaded() && !users[2].orders().is_loaded());
    Ok(())
}

async fn entities_of_two_results_do_not_load_for_each_other(db: TestDb) -> Result<()> {
    shop_with(&db, 4, 1).await?;
    let session = db.session();
    let odd = users().filter(User::email.is_in(["u1", "u3"])).all(&session).await?;
    let even = users().filter(User::email.is_in(["u0", "u2"])).all(&session).await?;
    odd[0].orders().await?;
    even[0].orders().await?;
    assert!(!odd[1].orders().is_loaded() && !even[1].orders().is_loaded());
    let (_, sent) = statements!(session, (odd[1].orders().await?, even[1].orders().await?));
    assert_eq!(sent, 2);
    Ok(())
}

async fn each_alone_takes_a_statement_for_each(db: TestDb) -> Result<()> {
    shop_with(&db, 5, 1).await?;
    let session = db.session();
    session.set_loading(Loading::EachAlone);
    for user in users().all(&session).await? {
        user.orders().await?;
    }
    assert_eq!(session.statement_count(), 6);
    Ok(())
}

async fn peers_load_together_at_the_first_await(db: TestDb) -> Result<()> {
    shop_with(&db, 5, 1).await?;
    let session = db.session();
    session.set_loading(Loading::Peers);
    for user in users().all(&session).await? {
        user.orders().await?;
    }
    assert_eq!(session.statement_count(), 2);
    Ok(())
}

async fn parents_of_many_children_take_three_statements(db: TestDb) -> Result<()> {
    shop_with(&db, 20, 2).await?;
    let session = db.session();
    for order in Order::query().order_by(Order::id.asc()).all(&session).await? {
        assert_eq!(order.user().await?.id, order.user_id);
    }
    assert_eq!(session.statement_count(), 3);
    Ok(())
}

async fn changed_and_deleted_peers_do_not_load_along(db: TestDb) -> Result<()> {
    shop_with(&db, 4, 1).await?;
    let session = db.session();
    let users = users().all(&session).await?;
    users[0].orders().await?;
    users[2].set(User::credit, 3);
    session.delete(users[3]);
    session
        .no_autoflush(async || {
            users[1].orders().await?;
            Ok(())
        })
        .await?;
    assert!(users[1].orders().is_loaded() && !users[2].orders().is_loaded());
    assert!(users[3].orders().await.is_err_and(|error| error.is_deleted()));
    session.rollback().await
}

async fn pushes_before_a_load_survive_it(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 2).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    let pushed = user.orders().push(Order::builder().status("new"))?;
    let orders = session.no_autoflush(async || user.orders().await).await?;
    assert_eq!((orders.len(), orders.last()), (3, Some(pushed)));
    session.commit().await?;
    assert_eq!(Order::query().count(&*db).await?, 3);
    Ok(())
}

async fn two_futures_load_a_collection_once(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 2).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    let load = async || user.orders().await;
    let (first, second) = tokio::join!(load(), load());
    assert_eq!((first?.len(), second?.len(), session.statement_count()), (2, 2, 2));
    Ok(())
}

async fn counting_asks_the_database_once_and_memory_after_that(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 2).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    let (count, sent) = statements!(session, user.orders().count().await?);
    assert_eq!((count, sent, user.orders().is_loaded()), (2, 1, false));
    user.orders().push(Order::builder())?;
    assert_eq!(user.orders().count().await?, 3);
    user.orders().await?;
    let (count, sent) = statements!(session, user.orders().count().await?);
    assert_eq!((count, sent), (3, 0));
    session.rollback().await
}

async fn an_entity_that_is_not_written_has_no_members(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    assert!(user.orders().await?.is_empty() && user.profile().await?.is_none());
    assert_eq!(session.statement_count(), 0);
    session.rollback().await
}

async fn a_collection_is_a_query_too(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 3).await?;
    let session = db.session();
    let users = users().all(&session).await?;
    let orders = users[1].orders().query().order_by(Order::id.desc()).limit(2).all(&session).await?;
    assert_eq!(orders.len(), 2);
    assert!(orders[0].id > orders[1].id && orders.iter().all(|order| order.user_id == users[1].id));
    assert!(!users[1].orders().is_loaded());
    let item = OrderItem::query().first(&session).await?.expect("there are items");
    assert_eq!(item.product().query().one(&session).await?.id, item.product_id);
    Ok(())
}

async fn loading_flushes_changes_of_the_table_it_reads(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    session.add(Order::builder().user_id(user.id));
    let (orders, sent) = statements!(session, user.orders().await?);
    assert_eq!((orders.len(), sent), (2, 2));
    session.add(Product::builder().name("keyboard"));
    let (_, sent) = statements!(session, user.profile().await?);
    assert_eq!(sent, 1, "a change of another table waits");
    session.rollback().await
}
