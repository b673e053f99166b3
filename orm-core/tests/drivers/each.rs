//! One statement for many sets of values.
use crate::support::{BEGIN, Database, Db, on_every_database};
use orm_core::{
    driver::{Control, Repeated, RunStatements},
    value::{Sets, SqlType, Value},
};
use std::time::Duration;

const TABLE: &str = "CREATE TABLE t (id {key}, name VARCHAR(20) UNIQUE)";
const INSERT: &str = "INSERT INTO t (name) VALUES (?)";

fn names(db: &Db, names: impl IntoIterator<Item = String>) -> Repeated {
    repeated(db, INSERT, (&[SqlType::Text], names.into_iter().map(Value::from)))
}

fn repeated(db: &Db, sql: &str, (types, values): (&[SqlType], impl IntoIterator<Item = Value>)) -> Repeated {
    let mut sets = Sets::new(types.to_vec(), 0);
    sets.extend(values);
    Repeated { sql: db.statement(sql, Vec::new()).sql, sets, together: None }
}

fn numbered(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("name {number}"))
}

on_every_database! {
    async fn a_statement_runs_once_for_each_set(db: Db) {
        db.script(TABLE).await;
        let mut connection = db.connection().await;
        let inserted = connection.execute_each(&mut names(db, numbered(3))).await.expect("inserts");
        assert!(inserted.iter().all(|outcome| outcome.rows == 1) && inserted.len() == 3);
        let update = ["first", "name 0", "nobody", "no name", "last", "name 2"].map(Value::from);
        let mut update = repeated(db, "UPDATE t SET name = ? WHERE name = ?", (&[SqlType::Text; 2], update));
        let updated = connection.execute_each(&mut update).await.expect("updates");
        assert_eq!(updated.iter().map(|outcome| outcome.rows).collect::<Vec<_>>(), [1, 0, 1]);
        drop(connection);
        assert_eq!(db.number("SELECT COUNT(*) FROM t WHERE name IN ('first', 'name 1', 'last')").await, 3);
    }

    async fn after_a_refused_set_none_is_run(db: Db) {
        db.script(TABLE).await;
        let mut connection = db.connection().await;
        connection.control(BEGIN).await.expect("begins");
        let mut insert = names(db, ["a", "b", "a", "c"].map(str::to_owned));
        let error = connection.execute_each(&mut insert).await.expect_err("a second a");
        assert!(error.is_unique_violation(), "{error}");
        connection.control(Control::Rollback).await.expect("rolls back");
        drop(connection);
        assert_eq!(db.number("SELECT COUNT(*) FROM t").await, 0);
    }
}

async fn sqlite(run: RunStatements) -> Db {
    Db::with(Database::Sqlite, |options| options.run_statements(run)).await.expect("SQLite is always there")
}

#[tokio::test]
async fn sqlite_tells_the_key_of_each_row_and_counts_one_statement() {
    for run in [RunStatements::Auto, RunStatements::InPlace, RunStatements::Blocking] {
        let db = sqlite(run).await;
        db.script(TABLE).await;
        let mut connection = db.connection().await;
        let before = connection.statement_count();
        let inserted = connection.execute_each(&mut names(&db, numbered(1_000))).await.expect("inserts");
        assert_eq!(connection.statement_count() - before, 1);
        let keys = inserted.iter().map(|outcome| outcome.first_key);
        assert!(keys.eq((1..=1_000).map(Some)), "{run:?}");
    }
}

#[tokio::test]
async fn many_sets_do_not_hold_up_the_runtime() {
    let db = sqlite(RunStatements::Auto).await;
    db.script(TABLE).await;
    let mut connection = db.connection().await;
    connection.control(BEGIN).await.expect("begins");
    let mut insert = names(&db, numbered(200_000));
    let ticking = async {
        let mut ticks = 0_u32;
        loop {
            tokio::time::sleep(Duration::from_millis(1)).await;
            ticks += 1;
            if ticks == 3 {
                return;
            }
        }
    };
    // Both are of one thread: the ticks come first only if the statement is on another.
    tokio::select! {
        biased;
        result = connection.execute_each(&mut insert) => panic!("nothing ticked: {:?}", result.map(|sets| sets.len())),
        () = ticking => {}
    }
    // The sets were cancelled, and none is left.
    connection.control(Control::Rollback).await.expect("rolls back");
    drop(connection);
    assert_eq!(db.number("SELECT COUNT(*) FROM t").await, 0);
}

#[tokio::test]
async fn cancelled_sets_cost_the_transaction() {
    let db = sqlite(RunStatements::Auto).await;
    db.script(TABLE).await;
    let mut connection = db.connection().await;
    connection.control(BEGIN).await.expect("begins");
    let mut insert = names(&db, numbered(500_000));
    tokio::time::timeout(Duration::from_millis(5), connection.execute_each(&mut insert))
        .await
        .expect_err("it takes longer");
    let error =
        connection.execute(&db.statement(INSERT, vec!["more".into()])).await.expect_err("half of the sets are written");
    assert!(error.to_string().contains("call `rollback`"), "{error}");
    connection.control(Control::Rollback).await.expect("rolls back");
    drop(connection);
    assert_eq!(db.number("SELECT COUNT(*) FROM t").await, 0);
}

#[tokio::test]
async fn as_many_values_as_the_statement_wants() {
    let db = sqlite(RunStatements::Auto).await;
    db.script(TABLE).await;
    let mut connection = db.connection().await;
    let sets = (&[SqlType::I64, SqlType::Text][..], [1_i64.into(), "a".into(), 2_i64.into()]);
    let mut insert = repeated(&db, "INSERT INTO t (id, name) VALUES (?, ?)", sets);
    let error = connection.execute_each(&mut insert).await.expect_err("the second set lacks a value");
    assert!(error.to_string().contains("2 parameters and 1 values"), "{error}");
}
