//! Streams that load along: one connection, a batch at a time.
use crate::{fixtures::*, models::*};
use orm::{Result, prelude::*};
use orm_core::driver::{
    Control, Dialect, Driver,
    recorder::{Answer, Call, Recorder},
};
use orm_test_support::{TestDb, on_every_database};
use std::{sync::Arc, time::Duration};

on_every_database! {
    shop:
    a_stream_that_loads_needs_one_connection,
    batches_follow_each_other_in_any_order,
    batches_keep_limit_and_offset,
    rows_that_a_join_repeats_are_all_there,
    a_stream_sees_the_rows_as_they_were_at_its_start,
    what_would_repeat_the_query_is_loaded_by_keys,
    a_stream_cannot_load_a_collection_from_a_join,
    an_abandoned_stream_gives_its_connection_back,
    an_inner_joined_collection_leaves_out_owners_of_a_stream,
}

on_every_database! {
    trees:
    batches_follow_each_other_by_keys_with_nulls,
    trees_are_loaded_for_each_batch,
}

on_every_database! {
    tenants:
    batches_follow_each_other_by_keys_of_two_columns,
}

/// A pool of one connection, with a wait that fails a test soon.
async fn alone(db: &TestDb) -> Result<Db> {
    db.under(|options| options.max_connections(1).acquire_timeout(Duration::from_secs(2))).await
}

/// So many customers, the number of whose orders is that of their name modulo 3.
async fn many(db: &Db, count: usize) -> Result<()> {
    let names = (0..count).map(|number| Customer::builder().name(format!("c{:05}", count - number)));
    Customer::insert_many(names.collect::<Vec<_>>()).run(db).await?;
    let keys: Vec<i64> = Customer::query().order_by(Customer::id).select(Customer::id).all(db).await?;
    let orders = keys
        .iter()
        .enumerate()
        .flat_map(|(number, key)| (0..number % 3).map(|_| Order::builder().customer_id(*key).status("open")));
    Order::insert_many(orders.collect::<Vec<_>>()).run(db).await?;
    Ok(())
}

async fn all<M: Model>(mut stream: orm::ValueStream<M>) -> Result<Vec<M>> {
    let mut rows = Vec::new();
    while let Some(row) = stream.next().await {
        rows.push(row?);
    }
    Ok(rows)
}

async fn a_stream_that_loads_needs_one_connection(db: TestDb) -> Result<()> {
    let db = alone(&db).await?;
    many(&db, 2_500).await?;
    let load = Customer::orders.selectin().with(Order::items.selectin());
    let rows = all(Customer::query().with(load).stream(&db)).await?;
    assert_eq!(rows.len(), 2_500);
    for (number, customer) in rows.iter().enumerate() {
        assert_eq!(customer.orders.get()?.len(), number % 3);
    }
    assert_eq!(Customer::query().count(&db).await?, 2_500, "the connection is free again");
    Ok(())
}

async fn batches_follow_each_other_in_any_order(db: TestDb) -> Result<()> {
    many(&db, 2_100).await?;
    let load = || Customer::orders.selectin();
    let by_name = all(Customer::query().order_by(Customer::name.desc()).with(load()).stream(&db)).await?;
    assert!(by_name.windows(2).all(|pair| pair[0].name > pair[1].name));
    // By an expression there is no key to go on from: rows are counted off, equal ones ordered by their key.
    let by_length = all(Customer::query().order_by(Customer::name.length()).with(load()).stream(&db)).await?;
    assert!(by_length.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert_eq!((by_name.len(), by_length.len()), (2_100, 2_100));
    Ok(())
}

async fn batches_keep_limit_and_offset(db: TestDb) -> Result<()> {
    many(&db, 2_300).await?;
    let rows = |limit, offset| {
        let query = by_id().limit(limit).offset(offset).with(Customer::orders.selectin());
        all(query.stream(&db))
    };
    let every = Customer::query().order_by(Customer::id).select(Customer::id).all(&*db).await?;
    for (limit, offset) in [(2_000, 0), (1_500, 200), (1_000, 5), (10, 2_295), (0, 0)] {
        let found: Vec<i64> = rows(limit, offset).await?.iter().map(|customer| customer.id).collect();
        let end = every.len().min((limit + offset) as usize);
        assert_eq!(found, every[(offset as usize).min(end)..end]);
    }
    Ok(())
}

async fn rows_that_a_join_repeats_are_all_there(db: TestDb) -> Result<()> {
    many(&db, 1_800).await?;
    let joined = || Customer::query().join(Customer::orders).with(Customer::labels.selectin());
    assert_eq!(all(joined().stream(&db)).await?.len(), 1_800, "one for each order");
    let distinct = all(joined().distinct().stream(&db)).await?;
    assert_eq!(distinct.len(), 1_200);
    assert!(distinct.windows(2).all(|pair| pair[0].id < pair[1].id));
    Ok(())
}

async fn a_stream_sees_the_rows_as_they_were_at_its_start(db: TestDb) -> Result<()> {
    many(&db, 2_500).await?;
    let mut stream = by_id().with(Customer::orders.selectin()).stream(&db);
    let first = stream.next().await.expect("there are rows")?;
    let writing = db.session();
    Customer::query().filter(Customer::name.eq("c00001")).set(Customer::name, "changed").update(&writing).await?;
    writing.add(Customer::builder().name("late"));
    writing.commit().await?;
    let mut rows = vec![first];
    while let Some(row) = stream.next().await {
        rows.push(row?);
    }
    assert_eq!((rows.len(), rows[2_499].name.as_str()), (2_500, "c00001"));
    Ok(())
}

async fn what_would_repeat_the_query_is_loaded_by_keys(db: TestDb) -> Result<()> {
    let db = alone(&db).await?;
    many(&db, 1_200).await?;
    for load in [Customer::orders.subquery(), Customer::orders.joined(), Customer::orders.immediate()] {
        let rows = all(by_id().with(load).stream(&db)).await?;
        assert_eq!(rows.len(), 1_200);
        assert!(rows.iter().enumerate().all(|(n, row)| row.orders.get().is_ok_and(|orders| orders.len() == n % 3)));
    }
    Ok(())
}

async fn a_stream_cannot_load_a_collection_from_a_join(db: TestDb) -> Result<()> {
    let orders = Customer::orders.alias("orders");
    let query = Customer::query().join(&orders).with(Customer::orders.from_join(&orders));
    let error = query.stream(&db).next().await.expect("an error").expect_err("rows of a member may be in two batches");
    assert!(error.to_string().contains("selectin()"), "{error}");
    Ok(())
}

async fn an_abandoned_stream_gives_its_connection_back(db: TestDb) -> Result<()> {
    let db = alone(&db).await?;
    many(&db, 2_500).await?;
    for taken in [0, 1, 1_500] {
        let mut stream = by_id().with(Customer::orders.selectin()).stream(&db);
        for _ in 0..taken {
            stream.next().await.expect("there are rows")?;
        }
        drop(stream);
        let writing = db.session();
        writing.add(Label::builder().name("free"));
        writing.commit().await?;
    }
    assert_eq!(Label::query().count(&db).await?, 3);
    Ok(())
}

async fn an_inner_joined_collection_leaves_out_owners_of_a_stream(db: TestDb) -> Result<()> {
    many(&db, 1_800).await?;
    let rows = all(by_id().with(Customer::orders.inner_joined()).stream(&db)).await?;
    assert_eq!(rows.len(), 1_200);
    assert!(rows.iter().all(|row| row.orders.get().is_ok_and(|orders| !orders.is_empty())));
    Ok(())
}

async fn batches_follow_each_other_by_keys_with_nulls(db: TestDb) -> Result<()> {
    let root = db.session();
    let above = root.add(Category::builder().name("root"));
    root.commit().await?;
    let row = |number: usize| {
        let row = Category::builder().name("x");
        if number.is_multiple_of(2) { row.parent_id(None) } else { row.parent_id(Some(above.id)) }
    };
    Category::insert_many((0..2_400).map(row).collect::<Vec<_>>()).run(&*db).await?;
    for order in [Category::parent_id.asc(), Category::parent_id.desc(), Category::parent_id.asc().nulls_last()] {
        let query = || Category::query().order_by((order.clone(), Category::id)).with(Category::parent.selectin());
        let found: Vec<i64> = all(query().stream(&db)).await?.iter().map(|row| row.id).collect();
        let expected: Vec<i64> = query().all(&*db).await?.iter().map(|row| row.id).collect();
        assert_eq!(found, expected);
    }
    Ok(())
}

async fn trees_are_loaded_for_each_batch(db: TestDb) -> Result<()> {
    let db = alone(&db).await?;
    chain(&db, 30).await?;
    let roots = Category::query().order_by(Category::id).with(Category::children.selectin().recursive_all());
    let rows = all(roots.stream(&db)).await?;
    assert_eq!(rows.iter().map(value_levels).collect::<Vec<_>>(), (0..30).rev().collect::<Vec<_>>());
    Ok(())
}

async fn batches_follow_each_other_by_keys_of_two_columns(db: TestDb) -> Result<()> {
    let accounts = (0..2_200_i64).map(|number| Account::builder().tenant(number % 7).number(number));
    Account::insert_many(accounts.collect::<Vec<_>>()).run(&*db).await?;
    let rows = all(Account::query().with(Account::invoices.selectin()).stream(&db)).await?;
    assert_eq!(rows.len(), 2_200);
    let keys: Vec<_> = rows.iter().map(|row| (row.tenant, row.number)).collect();
    assert!(keys.is_sorted());
    Ok(())
}

/// What a stream of customers and their orders has asked for after so many rows, and whether it gave its connection back.
async fn asked_after(rows: usize) -> Result<(usize, Vec<Call>)> {
    let recorder = Recorder::new(Dialect::Sqlite);
    let driver: Arc<dyn Driver> = Arc::new(recorder.clone());
    let db = Db::from_pool(driver).await?;
    recorder.clear();
    for page in 0..9_i64 {
        let page = (1..=1_000).map(|row| vec![(page * 1_000 + row).into(), "c".into()]);
        recorder.answer(Answer::Rows(page.collect())).answer(Answer::Rows(Vec::new()));
    }
    let mut stream = by_id().with(Customer::orders.selectin()).stream(&db);
    for _ in 0..rows {
        stream.next().await.expect("there are rows")?;
    }
    drop(stream);
    let calls = recorder.calls();
    let pages = calls.iter().filter(|call| matches!(call, Call::Query(query) if query.sql.contains("\"customers\"")));
    Ok((pages.count(), calls))
}

#[tokio::test]
async fn two_batches_at_most_are_read_ahead() -> Result<()> {
    for (rows, most) in [(0, 0), (1, 3), (1_000, 3), (1_001, 4), (3_500, 6)] {
        let (pages, calls) = asked_after(rows).await?;
        assert!(pages <= most, "{pages} batches were read for {rows} rows");
        let count = |wanted: fn(&Call) -> bool| calls.iter().filter(|call| wanted(call)).count();
        let connections = usize::from(rows > 0);
        assert_eq!(count(|call| *call == Call::Acquire), connections, "one connection, whatever is loaded");
        assert_eq!(count(|call| *call == Call::Return), connections);
        assert_eq!(count(|call| matches!(call, Call::Control(Control::Begin(_)))), connections);
    }
    Ok(())
}
