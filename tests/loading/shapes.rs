//! Trees of loads: nested, side by side, over one another, and by keys of several columns.
use crate::{fixtures::*, models::*};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    five_levels_take_a_statement_each,
    four_joined_levels_take_one_statement,
    siblings_below_one_path_may_be_said_apart,
    the_last_option_of_a_path_counts,
    joined_collections_multiply_nothing,
    joined_collections_keep_limit_offset_and_distinct,
    every_strategy_has_the_order_of_the_relationship,
    every_strategy_takes_a_filter_of_its_own,
    only_parents_that_are_missing_are_asked_for,
    one_entity_on_two_paths_has_what_either_loads,
    collections_in_memory_keep_what_was_pushed,
    eager_loads_do_not_count,
}

on_every_database! {
    tenants:
    keys_of_two_columns_are_loaded_by_every_strategy,
}

async fn five_levels_take_a_statement_each(db: TestDb) -> Result<()> {
    customers(&db, 3, 2).await?;
    let session = db.session();
    let items = Order::items.selectin().with(Item::product.selectin().with(Product::supplier.selectin()));
    let found = by_id().with(Customer::orders.selectin().with(items)).all(&session).await?;
    assert_eq!((found.len(), session.statement_count()), (3, 5));
    for customer in found {
        for order in customer.orders().loaded()? {
            for item in order.items().loaded()? {
                let supplier = item.product().loaded()?.supplier().loaded()?;
                assert_eq!(supplier.map(|supplier| supplier.value().name.as_str()), Some("acme"));
            }
        }
    }
    Ok(())
}

async fn four_joined_levels_take_one_statement(db: TestDb) -> Result<()> {
    customers(&db, 2, 2).await?;
    let session = db.session();
    let items = Order::items.joined().with(Item::product.joined().with(Product::supplier.joined()));
    let found = by_id().with(Customer::orders.joined().with(items)).all(&session).await?;
    assert_eq!((found.len(), session.statement_count()), (2, 1));
    let order = found[1].orders().loaded()?.first().expect("there are two");
    let item = order.items().loaded()?.first().expect("there are two");
    assert!(item.product().loaded()?.supplier().loaded()?.is_some());
    Ok(())
}

async fn siblings_below_one_path_may_be_said_apart(db: TestDb) -> Result<()> {
    customers(&db, 2, 1).await?;
    let session = db.session();
    let found = by_id()
        .with(Customer::orders.selectin().with(Order::items.selectin()))
        .with(Customer::orders.with(Order::customer.lazy()))
        .with((Customer::orders, Customer::card))
        .all(&session)
        .await?;
    // Customers with their cards joined, orders, items.
    assert_eq!(session.statement_count(), 3);
    let order = found[0].orders().loaded()?.first().expect("there is one");
    assert_eq!((order.items().loaded()?.len(), found[0].card().loaded()?), (2, None));
    Ok(())
}

async fn the_last_option_of_a_path_counts(db: TestDb) -> Result<()> {
    customers(&db, 2, 1).await?;
    let count = async |query: Query<Customer>| {
        let session = db.session();
        query.all(&session).await?;
        Ok::<_, orm::Error>(session.statement_count())
    };
    assert_eq!(count(by_id().with(Customer::orders.selectin()).with(Customer::orders.joined())).await?, 1);
    assert_eq!(count(by_id().with(Customer::orders.joined()).with(Customer::orders.selectin())).await?, 2);
    // Without a strategy it says nothing of it.
    assert_eq!(count(by_id().with(Customer::orders.joined()).with(Customer::orders)).await?, 1);
    Ok(())
}

async fn labelled(db: &Db) -> Result<()> {
    customers(db, 3, 3).await?;
    let session = db.session();
    for customer in by_id().all(&session).await? {
        for name in ["a", "b"] {
            customer.labels().push(Label::builder().name(name))?;
        }
    }
    session.commit().await
}

async fn joined_collections_multiply_nothing(db: TestDb) -> Result<()> {
    labelled(&db).await?;
    let session = db.session();
    let loads = (Customer::orders.joined().with(Order::items.joined()), Customer::labels.joined());
    let found = by_id().with(loads.clone()).all(&session).await?;
    assert_eq!((found.len(), session.statement_count()), (3, 2));
    for customer in &found {
        let orders = customer.orders().loaded()?;
        assert_eq!((orders.len(), customer.labels().loaded()?.len()), (3, 2));
        assert!(orders.iter().all(|order| order.items().loaded().is_ok_and(|items| items.len() == 2)));
    }
    let values = by_id().with(loads).all(&*db).await?;
    assert!(values.iter().all(|value| value.orders.get().is_ok_and(|orders| orders.len() == 3)));
    Ok(())
}

async fn joined_collections_keep_limit_offset_and_distinct(db: TestDb) -> Result<()> {
    labelled(&db).await?;
    let session = db.session();
    let page = by_id().limit(1).offset(1).with(Customer::orders.joined()).all(&session).await?;
    assert_eq!((page.len(), page[0].value().name.as_str()), (1, "c1"));
    assert_eq!((page[0].orders().loaded()?.len(), session.statement_count()), (3, 1));
    let other = db.session();
    let joined = by_id().join(Customer::labels).distinct().limit(2).with(Customer::orders.joined());
    let found = joined.all(&other).await?;
    assert_eq!((found.len(), other.statement_count()), (2, 1));
    let beside = db.session();
    let repeated = by_id().join(Customer::labels).with(Customer::orders.joined()).all(&beside).await?;
    assert_eq!(
        (repeated.len(), beside.statement_count()),
        (6, 2),
        "beside rows that a join repeats it is loaded apart"
    );
    assert_eq!(found[1].orders().loaded()?.len(), 3);
    let behind = by_id().offset(1).with(Customer::orders.joined()).all(&other).await?;
    assert_eq!(behind.len(), 2);
    Ok(())
}

async fn every_strategy_has_the_order_of_the_relationship(db: TestDb) -> Result<()> {
    customers(&db, 1, 1).await?;
    let positions = |order: Entity<'_, Order>| -> Result<Vec<i32>> {
        Ok(order.items().loaded()?.iter().map(|item| item.value().position).collect())
    };
    let loads = [
        Order::items.selectin(),
        Order::items.joined(),
        Order::items.inner_joined(),
        Order::items.subquery(),
        Order::items.immediate(),
    ];
    for load in loads {
        let session = db.session();
        assert_eq!(positions(Order::query().with(load.clone()).one(&session).await?)?, [1, 0]);
        let other = db.session();
        let load = load.order_by(Item::id.asc());
        assert_eq!(positions(Order::query().with(load).one(&other).await?)?, [0, 1], "an option comes before it");
    }
    let session = db.session();
    let order = Order::query().one(&session).await?;
    order.items().await?;
    assert_eq!(positions(order)?, [1, 0]);
    Ok(())
}

async fn every_strategy_takes_a_filter_of_its_own(db: TestDb) -> Result<()> {
    customers(&db, 2, 3).await?;
    let loads = [
        Customer::orders.selectin(),
        Customer::orders.joined(),
        Customer::orders.inner_joined(),
        Customer::orders.subquery(),
        Customer::orders.immediate(),
    ];
    for load in loads {
        let session = db.session();
        let load = load.filter(Order::status.eq("done"));
        let found = by_id().filter(Customer::orders.any(Order::status.eq("open"))).with(load).all(&session).await?;
        assert_eq!(found.len(), 2);
        for customer in found {
            let done = customer.orders().partial()?;
            assert!(done.len() == 2 && done.iter().all(|order| order.value().status == "done"));
            assert!(!customer.orders().is_loaded(), "a part is not the whole");
        }
    }
    Ok(())
}

async fn only_parents_that_are_missing_are_asked_for(db: TestDb) -> Result<()> {
    customers(&db, 3, 1).await?;
    let session = db.session();
    let first = by_id().first(&session).await?;
    let load = || Order::query().order_by(Order::id).with(Order::customer.selectin());
    let (orders, sent) = statements!(session, load().limit(1).all(&session).await?);
    assert_eq!((orders[0].customer().loaded()?, sent), (first.expect("c0"), 1), "its parent is there");
    let (_, sent) = statements!(session, load().all(&session).await?);
    assert_eq!(sent, 2, "two parents are missing");
    let (_, sent) = statements!(session, load().all(&session).await?);
    assert_eq!(sent, 1, "none is");
    Ok(())
}

async fn one_entity_on_two_paths_has_what_either_loads(db: TestDb) -> Result<()> {
    customers(&db, 1, 2).await?;
    let session = db.session();
    let customer = Order::customer.selectin().with(Customer::labels.selectin());
    let load = Customer::orders.selectin().with(customer);
    let found = by_id().with(load).with(Customer::card).one(&session).await?;
    let again = found.orders().loaded()?.first().expect("there are two").customer().loaded()?;
    assert_eq!(again, found);
    for customer in [found, again] {
        assert!(customer.labels().is_loaded() && customer.card().is_loaded() && customer.orders().is_loaded());
    }
    Ok(())
}

async fn collections_in_memory_keep_what_was_pushed(db: TestDb) -> Result<()> {
    customers(&db, 1, 2).await?;
    let loads = [
        Customer::orders.selectin(),
        Customer::orders.joined(),
        Customer::orders.subquery(),
        Customer::orders.immediate(),
    ];
    for load in loads {
        let session = db.session();
        let customer = by_id().one(&session).await?;
        customer.orders().await?;
        let pushed = customer.orders().push(Order::builder().status("new"))?;
        session.no_autoflush(async || by_id().with(load).all(&session).await).await?;
        let orders = customer.orders().loaded()?;
        assert!(orders.len() == 3 && orders.contains(pushed));
        session.rollback().await?;
    }
    Ok(())
}

async fn eager_loads_do_not_count(db: TestDb) -> Result<()> {
    customers(&db, 3, 2).await?;
    let session = db.session();
    let query = || by_id().with(Customer::orders.joined().with(Order::items.joined()));
    assert_eq!(query().count(&session).await?, 3);
    assert!(query().exists(&session).await?);
    assert_eq!(query().select(Customer::id).all(&session).await?.len(), 3);
    assert_eq!(session.statement_count(), 3);
    Ok(())
}

async fn keys_of_two_columns_are_loaded_by_every_strategy(db: TestDb) -> Result<()> {
    let writing = db.session();
    let group = writing.add(Group::builder().name("g"));
    for (tenant, number) in [(1, 1), (1, 2), (2, 1)] {
        let account = writing.add(Account::builder().tenant(tenant).number(number));
        (0..number).try_for_each(|_| account.invoices().push(Invoice::builder()).map(|_| ()))?;
        account.groups().push(group)?;
    }
    writing.commit().await?;
    let loads = [
        ((Account::invoices.selectin(), Account::groups.selectin()), 3),
        ((Account::invoices.joined(), Account::groups.joined()), 2),
        ((Account::invoices.subquery(), Account::groups.subquery()), 3),
        ((Account::invoices.immediate(), Account::groups.immediate()), 3),
        ((Account::invoices.inner_joined(), Account::groups.inner_joined()), 2),
    ];
    for (load, sent) in loads {
        let session = db.session();
        let accounts = Account::query().order_by((Account::tenant, Account::number)).with(load).all(&session).await?;
        let lengths = accounts.iter().map(|account| Ok(account.invoices().loaded()?.len()));
        assert_eq!(lengths.collect::<Result<Vec<_>>>()?, [1, 2, 1]);
        assert!(accounts.iter().all(|account| account.groups().loaded().is_ok_and(|groups| groups.len() == 1)));
        assert_eq!(session.statement_count(), sent);
    }
    for load in [Group::accounts.selectin(), Group::accounts.joined(), Group::accounts.subquery()] {
        let session = db.session();
        let group = Group::query().with(load).one(&session).await?;
        assert_eq!(group.accounts().loaded()?.len(), 3);
    }
    let lazily = db.session();
    for invoice in Invoice::query().with(Invoice::account.lazy()).all(&lazily).await? {
        assert_eq!(invoice.account().await?.tenant, invoice.tenant);
    }
    Ok(())
}
