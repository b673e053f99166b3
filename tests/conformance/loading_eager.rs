//! Relationships that are loaded with their query: select-in, joined, subquery, immediate, and those that must not load.
use crate::{
    fixtures::{shop_with, users},
    models::*,
};
use orm::{Result, prelude::*};
use orm_test_support::{Database, TestDb, on_every_database, statements};

on_every_database! {
    shop:
    select_in_takes_one_statement_for_each_relationship,
    select_in_asks_for_each_parent_once,
    select_in_asks_nothing_for_what_is_in_memory,
    select_in_of_nothing_is_no_statement,
    many_keys_are_asked_for_in_pieces,
    a_joined_parent_takes_no_statement_of_its_own,
    a_joined_collection_gives_each_owner_once,
    a_limit_counts_owners_also_where_a_collection_is_joined,
    two_joined_collections_do_not_multiply_rows,
    joined_loads_nest,
    a_collection_joined_below_a_collection_holds_each_member_once,
    an_inner_join_leaves_out_owners_without_target,
    a_joined_many_to_many_is_loaded,
    a_subquery_repeats_the_query_with_its_limit,
    a_subquery_below_a_subquery_is_loaded,
    immediate_loads_with_the_query,
    three_levels_take_a_statement_each,
    siblings_below_one_relationship_are_both_loaded,
}

async fn select_in_takes_one_statement_for_each_relationship(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 2).await?;
    let session = db.session();
    let users = users().with(User::orders.selectin()).with(User::profile.selectin()).all(&session).await?;
    assert_eq!(session.statement_count(), 3);
    for user in users {
        assert_eq!((user.orders().loaded()?.len(), user.profile().loaded()?), (2, None));
    }
    Ok(())
}

async fn select_in_asks_for_each_parent_once(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 3).await?;
    let session = db.session();
    let orders = Order::query().with(Order::user.selectin()).all(&session).await?;
    assert_eq!((orders.len(), session.statement_count()), (6, 2));
    for order in &orders {
        assert_eq!(order.user().loaded()?.id, order.user_id);
    }
    Ok(())
}

async fn select_in_asks_nothing_for_what_is_in_memory(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 3).await?;
    let session = db.session();
    let all = users().all(&session).await?;
    let (orders, sent) = statements!(session, Order::query().with(Order::user.selectin()).all(&session).await?);
    assert_eq!(sent, 1);
    assert!(orders.iter().all(|order| order.user().loaded().is_ok_and(|user| all.contains(&user))));
    users().with(User::orders.selectin()).all(&session).await?;
    let (_, sent) = statements!(session, users().with(User::orders.selectin()).all(&session).await?);
    assert_eq!(sent, 1, "loaded in this transaction already");
    Ok(())
}

async fn select_in_of_nothing_is_no_statement(db: TestDb) -> Result<()> {
    let session = db.session();
    let load = User::orders.selectin().with(Order::items.selectin());
    assert!(users().with(load).all(&session).await?.is_empty());
    assert_eq!(session.statement_count(), 1);
    Ok(())
}

async fn many_keys_are_asked_for_in_pieces(db: TestDb) -> Result<()> {
    shop_with(&db, 1_100, 1).await?;
    let session = db.session();
    let users = users().with(User::orders.selectin().with(Order::items.selectin())).all(&session).await?;
    // A thousand keys at a time, on MySQL eight thousand.
    assert_eq!(session.statement_count(), if db.is(Database::MySql) { 3 } else { 5 });
    for user in users {
        let orders = user.orders().loaded()?;
        assert_eq!((orders.len(), orders.first().map(|order| order.user_id)), (1, Some(user.id)));
        assert_eq!(orders.first().map(|order| order.items().loaded().map(|items| items.len())).transpose()?, Some(2));
    }
    Ok(())
}

async fn a_joined_parent_takes_no_statement_of_its_own(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let orders = Order::query().with(Order::user.joined()).all(&session).await?;
    assert_eq!((orders.len(), session.statement_count()), (4, 1));
    for order in &orders {
        assert_eq!(order.user().loaded()?.id, order.user_id);
    }
    assert_eq!(orders[0].user().loaded()?, orders[1].user().loaded()?);
    Ok(())
}

async fn a_joined_collection_gives_each_owner_once(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 4).await?;
    let writing = db.session();
    writing.add(User::builder().email("alone"));
    writing.commit().await?;
    let session = db.session();
    let users = users().with(User::orders.joined()).all(&session).await?;
    let lengths = users.iter().map(|user| Ok(user.orders().loaded()?.len())).collect::<Result<Vec<_>>>()?;
    assert_eq!((lengths, session.statement_count()), (vec![4, 4, 4, 0], 1));
    Ok(())
}

async fn a_limit_counts_owners_also_where_a_collection_is_joined(db: TestDb) -> Result<()> {
    shop_with(&db, 5, 3).await?;
    let session = db.session();
    let page = users().with(User::orders.joined()).limit(2).offset(1).all(&session).await?;
    let found: Vec<&str> = page.iter().map(|user| user.value().email.as_str()).collect();
    assert_eq!((found, session.statement_count()), (vec!["u1", "u2"], 1));
    assert!(page.iter().all(|user| user.orders().loaded().is_ok_and(|orders| orders.len() == 3)));
    let one = users().with(User::orders.joined()).first(&session).await?.expect("there are users");
    assert_eq!(one.orders().loaded()?.len(), 3);
    Ok(())
}

async fn two_joined_collections_do_not_multiply_rows(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 3).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    for name in ["a", "b"] {
        user.roles().push(Role::builder().name(name))?;
    }
    session.commit().await?;
    let reading = db.session();
    let user = users().with(User::orders.joined()).with(User::roles.joined()).one(&reading).await?;
    assert_eq!((user.orders().loaded()?.len(), user.roles().loaded()?.len()), (3, 2));
    assert_eq!(reading.statement_count(), 2, "the second collection is a statement of its own");
    Ok(())
}

async fn joined_loads_nest(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let load = OrderItem::order.joined().with(Order::user.joined());
    let items = OrderItem::query().with(load).with(OrderItem::product.joined()).all(&session).await?;
    assert_eq!((items.len(), session.statement_count()), (8, 1));
    for item in items {
        assert!(item.order().loaded()?.user().loaded()?.email.starts_with('u'));
        assert_eq!(item.product().loaded()?.id, item.product_id);
    }
    Ok(())
}

async fn a_collection_joined_below_a_collection_holds_each_member_once(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 3).await?;
    let session = db.session();
    let users = User::query().with(User::orders.joined().with(Order::items.joined())).all(&session).await?;
    assert_eq!((users.len(), session.statement_count()), (3, 1));
    for user in users {
        let orders = user.orders().loaded()?;
        assert_eq!(orders.len(), 3);
        for order in orders {
            assert_eq!(order.items().loaded()?.len(), 2);
        }
    }
    // The same below a select-in, ordered so that the rows of two orders may come mixed.
    let other = db.session();
    let load = User::orders.selectin().order_by(Order::status.asc()).with(Order::items.joined());
    for user in User::query().with(load).all(&other).await? {
        assert_eq!(user.orders().loaded()?.len(), 3);
    }
    Ok(())
}

async fn an_inner_join_leaves_out_owners_without_target(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(User::builder().email("a").profile(UserProfile::builder().bio("x")));
    writing.add(User::builder().email("b"));
    writing.commit().await?;
    let session = db.session();
    let found = users().with(User::profile.inner_joined()).all(&session).await?;
    assert_eq!(found.iter().map(|user| user.value().email.as_str()).collect::<Vec<_>>(), ["a"]);
    assert_eq!(session.statement_count(), 1);
    // Below an outer join it is an outer join too, so that no owner is lost.
    let load = UserProfile::user.joined().with(User::orders.inner_joined());
    assert_eq!(UserProfile::query().with(load).all(&session).await?.len(), 1);
    Ok(())
}

async fn a_joined_many_to_many_is_loaded(db: TestDb) -> Result<()> {
    let writing = db.session();
    let admin = writing.add(Role::builder().name("admin"));
    for email in ["a", "b"] {
        writing.add(User::builder().email(email)).roles().push(admin)?;
    }
    writing.add(User::builder().email("c"));
    writing.commit().await?;
    for load in [User::roles.joined(), User::roles.selectin(), User::roles.subquery(), User::roles.immediate()] {
        let session = db.session();
        let users = users().with(load).all(&session).await?;
        let counts = users.iter().map(|user| Ok(user.roles().loaded()?.len())).collect::<Result<Vec<_>>>()?;
        assert_eq!(counts, [1, 1, 0]);
        assert_eq!(users[0].roles().loaded()?.first(), users[1].roles().loaded()?.first());
    }
    Ok(())
}

async fn a_subquery_repeats_the_query_with_its_limit(db: TestDb) -> Result<()> {
    shop_with(&db, 4, 2).await?;
    let session = db.session();
    let query = users().filter(User::email.ne("u0")).limit(2).with(User::orders.subquery());
    let users = query.all(&session).await?;
    assert_eq!((users.len(), session.statement_count()), (2, 2));
    for user in &users {
        assert_eq!(user.orders().loaded()?.len(), 2);
    }
    let other = db.session();
    let orders = Order::query().with(Order::user.subquery()).all(&other).await?;
    assert_eq!((orders.len(), other.statement_count()), (8, 2));
    assert!(orders.iter().all(|order| order.user().is_loaded()));
    Ok(())
}

async fn a_subquery_below_a_subquery_is_loaded(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let load = User::orders.subquery().with(Order::items.subquery().with(OrderItem::product.subquery()));
    let users = users().limit(1).with(load).all(&session).await?;
    assert_eq!(session.statement_count(), 4);
    for order in users[0].orders().loaded()? {
        for item in order.items().loaded()? {
            assert_eq!(item.product().loaded()?.id, item.product_id);
        }
    }
    Ok(())
}

async fn immediate_loads_with_the_query(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    let users = users().with(User::orders.immediate()).all(&session).await?;
    assert!(users.iter().all(|user| user.orders().is_loaded()));
    assert_eq!(session.statement_count(), 2);
    Ok(())
}

async fn three_levels_take_a_statement_each(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 2).await?;
    let session = db.session();
    let items = Order::items.selectin().with(OrderItem::product.selectin());
    let users = users().with(User::orders.selectin().with(items)).all(&session).await?;
    assert_eq!(session.statement_count(), 4);
    for user in users {
        for order in user.orders().loaded()? {
            for item in order.items().loaded()? {
                assert!(!item.product().loaded()?.name.is_empty());
            }
        }
    }
    Ok(())
}

async fn siblings_below_one_relationship_are_both_loaded(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    let users = users()
        .with(User::orders.selectin().with(Order::items))
        .with(User::orders.with(Order::user))
        .with(User::roles)
        .all(&session)
        .await?;
    // Users, orders with the users that are there already, items, roles.
    assert_eq!(session.statement_count(), 4);
    for user in users {
        let order = user.orders().loaded()?.first().expect("one was added");
        assert_eq!((order.items().loaded()?.len(), order.user().loaded()?), (2, user));
        assert!(user.roles().is_loaded());
    }
    Ok(())
}
