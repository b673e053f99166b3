//! What eager loading leaves as it is: raise and noload, orders, pending pushes, filters, counts.
use crate::{
    fixtures::{shop_with, users},
    models::*,
};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    raise_names_the_relationship_and_the_way_out,
    noload_is_empty_and_asks_nothing,
    noload_does_not_leave_members_in_a_list_that_is_replaced,
    every_strategy_keeps_the_order_of_the_relationship,
    a_row_on_two_paths_is_one_entity,
    empty_results_are_remembered_by_every_strategy,
    counts_and_existence_do_not_load,
    eager_loading_keeps_pending_pushes,
    options_below_a_lazy_relationship_wait_for_it,
    a_loaded_relationship_loads_what_is_below_it,
    filters_on_a_relationship_do_not_shrink_what_is_joined,
}

async fn raise_names_the_relationship_and_the_way_out(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().with(User::orders.raise()).with(User::profile.raise()).one(&session).await?;
    let error = user.orders().await.expect_err("it must not load");
    assert!(error.is_not_loaded() && error.to_string().contains("User::orders"), "{error}");
    assert!(error.to_string().contains(".with("), "{error}");
    assert!(user.profile().await.is_err_and(|error| error.is_not_loaded()));
    assert_eq!(session.statement_count(), 1);
    Ok(())
}

async fn noload_is_empty_and_asks_nothing(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().with((User::orders.noload(), User::profile.noload())).one(&session).await?;
    assert!(user.orders().await?.is_empty() && user.profile().await?.is_none());
    assert_eq!(session.statement_count(), 1);
    // Reached another way, it is loaded as ever.
    let other = session.get_one::<User>(user.id).await?;
    assert_eq!(other.orders().await?.len(), 1);
    Ok(())
}

async fn noload_does_not_leave_members_in_a_list_that_is_replaced(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let writing = db.session();
    let user = users().one(&writing).await?;
    user.roles().push(Role::builder().name("a"))?;
    user.roles().push(Role::builder().name("b"))?;
    writing.commit().await?;
    let session = db.session();
    let user = users().with(User::roles.noload()).one(&session).await?;
    assert!(user.roles().await?.is_empty());
    user.roles().set([Role::builder().name("c")]).await?;
    session.commit().await?;
    let left = Role::query().filter(Role::users.any(Predicate::always())).select(Role::name).all(&*db).await?;
    assert_eq!(left, ["c"]);
    Ok(())
}

async fn every_strategy_keeps_the_order_of_the_relationship(db: TestDb) -> Result<()> {
    let writing = db.session();
    let shelf = [Order::items.selectin(), Order::items.joined(), Order::items.subquery(), Order::items.lazy()];
    let product = writing.add(Product::builder().name("p"));
    let user = writing.add(User::builder().email("a"));
    let order = writing.add(Order::builder().user(user));
    writing.flush().await?;
    for id in [5, 2, 9] {
        writing.add(OrderItem::builder().id(id).order(order).product(product));
    }
    writing.commit().await?;
    for load in shelf {
        let session = db.session();
        let order = Order::query().with(load).one(&session).await?;
        let ids: Vec<i64> = order.items().await?.iter().map(|item| item.id).collect();
        assert_eq!(ids, [2, 5, 9]);
    }
    let session = db.session();
    let load = Order::items.selectin().order_by(OrderItem::id.desc());
    let order = Order::query().with(load).one(&session).await?;
    assert_eq!(order.items().loaded()?.first().map(|item| item.id), Some(9));
    Ok(())
}

async fn a_row_on_two_paths_is_one_entity(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let load = Order::user.joined().with(User::orders.selectin().with(Order::user.joined()));
    let orders = Order::query().order_by(Order::id.asc()).with(load).all(&session).await?;
    for order in &orders {
        let again = order.user().loaded()?.orders().loaded()?;
        assert!(again.contains(*order));
        assert!(again.iter().all(|order| orders.contains(&order)));
    }
    Ok(())
}

async fn empty_results_are_remembered_by_every_strategy(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 0).await?;
    for load in [User::orders.selectin(), User::orders.joined(), User::orders.subquery(), User::orders.immediate()] {
        let session = db.session();
        let users = users().with(load).with(User::profile.joined()).all(&session).await?;
        let sent = session.statement_count();
        for user in users {
            assert!(user.orders().await?.is_empty() && user.profile().await?.is_none());
        }
        assert_eq!(session.statement_count(), sent);
    }
    Ok(())
}

async fn counts_and_existence_do_not_load(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 2).await?;
    let session = db.session();
    let query = users().with(User::orders.joined());
    assert_eq!((query.clone().count(&session).await?, query.exists(&session).await?), (3, true));
    assert_eq!(session.statement_count(), 2);
    Ok(())
}

async fn eager_loading_keeps_pending_pushes(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 2).await?;
    for load in [User::orders.selectin(), User::orders.joined()] {
        let session = db.session();
        let user = users().one(&session).await?;
        let pushed = user.orders().push(Order::builder())?;
        session.no_autoflush(async || users().with(load).all(&session).await).await?;
        assert_eq!(user.orders().loaded()?.len(), 3);
        assert_eq!(user.orders().loaded()?.last(), Some(pushed));
        session.rollback().await?;
    }
    Ok(())
}

async fn options_below_a_lazy_relationship_wait_for_it(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 2).await?;
    let session = db.session();
    let user = users().with(User::orders.lazy().with(Order::items.selectin())).one(&session).await?;
    assert_eq!(session.statement_count(), 1);
    let (orders, sent) = statements!(session, user.orders().await?);
    assert_eq!(sent, 2);
    assert!(orders.iter().all(|order| order.items().is_loaded()));
    Ok(())
}

async fn a_loaded_relationship_loads_what_is_below_it(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let all = users().with(User::orders).all(&session).await?;
    let load = User::orders.selectin().with(Order::items.selectin());
    let (_, sent) = statements!(session, users().with(load).all(&session).await?);
    assert_eq!(sent, 2, "users and items; the orders are there");
    assert!(all.iter().flat_map(|user| user.orders().loaded()).flatten().all(|order| order.items().is_loaded()));
    Ok(())
}

async fn filters_on_a_relationship_do_not_shrink_what_is_joined(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let order = Order::query().order_by(Order::id.asc()).first(&session).await?.expect("there are orders");
    let with_that = User::orders.any(Order::id.eq(order.id));
    let reading = db.session();
    let user = User::query().filter(with_that).with(User::orders.joined()).one(&reading).await?;
    assert_eq!(user.orders().loaded()?.len(), 2);
    Ok(())
}
