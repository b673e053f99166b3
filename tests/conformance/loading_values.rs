//! Plain values: rows with what was loaded inside them, without a session; and streams of them.
use crate::{
    fixtures::{shop_with, tree_with, users},
    models::*,
};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    values_hold_what_was_loaded_by_every_strategy,
    what_was_not_loaded_says_so,
    parents_are_copied_into_each_value,
    values_nest_three_levels,
    a_missing_partner_is_none_in_a_value,
    many_to_many_values_are_copied_for_each_owner,
    values_inside_a_transaction_see_its_changes,
    noload_leaves_a_value_empty_and_partial,
    a_copy_of_an_entity_has_the_shape_of_its_query,
    a_stream_gives_all_rows_in_order,
    a_stream_loads_for_each_batch,
    a_stream_joins_parents_and_loads_joined_collections_apart,
    a_dropped_stream_gives_its_connection_back,
    a_stream_tells_the_error_and_ends,
    an_empty_stream_ends_at_once,
}

on_every_database! {
    graph:
    a_tree_of_values_goes_to_its_depth,
}

async fn values_hold_what_was_loaded_by_every_strategy(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    for load in [User::orders.selectin(), User::orders.joined(), User::orders.subquery(), User::orders.immediate()] {
        let users: Vec<User> = users().with(load).all(&*db).await?;
        for user in users {
            let orders = user.orders.get()?;
            assert_eq!(orders.len(), 2);
            assert!(orders.iter().all(|order| order.user_id == user.id));
        }
    }
    Ok(())
}

async fn what_was_not_loaded_says_so(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let user = users().one(&*db).await?;
    assert!(user.orders.is_unloaded());
    assert!(user.orders.get().is_err_and(|error| error.is_not_loaded()));
    let lazy = users().with(User::orders.lazy()).one(&*db).await?;
    assert!(lazy.orders.is_unloaded());
    Ok(())
}

async fn parents_are_copied_into_each_value(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 3).await?;
    for load in [Order::user.joined(), Order::user.selectin(), Order::user.subquery(), Order::user.inner_joined()] {
        let orders = Order::query().with(load).all(&*db).await?;
        assert_eq!(orders.len(), 6);
        for order in orders {
            assert_eq!(order.user.get()?.map(|user| user.id), Some(order.user_id));
        }
    }
    Ok(())
}

async fn values_nest_three_levels(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let loads = [
        User::orders.selectin().with(Order::items.selectin().with(OrderItem::product.selectin())),
        User::orders.joined().with(Order::items.joined().with(OrderItem::product.joined())),
        User::orders.subquery().with(Order::items.joined().with(OrderItem::product.selectin())),
    ];
    for load in loads {
        for user in users().with(load).all(&*db).await? {
            for order in user.orders.get()? {
                let items = order.items.get()?;
                assert_eq!(items.len(), 2);
                for item in items {
                    assert_eq!(item.product.get()?.map(|product| product.id), Some(item.product_id));
                }
            }
        }
    }
    Ok(())
}

async fn a_missing_partner_is_none_in_a_value(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("a").profile(UserProfile::builder().bio("x")));
    session.add(User::builder().email("b"));
    session.commit().await?;
    for load in [User::profile.joined(), User::profile.selectin()] {
        let users = users().with(load).all(&*db).await?;
        let bios = users.iter().map(|user| Ok(user.profile.get()?.map(|profile| profile.bio.as_str())));
        assert_eq!(bios.collect::<Result<Vec<_>>>()?, [Some("x"), None]);
    }
    Ok(())
}

async fn many_to_many_values_are_copied_for_each_owner(db: TestDb) -> Result<()> {
    let session = db.session();
    let admin = session.add(Role::builder().name("admin"));
    for email in ["a", "b"] {
        session.add(User::builder().email(email)).roles().push(admin)?;
    }
    session.commit().await?;
    for load in [User::roles.selectin(), User::roles.joined(), User::roles.subquery()] {
        for user in users().with(load.with(Role::users.selectin())).all(&*db).await? {
            let [role] = user.roles.get()? else { panic!("one role") };
            assert_eq!((role.name.as_str(), role.users.get()?.len()), ("admin", 2));
        }
    }
    Ok(())
}

async fn values_inside_a_transaction_see_its_changes(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    user.set(User::credit, 99);
    let inside = users().with(User::orders).one(session.values()).await?;
    assert_eq!((inside.credit, inside.orders.get()?.len()), (99, 1));
    assert_eq!(users().one(&*db).await?.credit, 10);
    assert_eq!(User::query().filter(User::credit.eq(99)).count(session.values()).await?, 1);
    session.rollback().await
}

async fn noload_leaves_a_value_empty_and_partial(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let value = users().with((User::orders.noload(), User::profile.noload())).one(&*db).await?;
    assert!(value.orders.get()?.is_empty() && value.orders.is_partial() && value.profile.get()?.is_none());
    let session = db.session();
    let entity = users().with(User::orders.noload()).one(&session).await?;
    assert!(entity.to_value().orders.get()?.is_empty());
    Ok(())
}

async fn a_copy_of_an_entity_has_the_shape_of_its_query(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let load = User::orders.selectin().with(Order::items.joined()).with(Order::user);
    let user = users().with(load).one(&session).await?;
    user.profile().await?;
    let value = user.to_value();
    let [order] = value.orders.get()? else { panic!("one order") };
    assert_eq!(order.items.get()?.len(), 2);
    assert!(value.profile.is_unloaded(), "no part of the query");
    assert!(order.user.get()?.is_none(), "on the way from the root already");
    assert!(order.items.get()?[0].product.is_unloaded());
    let plain = session.get_one::<User>(user.id).await?;
    assert!(plain.to_value().orders.is_unloaded());
    Ok(())
}

async fn a_stream_gives_all_rows_in_order(db: TestDb) -> Result<()> {
    shop_with(&db, 2_500, 0).await?;
    let mut stream = users().stream(&db);
    let mut last = 0;
    let mut count = 0;
    while let Some(user) = stream.next().await {
        let user = user?;
        assert!(user.id > last);
        (last, count) = (user.id, count + 1);
    }
    assert_eq!(count, 2_500);
    assert!(stream.next().await.is_none());
    Ok(())
}

async fn a_stream_loads_for_each_batch(db: TestDb) -> Result<()> {
    shop_with(&db, 1_200, 1).await?;
    let load = User::orders.selectin().with(Order::items.subquery());
    let mut stream = users().with(load).stream(&db);
    let mut items = 0;
    while let Some(user) = stream.next().await {
        let user = user?;
        for order in user.orders.get()? {
            assert_eq!(order.user_id, user.id);
            items += order.items.get()?.len();
        }
    }
    assert_eq!(items, 2_400);
    Ok(())
}

async fn a_stream_joins_parents_and_loads_joined_collections_apart(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 2).await?;
    let load = Order::user.joined().with(User::orders.joined());
    let mut stream = Order::query().with(load).with(Order::items.joined()).limit(5).stream(&db);
    let mut count = 0;
    while let Some(order) = stream.next().await {
        let order = order?;
        let user = order.user.get()?.expect("every order has one");
        assert_eq!((user.orders.get()?.len(), order.items.get()?.len()), (2, 2));
        count += 1;
    }
    assert_eq!(count, 5);
    Ok(())
}

async fn a_dropped_stream_gives_its_connection_back(db: TestDb) -> Result<()> {
    shop_with(&db, 1_500, 0).await?;
    // More often than there are connections.
    for _ in 0..25 {
        let mut stream = users().with(User::orders).stream(&db);
        assert!(stream.next().await.is_some_and(|first| first.is_ok()));
        drop(stream);
        assert_eq!(User::query().count(&*db).await?, 1_500);
    }
    let _never_asked = users().stream(&db);
    Ok(())
}

async fn a_stream_tells_the_error_and_ends(db: TestDb) -> Result<()> {
    let mut stream = Unknown::query().stream(&db);
    assert!(stream.next().await.is_some_and(|first| first.is_err()));
    assert!(stream.next().await.is_none());
    Ok(())
}

#[derive(Model, Clone, Debug)]
struct Unknown {
    #[orm(primary_key)]
    id: i64,
}

async fn an_empty_stream_ends_at_once(db: TestDb) -> Result<()> {
    assert!(users().with(User::orders).stream(&db).next().await.is_none());
    Ok(())
}

async fn a_tree_of_values_goes_to_its_depth(db: TestDb) -> Result<()> {
    tree_with(&db, 2).await?;
    let roots = Category::query().filter(Category::parent_id.is_null());
    let root = roots.with(Category::children.selectin().recursive(2)).one(&*db).await?;
    for child in root.children.get()? {
        let leaves = child.children.get()?;
        assert!(leaves.len() == 2 && leaves.iter().all(|leaf| leaf.children.is_unloaded()));
    }
    let session = db.session();
    let (entity, sent) = statements!(
        session,
        Category::query()
            .filter(Category::parent_id.is_null())
            .with(Category::children.selectin().recursive(2))
            .one(&session)
            .await?
    );
    assert_eq!(sent, 3);
    let copy = entity.to_value();
    assert!(copy.children.get()?.iter().all(|child| child.children.get().is_ok_and(|leaves| leaves.len() == 2)));
    Ok(())
}
