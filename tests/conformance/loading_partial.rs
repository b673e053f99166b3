//! Filtered and limited loads: read through the result that made them, never taken for the whole.
use crate::{
    fixtures::{shop_with, users},
    models::*,
};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    a_filtered_load_is_read_as_partial_only,
    each_result_has_its_own_part,
    a_limit_is_for_each_owner,
    a_limited_many_to_many_is_for_each_owner,
    every_strategy_takes_a_filter,
    what_is_below_a_part_is_loaded,
    a_part_is_no_reason_to_delete_the_rest,
    a_value_knows_that_it_holds_but_a_part,
}

async fn some_open(db: &Db) -> Result<()> {
    shop_with(db, 3, 3).await?;
    let session = db.session();
    for user in users().with(User::orders.selectin().order_by(Order::id.asc())).all(&session).await? {
        user.orders().loaded()?.last().expect("there are three").set(Order::status, "open");
    }
    session.commit().await
}

async fn a_filtered_load_is_read_as_partial_only(db: TestDb) -> Result<()> {
    some_open(&db).await?;
    let session = db.session();
    let open = User::orders.filter(Order::status.eq("open"));
    let all = users().with(open).all(&session).await?;
    for user in &all {
        assert!(user.orders().loaded().is_err_and(|error| error.is_not_loaded()));
        let part = user.orders().partial()?;
        assert_eq!((part.len(), part.first().map(|order| order.user_id)), (1, Some(user.id)));
        assert_eq!(part.first().expect("one is open").status, "open");
    }
    assert_eq!(session.statement_count(), 2);
    let (orders, sent) = statements!(session, all[0].orders().await?);
    assert_eq!((orders.len(), sent), (3, 1), "the whole is loaded apart");
    assert_eq!(all[0].orders().partial()?.len(), 1);
    Ok(())
}

async fn each_result_has_its_own_part(db: TestDb) -> Result<()> {
    some_open(&db).await?;
    let session = db.session();
    let open = users().with(User::orders.filter(Order::status.eq("open"))).all(&session).await?;
    let pending = users().with(User::orders.filter(Order::status.eq("pending"))).all(&session).await?;
    assert_eq!(open, pending);
    for (open, pending) in open.iter().zip(&pending) {
        assert_eq!((open.orders().partial()?.len(), pending.orders().partial()?.len()), (1, 2));
    }
    let plain = users().first(&session).await?.expect("there are three");
    assert!(plain.orders().partial().is_err_and(|error| error.is_not_loaded()));
    Ok(())
}

async fn a_limit_is_for_each_owner(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 4).await?;
    for load in [User::orders.selectin(), User::orders.joined(), User::orders.subquery()] {
        let session = db.session();
        let newest = load.order_by(Order::id.desc()).limit(2);
        for user in users().with(newest).all(&session).await? {
            let ids: Vec<i64> = user.orders().partial()?.iter().map(|order| order.id).collect();
            assert!(ids.len() == 2 && ids[0] > ids[1], "{ids:?}");
            let newest = Order::query().filter(Order::user_id.eq(user.id)).order_by(Order::id.desc());
            assert_eq!(newest.first(&session).await?.map(|order| order.id), Some(ids[0]));
        }
    }
    Ok(())
}

async fn a_limited_many_to_many_is_for_each_owner(db: TestDb) -> Result<()> {
    let writing = db.session();
    let roles = ["a", "b", "c"].map(|name| writing.add(Role::builder().name(name)));
    for email in ["x", "y"] {
        let user = writing.add(User::builder().email(email));
        for role in roles {
            user.roles().push(role)?;
        }
    }
    writing.commit().await?;
    let session = db.session();
    let load = User::roles.selectin().order_by(Role::name.desc()).limit(2);
    for user in users().with(load).all(&session).await? {
        let names: Vec<&str> = user.roles().partial()?.iter().map(|role| role.value().name.as_str()).collect();
        assert_eq!(names, ["c", "b"]);
    }
    Ok(())
}

async fn every_strategy_takes_a_filter(db: TestDb) -> Result<()> {
    some_open(&db).await?;
    for load in [User::orders.selectin(), User::orders.joined(), User::orders.subquery(), User::orders.immediate()] {
        let session = db.session();
        let all = users().with(load.filter(Order::status.eq("open"))).all(&session).await?;
        assert_eq!(all.len(), 3, "owners stay");
        for user in all {
            assert_eq!(user.orders().partial()?.len(), 1);
            assert!(!user.orders().is_loaded());
        }
    }
    // A filter may look at related rows.
    for load in [User::orders.selectin(), User::orders.joined()] {
        let session = db.session();
        let load = load.filter(Order::items.any(OrderItem::product.path(Product::name).eq("laptop")));
        for user in users().with(load).all(&session).await? {
            assert_eq!(user.orders().partial()?.len(), 3);
        }
    }
    Ok(())
}

async fn what_is_below_a_part_is_loaded(db: TestDb) -> Result<()> {
    some_open(&db).await?;
    let session = db.session();
    let open = User::orders.filter(Order::status.eq("open")).with(Order::items.filter(OrderItem::quantity.gt(1)));
    for user in users().with(open).all(&session).await? {
        let order = user.orders().partial()?.first().expect("one is open");
        assert_eq!(order.items().partial()?.len(), 1);
    }
    assert_eq!(session.statement_count(), 3);
    Ok(())
}

async fn a_part_is_no_reason_to_delete_the_rest(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let load = Order::items.filter(OrderItem::quantity.gt(1));
    let order = Order::query().with(load).one(&session).await?;
    assert_eq!(order.items().partial()?.len(), 1);
    order.set(Order::status, "sent");
    session.commit().await?;
    assert_eq!(OrderItem::query().count(&*db).await?, 2);
    session.delete(order);
    session.commit().await?;
    assert_eq!(OrderItem::query().count(&*db).await?, 0, "a delete finds those that were not loaded");
    Ok(())
}

async fn a_value_knows_that_it_holds_but_a_part(db: TestDb) -> Result<()> {
    some_open(&db).await?;
    let load = || User::orders.filter(Order::status.eq("open"));
    let values = users().with(load()).all(&*db).await?;
    let session = db.session();
    let copies = users().with(load()).all(&session).await?;
    for (value, entity) in values.iter().zip(copies) {
        let copy = entity.to_value();
        assert!(value.orders.is_partial() && copy.orders.is_partial());
        assert_eq!((value.orders.get()?, value.orders.get()?.len()), (copy.orders.get()?, 1));
    }
    let whole = users().with(User::orders).first(&*db).await?.expect("there are three");
    assert!(!whole.orders.is_partial());
    Ok(())
}
