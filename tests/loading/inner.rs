//! Inner joins, also where nothing can be joined.
use crate::{fixtures::*, models::*};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    shop:
    an_inner_join_that_is_limited_leaves_out_owners,
    a_second_inner_collection_leaves_out_owners,
    a_filtered_inner_join_wants_a_target_that_meets_it,
    an_inner_join_below_a_parent_leaves_out_owners,
    no_member_of_a_collection_is_lost,
    a_limit_counts_the_owners_that_are_left,
}

on_every_database! {
    trees:
    a_recursive_inner_join_leaves_out_leaves,
}

/// `c0` with orders, `c1` without.
async fn two(db: &Db) -> Result<()> {
    customers(db, 1, 2).await?;
    let session = db.session();
    session.add(Customer::builder().name("c1"));
    session.commit().await
}

fn names(found: &[Entity<'_, Customer>]) -> Vec<String> {
    found.iter().map(|customer| customer.value().name.clone()).collect()
}

async fn an_inner_join_that_is_limited_leaves_out_owners(db: TestDb) -> Result<()> {
    two(&db).await?;
    let session = db.session();
    let found = by_id().with(Customer::orders.inner_joined().limit(1)).all(&session).await?;
    assert_eq!((names(&found), session.statement_count()), (vec!["c0".to_owned()], 2));
    assert_eq!(found[0].orders().partial()?.len(), 1);
    let values = by_id().with(Customer::orders.inner_joined().limit(1)).all(&*db).await?;
    assert_eq!(values.len(), 1);
    Ok(())
}

async fn a_second_inner_collection_leaves_out_owners(db: TestDb) -> Result<()> {
    two(&db).await?;
    let writing = db.session();
    for name in ["c2", "c3"] {
        let label = writing.add(Label::builder().name(name));
        writing.add(Customer::builder().name(name)).labels().push(label)?;
    }
    let labels = Label::query().all(&writing).await?;
    by_id().first(&writing).await?.expect("c0").labels().push(labels[0])?;
    writing.commit().await?;
    let session = db.session();
    let query = by_id().with((Customer::orders.inner_joined(), Customer::labels.inner_joined()));
    let found = query.all(&session).await?;
    assert_eq!((names(&found), session.statement_count()), (vec!["c0".to_owned()], 2));
    assert_eq!((found[0].orders().loaded()?.len(), found[0].labels().loaded()?.len()), (2, 1));
    Ok(())
}

async fn a_filtered_inner_join_wants_a_target_that_meets_it(db: TestDb) -> Result<()> {
    two(&db).await?;
    let open = || Order::status.eq("open");
    for load in
        [Customer::orders.inner_joined().filter(open()), Customer::orders.inner_joined().filter(open()).limit(5)]
    {
        let session = db.session();
        let found = by_id().with(load).all(&session).await?;
        assert_eq!(names(&found), ["c0"]);
        assert_eq!(found[0].orders().partial()?.len(), 1);
    }
    for load in [
        Customer::orders.inner_joined().filter(Order::status.eq("lost")),
        Customer::orders.inner_joined().filter(Order::status.eq("lost")).limit(5),
    ] {
        assert!(by_id().with(load).all(&db.session()).await?.is_empty());
    }
    Ok(())
}

async fn an_inner_join_below_a_parent_leaves_out_owners(db: TestDb) -> Result<()> {
    customers(&db, 1, 1).await?;
    let writing = db.session();
    let plain = writing.add(Product::builder().name("own make"));
    let order = Order::query().one(&writing).await?;
    writing.add(Item::builder().order(order).product(plain).position(9));
    writing.commit().await?;
    let session = db.session();
    let load = Item::product.inner_joined().with(Product::supplier.inner_joined());
    assert_eq!(Item::query().with(load).all(&session).await?.len(), 2);
    assert_eq!(session.statement_count(), 1);
    // The same where the lower one is not joined.
    let load = Item::order.inner_joined().with(Order::items.inner_joined().filter(Item::position.gt(90)).limit(1));
    assert!(Item::query().with(load).all(&session).await?.is_empty());
    Ok(())
}

async fn no_member_of_a_collection_is_lost(db: TestDb) -> Result<()> {
    two(&db).await?;
    let writing = db.session();
    let customer = by_id().first(&writing).await?.expect("c0");
    customer.orders().push(Order::builder().status("empty"))?;
    writing.commit().await?;
    for load in [
        Customer::orders.inner_joined().with(Order::items.inner_joined()),
        Customer::orders.inner_joined().with(Order::items.inner_joined().limit(1)),
        Customer::orders.selectin().with(Order::items.inner_joined()),
        Customer::orders.joined().with(Order::items.inner_joined()),
    ] {
        let session = db.session();
        let found = by_id().with(load).all(&session).await?;
        assert_eq!(found[0].orders().loaded()?.len(), 3, "the collection is whole");
    }
    Ok(())
}

async fn a_limit_counts_the_owners_that_are_left(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Customer::builder().name("none"));
    writing.commit().await?;
    customers(&db, 3, 1).await?;
    let session = db.session();
    for load in [Customer::orders.inner_joined().limit(1), Customer::orders.inner_joined()] {
        let found = by_id().limit(2).with(load.clone()).all(&session).await?;
        assert_eq!(names(&found), ["c0", "c1"]);
        assert_eq!(names(&by_id().offset(1).limit(9).with(load).all(&session).await?), ["c1", "c2"]);
    }
    Ok(())
}

async fn a_recursive_inner_join_leaves_out_leaves(db: TestDb) -> Result<()> {
    chain(&db, 3).await?;
    let session = db.session();
    let load = Category::children.inner_joined().recursive(2);
    let found = Category::query().order_by(Category::id).with(load).all(&session).await?;
    assert_eq!(found.len(), 2, "the last one has no children");
    assert_eq!(levels(found[0]), 2);
    Ok(())
}
