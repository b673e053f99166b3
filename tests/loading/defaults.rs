//! What a query says of all relationships that it does not name.
use crate::{fixtures::*, models::*};
use orm::{Loading, Result, Strategy, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    a_default_holds_for_every_model_that_is_reached,
    a_default_goes_on_with_lazy_loads,
    a_named_path_beats_the_default_in_whatever_order,
    of_two_defaults_the_last_counts,
    a_default_may_be_of_one_model,
    an_eager_default_stops_at_models_on_the_path,
    a_default_is_for_plain_values_too,
    a_session_may_load_nothing_lazily,
    a_session_that_loads_nothing_lazily_allows_what_a_default_names_alone,
}

on_every_database! {
    trees:
    a_default_beats_what_is_declared,
}

async fn a_default_holds_for_every_model_that_is_reached(db: TestDb) -> Result<()> {
    customers(&db, 1, 1).await?;
    let session = db.session();
    let query = by_id().default_load(Strategy::Raise).with(Customer::orders.selectin().with(Order::items.selectin()));
    let customer = query.one(&session).await?;
    let order = customer.orders().await?.first().expect("there is one");
    let item = order.items().await?.first().expect("there are two");
    for error in [
        customer.card().await.expect_err("it is not named"),
        customer.labels().await.expect_err("it is not named"),
        order.customer().await.expect_err("raise is strict, though memory knows"),
        item.product().await.expect_err("two levels down"),
    ] {
        assert!(error.is_not_loaded() && error.to_string().contains("`.with("), "{error}");
    }
    assert_eq!(session.statement_count(), 3);
    Ok(())
}

async fn a_default_goes_on_with_lazy_loads(db: TestDb) -> Result<()> {
    customers(&db, 2, 1).await?;
    let session = db.session();
    let query = by_id().with(Customer::orders.lazy()).default_load(Strategy::RaiseOnSql);
    for customer in query.all(&session).await? {
        for order in customer.orders().await? {
            assert_eq!(order.customer().await?, customer);
            let error = order.items().await.expect_err("reached by a lazy load").to_string();
            assert!(error.contains("Order::items"), "{error}");
        }
    }
    Ok(())
}

async fn a_named_path_beats_the_default_in_whatever_order(db: TestDb) -> Result<()> {
    customers(&db, 1, 1).await?;
    let named = || Customer::orders.selectin().with(Order::items.lazy());
    for query in
        [by_id().with(named()).default_load(Strategy::Raise), by_id().default_load(Strategy::Raise).with(named())]
    {
        let session = db.session();
        let customer = query.one(&session).await?;
        let order = customer.orders().loaded()?.first().expect("there is one");
        assert_eq!(order.items().await?.len(), 2);
        assert!(customer.card().await.is_err());
    }
    Ok(())
}

async fn of_two_defaults_the_last_counts(db: TestDb) -> Result<()> {
    customers(&db, 1, 1).await?;
    let session = db.session();
    let query = by_id().default_load(Strategy::Raise).default_load(Strategy::Lazy);
    assert_eq!(query.one(&session).await?.orders().await?.len(), 1);
    let other = db.session();
    let query = by_id().default_load(Strategy::Lazy).default_load(Strategy::Raise);
    assert!(query.one(&other).await?.orders().await.is_err());
    Ok(())
}

async fn a_default_may_be_of_one_model(db: TestDb) -> Result<()> {
    customers(&db, 1, 1).await?;
    let session = db.session();
    let query = by_id().default_load_of::<Order>(Strategy::Raise);
    let customer = query.one(&session).await?;
    assert_eq!(customer.card().await?, None);
    let order = customer.orders().await?.first().expect("there is one");
    assert!(order.items().await.is_err());
    // It beats the default of all models, whichever comes first.
    let other = db.session();
    let query = by_id().default_load_of::<Customer>(Strategy::Lazy).default_load(Strategy::Raise);
    let customer = query.one(&other).await?;
    let order = customer.orders().await?.first().expect("there is one");
    assert!(order.items().await.is_err());
    Ok(())
}

async fn an_eager_default_stops_at_models_on_the_path(db: TestDb) -> Result<()> {
    customers(&db, 2, 1).await?;
    let session = db.session();
    let all = by_id().default_load(Strategy::SelectIn).all(&session).await?;
    // Customers, orders, items, products, suppliers, cards, labels.
    assert_eq!(session.statement_count(), 7);
    let (name, sent) = statements!(session, {
        let order = all[1].orders().loaded()?.first().expect("there is one");
        let product = order.items().loaded()?.first().expect("there are two").product().loaded()?;
        product.supplier().loaded()?.map(|supplier| supplier.value().name.clone())
    });
    assert_eq!((name.as_deref(), sent), (Some("acme"), 0));
    Ok(())
}

async fn a_default_is_for_plain_values_too(db: TestDb) -> Result<()> {
    customers(&db, 1, 1).await?;
    let query = by_id().default_load(Strategy::SelectIn).default_load_of::<Order>(Strategy::Lazy);
    let customer = query.one(&*db).await?;
    assert!(customer.orders.get()?[0].items.is_unloaded());
    assert!(customer.card.get()?.is_none());
    Ok(())
}

async fn a_session_may_load_nothing_lazily(db: TestDb) -> Result<()> {
    customers(&db, 1, 1).await?;
    let session = db.session();
    session.set_loading(Loading::RaiseOnSql);
    let customer = by_id().with(Customer::orders.selectin().with(Order::items.lazy())).one(&session).await?;
    let order = customer.orders().await?.first().expect("there is one");
    assert_eq!(order.customer().await?, customer);
    assert_eq!(order.items().await?.len(), 2, "the query says that it is lazy");
    let (error, sent) = statements!(session, customer.card().await.expect_err("nothing names it").to_string());
    assert!(sent == 0 && error.contains("Customer::card") && error.contains("session"), "{error}");
    let got = session.get_one::<Product>(1).await?;
    assert!(got.supplier().await.is_err(), "nor of what was got by its key");
    let new = session.add(Customer::builder().name("new"));
    assert!(new.orders().await?.is_empty(), "memory knows that it has none");
    session.rollback().await
}

async fn a_session_that_loads_nothing_lazily_allows_what_a_default_names_alone(db: TestDb) -> Result<()> {
    customers(&db, 1, 1).await?;
    let session = db.session();
    session.set_loading(Loading::RaiseOnSql);
    let customer = by_id().default_load_of::<Order>(Strategy::Lazy).with(Customer::orders).one(&session).await?;
    let order = customer.orders().loaded()?.first().expect("there is one");
    assert_eq!(order.items().await?.len(), 2, "the query says it of orders");
    let (error, sent) = statements!(session, customer.card().await.expect_err("not of customers").to_string());
    assert!(sent == 0 && error.contains("Customer::card") && error.contains("session"), "{error}");
    Ok(())
}

async fn a_default_beats_what_is_declared(db: TestDb) -> Result<()> {
    let writing = db.session();
    let root = writing.add(Folder::builder());
    root.folders().push(Folder::builder())?;
    writing.commit().await?;
    let session = db.session();
    let roots = Folder::query().filter(Folder::parent_id.is_null());
    let root = roots.clone().default_load(Strategy::Lazy).one(&session).await?;
    assert_eq!((session.statement_count(), root.folders().is_loaded()), (1, false));
    let other = db.session();
    let root = roots.default_load(Strategy::RaiseOnSql).one(&other).await?;
    assert!(root.folders().await.is_err());
    Ok(())
}
