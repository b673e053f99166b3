use crate::support::{BEGIN, Db, on_every_database};
use orm_core::{
    driver::{Begin, Control, Isolation},
    value::Value,
};

async fn table(db: &Db) {
    db.script("CREATE TABLE t (id BIGINT PRIMARY KEY, name VARCHAR(100))").await;
}

const INSERT: &str = "INSERT INTO t (id) VALUES (?)";
const COUNT: &str = "SELECT COUNT(*) FROM t";

fn id(number: i64) -> Vec<Value> {
    vec![Value::BigInt(Some(number))]
}

on_every_database! {
    async fn what_is_committed_stays(db: Db) {
        table(db).await;
        let mut connection = db.connection().await;
        connection.control(BEGIN).await.expect("begins");
        let outcome = db.execute(&mut *connection, INSERT, id(1)).await.expect("inserts");
        assert_eq!(outcome.rows, 1);
        connection.control(Control::Commit).await.expect("commits");
        drop(connection);
        assert_eq!(db.number(COUNT).await, 1);
    }

    async fn what_is_rolled_back_is_gone(db: Db) {
        table(db).await;
        let mut connection = db.connection().await;
        connection.control(BEGIN).await.expect("begins");
        db.execute(&mut *connection, INSERT, id(1)).await.expect("inserts");
        connection.control(Control::Rollback).await.expect("rolls back");
        db.execute(&mut *connection, INSERT, id(2)).await.expect("the connection is usable");
        assert_eq!(db.number(COUNT).await, 1);
    }

    async fn a_dropped_connection_is_rolled_back_before_its_next_use(db: Db) {
        table(db).await;
        let mut connection = db.connection().await;
        connection.control(BEGIN).await.expect("begins");
        db.execute(&mut *connection, INSERT, id(1)).await.expect("inserts");
        drop(connection);
        assert_eq!(db.number(COUNT).await, 0);
        let mut connection = db.connection().await;
        connection.control(BEGIN).await.expect("begins anew");
        db.execute(&mut *connection, INSERT, id(1)).await.expect("nobody holds a lock");
        connection.control(Control::Commit).await.expect("commits");
    }

    async fn a_transaction_begun_by_hand_is_rolled_back_too(db: Db) {
        table(db).await;
        let mut connection = db.connection().await;
        connection.run_script("BEGIN").await.expect("begins");
        db.execute(&mut *connection, INSERT, id(1)).await.expect("inserts");
        drop(connection);
        assert_eq!(db.number(COUNT).await, 0);
    }

    async fn savepoints_undo_their_part(db: Db) {
        table(db).await;
        let mut connection = db.connection().await;
        connection.control(BEGIN).await.expect("begins");
        db.execute(&mut *connection, INSERT, id(1)).await.expect("inserts");
        connection.control(Control::Savepoint(1)).await.expect("outer savepoint");
        db.execute(&mut *connection, INSERT, id(2)).await.expect("inserts");
        connection.control(Control::Savepoint(2)).await.expect("inner savepoint");
        db.execute(&mut *connection, INSERT, id(3)).await.expect("inserts");
        db.execute(&mut *connection, INSERT, id(3)).await.expect_err("a key that is there");
        connection.control(Control::RollbackTo(2)).await.expect("undoes the inner");
        connection.control(Control::Release(1)).await.expect("keeps the outer");
        connection.control(Control::Commit).await.expect("commits");
        drop(connection);
        assert_eq!(db.number(COUNT).await, 2);
    }

    async fn a_transaction_that_only_reads_reads(db: Db) {
        table(db).await;
        let mut connection = db.connection().await;
        let begin = Begin { isolation: Some(Isolation::RepeatableRead), read_only: true };
        connection.control(Control::Begin(begin)).await.expect("begins");
        assert_eq!(crate::support::number(&mut *connection, COUNT).await.expect("reads"), 0);
        connection.control(Control::Commit).await.expect("commits");
    }

    async fn every_isolation_begins(db: Db) {
        let mut connection = db.connection().await;
        for isolation in
            [Isolation::ReadUncommitted, Isolation::ReadCommitted, Isolation::RepeatableRead, Isolation::Serializable]
        {
            let begin = Begin { isolation: Some(isolation), read_only: false };
            connection.control(Control::Begin(begin)).await.expect("begins");
            connection.control(Control::Rollback).await.expect("rolls back");
        }
    }

    async fn statements_are_counted_and_transactions_are_not(db: Db) {
        table(db).await;
        let mut connection = db.connection().await;
        connection.control(BEGIN).await.expect("begins");
        connection.control(Control::Savepoint(1)).await.expect("savepoint");
        db.execute(&mut *connection, INSERT, id(1)).await.expect("inserts");
        crate::support::number(&mut *connection, COUNT).await.expect("reads");
        connection.control(Control::Rollback).await.expect("rolls back");
        assert_eq!(connection.statement_count(), 2);
    }

    async fn rows_that_an_update_matches_are_counted_though_nothing_changes(db: Db) {
        db.script("CREATE TABLE t (id BIGINT PRIMARY KEY, name VARCHAR(100))").await;
        let mut connection = db.connection().await;
        db.execute(&mut *connection, INSERT, id(1)).await.expect("inserts");
        for _ in 0..2 {
            let outcome = db.execute(&mut *connection, "UPDATE t SET name = 'x'", vec![]).await.expect("updates");
            assert_eq!(outcome.rows, 1);
        }
        let outcome = db.execute(&mut *connection, "UPDATE t SET name = 'x' WHERE id = 9", vec![]).await.expect("updates");
        assert_eq!(outcome.rows, 0);
        let outcome = db.execute(&mut *connection, "CREATE TABLE u (id BIGINT)", vec![]).await.expect("creates");
        assert_eq!(outcome.rows, 0);
    }

    async fn a_statement_goes_on_working_when_its_table_changed(db: Db) {
        table(db).await;
        let mut connection = db.connection().await;
        let all = db.statement("SELECT * FROM t", vec![]);
        connection.query(&all, crate::support::sink(&[])).await.expect("reads");
        connection.run_script("DROP TABLE t; CREATE TABLE t (name VARCHAR(10))").await.expect("changes");
        connection.query(&all, crate::support::sink(&[])).await.expect("reads again");
    }
}
