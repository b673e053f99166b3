//! Loads find rows by the indexes of their keys: what the databases say of the statements that are sent.
use crate::models::*;
use orm::{Result, prelude::*, sql};
use orm_core::{
    driver::{
        Dialect, Driver, Statement,
        recorder::{Answer, Call, Recorder},
    },
    value::Value,
};
use orm_test_support::{Database, TestDb, on_every_database};
use std::sync::Arc;

on_every_database! {
    shop:
    children_are_found_by_the_index_of_their_key,
    parents_are_found_by_their_primary_key,
    partners_are_found_by_their_unique_key,
    links_are_found_from_both_sides,
    many_keys_are_found_by_the_index_too,
    a_limit_for_each_owner_reads_by_the_index,
    owners_without_target_are_left_out_by_the_index,
}

on_every_database! {
    tenants:
    keys_of_two_columns_are_found_by_their_index,
    links_of_two_columns_are_found_by_their_index,
}

/// The statements of a load from owners with these rows, the query of the owners left out.
async fn sent<M: Model>(dialect: Dialect, query: Query<M>, owners: Vec<Vec<Value>>) -> Result<Vec<Statement>> {
    let recorder = Recorder::new(dialect);
    let driver: Arc<dyn Driver> = Arc::new(recorder.clone());
    let db = Db::from_pool(driver).await?;
    recorder.clear();
    recorder.answer(Answer::Rows(owners));
    (0..5).for_each(|_| _ = recorder.answer(Answer::Rows(Vec::new())));
    query.all(&db).await?;
    let queries = recorder.calls().into_iter().filter_map(|call| match call {
        Call::Query(statement) => Some(statement),
        _ => None,
    });
    Ok(queries.collect())
}

fn literal(value: &Value) -> String {
    match value {
        Value::BigInt(Some(number)) => number.to_string(),
        Value::BigUnsigned(Some(number)) => number.to_string(),
        Value::Array(_, Some(values)) => {
            format!("'{{{}}}'", values.iter().map(literal).collect::<Vec<_>>().join(","))
        }
        other => panic!("no key of these models: {other:?}"),
    }
}

/// The statement with its values in the text, so that it can be explained.
fn spelled_out(statement: &Statement) -> String {
    let mut text = statement.sql.to_string();
    for (position, value) in statement.values.iter().enumerate().rev() {
        text = text.replace(&format!("${}", position + 1), &literal(value));
    }
    statement.values.iter().fold(text, |text, value| text.replacen('?', &literal(value), 1))
}

/// How a database runs a statement. PostgreSQL is told not to read through tables only because they are small.
async fn plan(db: &TestDb, statement: &Statement) -> Result<String> {
    let session = db.session();
    let text = spelled_out(statement);
    let lines: Vec<String> = if db.is(Database::Sqlite) {
        let rows: Vec<(i64, i64, i64, String)> = sql(format!("EXPLAIN QUERY PLAN {text}")).all(&session).await?;
        rows.into_iter().map(|(_, _, _, detail)| detail).collect()
    } else {
        session.execute(sql("SET LOCAL enable_seqscan = off")).await?;
        sql(format!("EXPLAIN {text}")).all(&session).await?
    };
    session.rollback().await?;
    Ok(lines.join("\n"))
}

/// Checks that each statement of a load reads by an index: by that one on SQLite and that one on PostgreSQL.
async fn reads_by<M: Model>(
    db: &TestDb,
    (query, owners): (Query<M>, Vec<Vec<Value>>),
    indexes: [&str; 2],
) -> Result<()> {
    let (dialect, index) = match (db.is(Database::Sqlite), db.is(Database::Postgres)) {
        (true, _) => (Dialect::Sqlite, indexes[0]),
        (_, true) => (Dialect::Postgres, indexes[1]),
        _ => return Ok(()),
    };
    let statements = sent(dialect, query, owners).await?;
    assert!(statements.len() > 1, "nothing was loaded");
    for statement in &statements[1..] {
        let plan = plan(db, statement).await?;
        assert!(!plan.contains("Seq Scan") && !plan.contains("SCAN t0"), "reads all rows:\n{plan}\n{}", statement.sql);
        assert!(plan.contains(index), "not by {index}:\n{plan}\n{}", statement.sql);
    }
    Ok(())
}

fn customers(count: i64) -> Vec<Vec<Value>> {
    (1..=count).map(|id| vec![id.into(), "c".into()]).collect()
}

async fn children_are_found_by_the_index_of_their_key(db: TestDb) -> Result<()> {
    for load in [Customer::orders.selectin(), Customer::orders.immediate(), Customer::orders.filter(Order::id.gt(0))] {
        for owners in [1, 3] {
            let query = Customer::query().with(load.clone());
            reads_by(&db, (query, customers(owners)), ["ix_orders__customer_id"; 2]).await?;
        }
    }
    Ok(())
}

async fn parents_are_found_by_their_primary_key(db: TestDb) -> Result<()> {
    let orders = (1..=3_i64).map(|id| vec![id.into(), (id + 10).into(), "open".into()]).collect();
    let query = Order::query().with(Order::customer.selectin());
    reads_by(&db, (query, orders), ["INTEGER PRIMARY KEY", "customers_pkey"]).await
}

async fn partners_are_found_by_their_unique_key(db: TestDb) -> Result<()> {
    let query = Customer::query().with(Customer::card.selectin());
    reads_by(&db, (query, customers(3)), ["cards", "cards__customer_id"]).await
}

async fn links_are_found_from_both_sides(db: TestDb) -> Result<()> {
    let query = Customer::query().with(Customer::labels.selectin());
    reads_by(&db, (query, customers(3)), ["customer_labels", "customer_labels"]).await?;
    let labels = (1..=3_i64).map(|id| vec![id.into(), "l".into()]).collect();
    let query = Label::query().with(Label::customers.selectin());
    reads_by(&db, (query, labels), ["ix_customer_labels__label_id"; 2]).await
}

async fn many_keys_are_found_by_the_index_too(db: TestDb) -> Result<()> {
    // What is many depends on the table: PostgreSQL reads a small one through by another index.
    let all = (1..=4_000_i64).map(|id| Customer::builder().id(id).name("c")).collect::<Vec<_>>();
    Customer::insert_many(all).run(&*db).await?;
    let orders = (0..12_000_i64).map(|number| Order::builder().customer_id(1 + number % 4_000).status("open"));
    Order::insert_many(orders.collect::<Vec<_>>()).run(&*db).await?;
    if !db.is(Database::MySql) {
        let session = db.session();
        session.execute(sql("ANALYZE")).await?;
        session.commit().await?;
    }
    let query = Customer::query().with(Customer::orders.selectin());
    let owners = if db.is(Database::Postgres) { 100 } else { 1_200 };
    reads_by(&db, (query, customers(owners)), ["ix_orders__customer_id"; 2]).await
}

async fn a_limit_for_each_owner_reads_by_the_index(db: TestDb) -> Result<()> {
    let query = Customer::query().with(Customer::orders.selectin().limit(2));
    reads_by(&db, (query, customers(3)), ["ix_orders__customer_id"; 2]).await
}

async fn owners_without_target_are_left_out_by_the_index(db: TestDb) -> Result<()> {
    if !db.is(Database::Sqlite) {
        return Ok(());
    }
    let query = Customer::query().with(Customer::orders.inner_joined().limit(2));
    let statements = sent(Dialect::Sqlite, query, customers(1)).await?;
    let plan = plan(&db, &statements[0]).await?;
    assert!(plan.contains("ix_orders__customer_id"), "{plan}");
    Ok(())
}

async fn keys_of_two_columns_are_found_by_their_index(db: TestDb) -> Result<()> {
    let accounts = (1..=3_i64).map(|number| vec![1_i64.into(), number.into()]).collect();
    let query = Account::query().with(Account::invoices.selectin());
    reads_by(&db, (query, accounts), ["ix_invoices__tenant_account_number"; 2]).await?;
    let invoices = (1..=3_i64).map(|id| vec![id.into(), 1_i64.into(), (id + 5).into()]).collect();
    let query = Invoice::query().with(Invoice::account.selectin());
    reads_by(&db, (query, invoices), ["sqlite_autoindex_accounts", "accounts_pkey"]).await
}

async fn links_of_two_columns_are_found_by_their_index(db: TestDb) -> Result<()> {
    let accounts = (1..=3_i64).map(|number| vec![1_i64.into(), number.into()]).collect();
    let query = Account::query().with(Account::groups.selectin());
    reads_by(&db, (query, accounts), ["account_groups"; 2]).await?;
    let groups = (1..=3_i64).map(|id| vec![id.into(), "g".into()]).collect();
    let query = Group::query().with(Group::accounts.selectin());
    reads_by(&db, (query, groups), ["ix_account_groups__group_id"; 2]).await
}
