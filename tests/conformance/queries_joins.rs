//! Joins that a query names, queries put together, and rows that can be reached from others.
use crate::{
    fixtures::{emails, four, shop_with, users},
    models::*,
};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    shop:
    a_join_repeats_its_rows_and_distinct_does_not,
    columns_of_joins_are_selected,
    an_outer_join_gives_nulls,
    whole_rows_are_selected_together,
    an_alias_that_is_not_joined_is_told,
    unrelated_rows_are_joined,
    a_join_feeds_a_relationship,
    a_join_feeds_relationships_on_several_levels,
    numbers_of_joined_rows_are_right,
    queries_are_put_together,
    results_are_put_together,
    rows_are_locked_whatever_is_loaded_along,
}

async fn a_join_repeats_its_rows_and_distinct_does_not(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let query = || users().join(User::orders);
    assert_eq!(emails(&query().all(&*db).await?), ["u0", "u0", "u1", "u1"]);
    let entities = query().with(User::orders.joined()).all(&session).await?;
    assert_eq!((entities.len(), entities[0] == entities[1], entities[0].orders().loaded()?.len()), (4, true, 2));
    assert_eq!(emails(&query().distinct().all(&*db).await?), ["u0", "u1"]);
    assert_eq!(query().distinct().limit(1).offset(1).all(&session).await?.len(), 1);
    Ok(())
}

async fn columns_of_joins_are_selected(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let items = Order::items.alias("items");
    let product = items.join(OrderItem::product.alias("product"));
    let name = || product.column(Product::name);
    let rows = Order::query()
        .join(&items)
        .join(&product)
        .select((name(), items.column(OrderItem::quantity).sum()))
        .group_by(name())
        .order_by(name())
        .all(&*db)
        .await?;
    assert!(rows.iter().any(|(name, sum)| name == "laptop" && sum.is_some_and(|sum| sum >= 2)), "{rows:?}");
    Ok(())
}

async fn an_outer_join_gives_nulls(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    session.add(User::builder().email("x"));
    session.commit().await?;
    let orders = User::orders.outer_alias("orders").on(|orders| orders.column(Order::status).eq("pending"));
    let rows =
        users().left_join(&orders).select((User::email, orders.column(Order::status), orders.row())).all(&*db).await?;
    assert_eq!(rows[0].1.as_deref(), Some("pending"));
    assert_eq!((&rows[1].0, &rows[1].1, &rows[1].2), (&"x".to_owned(), &None, &None));
    let roles = User::roles.outer_alias("roles").on(|roles| roles.column(Role::name).eq("none"));
    assert_eq!(users().left_join(&roles).select(roles.column(Role::name)).all(&*db).await?, [None, None]);
    Ok(())
}

async fn whole_rows_are_selected_together(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 2).await?;
    let user = Order::user.alias("user");
    let rows =
        Order::query().join(&user).order_by(Order::id).select((orm::row(), user.row(), Order::id)).all(&*db).await?;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|(order, user, id)| order.user_id == user.id && order.id == *id && user.email == "u0"));
    Ok(())
}

async fn an_alias_that_is_not_joined_is_told(db: TestDb) -> Result<()> {
    let orders = User::orders.alias("orders");
    let session = db.session();
    let missing = users().filter(orders.column(Order::status).eq("x")).all(&session).await.expect_err("not joined");
    assert!(missing.to_string().contains(".join(&orders)"), "{missing}");
    let twice = users().join(&orders).join(&orders).count(&session).await.expect_err("twice");
    assert!(twice.to_string().contains("two joins"), "{twice}");
    assert_eq!(session.statement_count(), 0);
    Ok(())
}

async fn unrelated_rows_are_joined(db: TestDb) -> Result<()> {
    four(&db).await?;
    let other = orm::alias("other").on(|other| other.column(User::credit).gt(User::credit));
    let pairs = users().join(&other).select((User::email, other.column(User::email))).all(&*db).await?;
    assert_eq!(pairs.len(), 6);
    Ok(())
}

async fn a_join_feeds_a_relationship(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let orders = User::orders.alias("orders");
    let first = Order::query().order_by(Order::id).first(&*db).await?.map(|order| order.id);
    let query = || {
        let wanted = orders.column(Order::id).eq(first.unwrap_or_default());
        users().join(&orders).filter(wanted).with(User::orders.from_join(&orders))
    };
    let found = query().all(&session).await?;
    assert_eq!((found.len(), session.statement_count()), (1, 1));
    assert_eq!(found[0].orders().partial()?.len(), 1);
    assert!(!found[0].orders().is_loaded());
    assert_eq!(found[0].orders().await?.len(), 2);
    let values = query().all(&*db).await?;
    assert!(values[0].orders.is_partial());
    Ok(())
}

async fn a_join_feeds_relationships_on_several_levels(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let orders = User::orders.alias("orders");
    let items = orders.join(Order::items.alias("items"));
    let loaded = users()
        .join(&orders)
        .join(&items)
        .with(User::orders.from_join(&orders).with(Order::items.from_join(&items)))
        .all(&session)
        .await?;
    assert_eq!((loaded.len(), session.statement_count()), (2, 1));
    let of_first = loaded[0].orders().partial()?;
    assert_eq!(of_first.len(), 2);
    for order in of_first {
        assert_eq!(order.items().partial()?.len(), 2);
    }
    Ok(())
}

async fn numbers_of_joined_rows_are_right(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 2).await?;
    let query = || users().join(User::orders);
    assert_eq!(query().count(&*db).await?, 6);
    assert_eq!(query().distinct().count(&*db).await?, 3);
    assert_eq!(query().limit(4).count(&*db).await?, 4);
    assert_eq!(query().select(User::id).distinct().count(&*db).await?, 3);
    assert!(query().exists(&*db).await?);
    let page = query().distinct().page(&*db, 1, 2).await?;
    assert_eq!((page.total, page.items.len()), (3, 2));
    Ok(())
}

async fn queries_are_put_together(db: TestDb) -> Result<()> {
    four(&db).await?;
    let with = |text: &str| User::query().filter(User::email.eq(text));
    let both = with("a").union(with("b")).union(with("a")).order_by(User::email.desc());
    assert_eq!(emails(&both.clone().all(&*db).await?), ["b", "a"]);
    assert_eq!(emails(&both.limit(1).all(&*db).await?), ["b"]);
    assert_eq!(with("a").union_all(with("a")).count(&*db).await?, 2);
    assert_eq!(with("a").union_all(with("a")).all(&db.session()).await?.len(), 2);
    assert_eq!(emails(&users().intersect(with("c")).all(&*db).await?), ["c"]);
    assert_eq!(
        emails(&User::query().except(with("a")).except(with("d")).order_by(User::email).all(&*db).await?),
        ["b", "c"]
    );
    let poorest = User::query().order_by(User::credit).limit(1);
    let richest = User::query().order_by(User::credit.desc()).limit(1);
    assert_eq!(emails(&poorest.union(richest).order_by(User::email).all(&*db).await?), ["a", "d"]);
    Ok(())
}

async fn results_are_put_together(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let emails = User::query().select(User::email);
    let all = emails.clone().union(Product::query().select(Product::name));
    let name = all.columns();
    let names = all.order_by(name.desc()).all(&*db).await?;
    assert!(names.windows(2).all(|pair| pair[0] > pair[1]) && names.contains(&"u1".to_owned()), "{names:?}");
    assert_eq!(emails.clone().union_all(emails.clone()).count(&*db).await?, 4);
    assert_eq!(emails.clone().except(emails.limit(1)).count(&*db).await?, 1);
    Ok(())
}

async fn rows_are_locked_whatever_is_loaded_along(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    let query = || users().with(User::orders.joined()).with(User::profile).limit(1);
    assert_eq!(query().for_update().all(&session).await?.len(), 1);
    assert_eq!(query().for_share().all(&session).await?.len(), 1);
    assert_eq!(users().union(User::query()).order_by(User::id).for_update().nowait().all(&session).await?.len(), 2);
    session.rollback().await?;
    assert_eq!(query().for_update().skip_locked().all(&session).await?.len(), 1);
    session.rollback().await
}
