//! What a query gives besides whole rows, and writes of many rows.
use crate::{
    fixtures::{emails, found, four, shop_with, users},
    models::*,
};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    columns_are_selected_as_tuples,
    groups_are_counted_and_narrowed,
    aggregates_of_nothing_are_none,
    a_query_is_a_list_for_another,
    distinct_rows_of_columns_come_once,
    updates_of_many_rows_need_a_filter,
    many_rows_are_updated_by_an_expression,
    deletes_of_many_rows_need_a_filter,
    limited_and_related_rows_are_deleted,
    a_query_is_built_in_steps,
    autoflush_writes_what_the_query_reads_only,
    no_autoflush_reads_what_is_stored,
    a_value_out_of_range_names_its_column,
    a_lock_begins_the_transaction,
}

async fn columns_are_selected_as_tuples(db: TestDb) -> Result<()> {
    four(&db).await?;
    let rows = users().select((User::email, User::name, User::credit)).all(&*db).await?;
    assert_eq!(rows[1], ("b".to_owned(), Some("Bob".to_owned()), 20));
    assert_eq!(rows[3], ("d".to_owned(), None, 40));
    let session = db.session();
    let (credits, sent) = statements!(session, users().select(User::credit).all(&session).await?);
    assert_eq!((credits, sent), (vec![10, 20, 30, 40], 1));
    Ok(())
}

async fn groups_are_counted_and_narrowed(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 2).await?;
    let groups = Order::query()
        .select((Order::user.path(User::email), orm::count()))
        .group_by(Order::user.path(User::email))
        .order_by(Order::user.path(User::email).asc());
    let rows: Vec<(String, i64)> = groups.clone().all(&*db).await?;
    assert_eq!(rows, [("u0".into(), 2), ("u1".into(), 2), ("u2".into(), 2)]);
    assert!(groups.clone().having(orm::count().gt(2)).all(&*db).await?.is_empty());
    assert_eq!(groups.having(Order::id.min().is_not_null()).limit(2).all(&*db).await?.len(), 2);
    let sums =
        OrderItem::query().select((OrderItem::product_id, OrderItem::quantity.sum())).group_by(OrderItem::product_id);
    assert_eq!(sums.all(&*db).await?.iter().map(|(_, sum)| sum.unwrap_or_default()).sum::<i64>(), 18);
    Ok(())
}

async fn aggregates_of_nothing_are_none(db: TestDb) -> Result<()> {
    let numbers = || User::query().select((orm::count(), User::credit.sum(), User::credit.max(), User::credit.avg()));
    assert_eq!(numbers().one(&*db).await?, (0, None, None, None));
    four(&db).await?;
    assert_eq!(numbers().one(&*db).await?, (4, Some(100), Some(40), Some(25.0)));
    assert_eq!(User::query().select((User::name.count(), User::name.count_distinct())).one(&*db).await?, (2, 2));
    Ok(())
}

async fn a_query_is_a_list_for_another(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 1).await?;
    let session = db.session();
    let order = Order::query().order_by(Order::id.desc()).first(&session).await?.expect("there are orders");
    order.set(Order::status, "paid");
    session.commit().await?;
    let paid = || Order::query().filter(Order::status.eq("paid")).select(Order::user_id);
    assert_eq!(found(&db, User::id.is_in(paid())).await?, ["u2"]);
    assert_eq!(found(&db, User::id.not_in(paid())).await?, ["u0", "u1"]);
    let newest = Order::query().order_by(Order::id.asc()).limit(2).select(Order::user_id);
    assert_eq!(found(&db, User::id.is_in(newest)).await?, ["u0", "u1"]);
    Ok(())
}

async fn distinct_rows_of_columns_come_once(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 3).await?;
    let statuses = Order::query().select(Order::status).distinct().all(&*db).await?;
    assert_eq!(statuses, ["pending"]);
    assert_eq!(User::query().distinct().with(User::orders.joined()).all(&*db).await?.len(), 2);
    Ok(())
}

async fn updates_of_many_rows_need_a_filter(db: TestDb) -> Result<()> {
    four(&db).await?;
    let error = User::query().set(User::credit, 0).update(&*db).await.expect_err("there is no filter");
    assert!(error.to_string().contains("all_rows"), "{error}");
    assert_eq!(User::query().filter(User::name.is_null()).set(User::credit, 0).update(&*db).await?, 2);
    assert_eq!(User::query().all_rows().set(User::name, None::<String>).update(&*db).await?, 4);
    assert_eq!(found(&db, User::credit.eq(0).and(User::name.is_null())).await?, ["c", "d"]);
    Ok(())
}

async fn many_rows_are_updated_by_an_expression(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    let rows = User::query().filter(User::email.eq("u0")).set(User::name, User::email).update(&session).await?;
    assert_eq!(rows, 1);
    session.rollback().await?;
    assert_eq!(found(&db, User::name.eq("user 0")).await?, ["u0"], "it was part of the transaction");
    let with_orders = User::query().filter(User::orders.any(Order::status.eq("pending")));
    assert_eq!(with_orders.set(User::credit, 5).set(User::name, "x").update(&*db).await?, 2);
    let of_user = Order::query().filter(Order::user.path(User::email).eq("u1"));
    assert_eq!(of_user.set(Order::status, "sent").update(&*db).await?, 1);
    Ok(())
}

async fn deletes_of_many_rows_need_a_filter(db: TestDb) -> Result<()> {
    four(&db).await?;
    let error = User::query().delete(&*db).await.expect_err("there is no filter");
    assert!(error.to_string().contains("all_rows"), "{error}");
    assert_eq!(User::query().filter(User::credit.gt(20)).delete(&*db).await?, 2);
    assert_eq!(User::query().all_rows().delete(&*db).await?, 2);
    Ok(())
}

async fn limited_and_related_rows_are_deleted(db: TestDb) -> Result<()> {
    four(&db).await?;
    assert_eq!(users().limit(1).delete(&*db).await?, 1);
    assert_eq!(User::query().filter(User::orders.none(Predicate::always())).delete(&*db).await?, 3);
    shop_with(&db, 1, 2).await?;
    let items = OrderItem::query().filter(OrderItem::order.has(Order::user.has(User::email.eq("u0"))));
    assert_eq!(items.delete(&*db).await?, 4);
    Ok(())
}

async fn a_query_is_built_in_steps(db: TestDb) -> Result<()> {
    four(&db).await?;
    let mut query = users();
    for (wanted, name) in [(true, "a"), (false, "b")] {
        if wanted {
            query = query.filter(User::email.eq(name)).with(User::orders);
        }
    }
    assert_eq!(emails(&query.clone().all(&*db).await?), ["a"]);
    assert_eq!(query.count(&*db).await?, 1);
    Ok(())
}

async fn autoflush_writes_what_the_query_reads_only(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    user.set(User::credit, 11);
    let (_, sent) = statements!(session, Product::query().all(&session).await?);
    assert_eq!(sent, 1, "products do not depend on users");
    let (_, sent) =
        statements!(session, Order::query().filter(Order::user.has(User::credit.eq(11))).all(&session).await?);
    assert_eq!(sent, 2, "the condition reads users");
    session.add(Role::builder().name("admin"));
    let (count, sent) = statements!(session, Role::query().count(&session).await?);
    assert_eq!((count, sent), (1, 2));
    let (_, sent) = statements!(session, session.get::<User>(user.id).await?);
    assert_eq!(sent, 0);
    session.rollback().await
}

async fn no_autoflush_reads_what_is_stored(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("new"));
    let count = session.no_autoflush(async || users().count(&session).await).await?;
    assert_eq!((count, users().count(&session).await?), (0, 1));
    session.rollback().await
}

/// The orders' table with a column that is too small for what is in it.
#[derive(Model, Clone, Debug)]
#[orm(table = "users")]
struct Narrow {
    #[orm(primary_key)]
    id: i64,
    credit: i8,
}

async fn a_value_out_of_range_names_its_column(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("a").credit(1_000));
    session.commit().await?;
    let error = Narrow::query().one(&*db).await.expect_err("1,000 is no i8");
    assert!(error.to_string().contains("users.credit") && error.to_string().contains("Narrow::credit"), "{error}");
    let error = Narrow::query().one(&session).await.expect_err("1,000 is no i8");
    assert!(error.to_string().contains("users.credit"), "{error}");
    Ok(())
}

async fn a_lock_begins_the_transaction(db: TestDb) -> Result<()> {
    four(&db).await?;
    let session = db.session();
    let user = users().with(User::orders.joined()).limit(1).for_update().one(&session).await?;
    user.set(User::credit, 1);
    session.commit().await?;
    let value = users().filter(User::email.eq("a")).for_update().one(session.values()).await?;
    assert_eq!(value.credit, 1);
    session.rollback().await
}
