use crate::support::{BEGIN, Database, Db, number, on_every_database, sink};
use orm_core::{
    driver::{Connection, Control, Length, Statement},
    value::SqlType,
};
use std::time::{Duration, Instant};

/// A statement that takes a minute if nobody stops it.
fn long(db: &Db) -> Statement {
    let sql = match db.database.database() {
        Database::Sqlite => {
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n"
        }
        Database::Postgres => "SELECT 1 FROM pg_sleep(60)",
        Database::MySql => "SELECT SLEEP(60)",
    };
    Statement { sql: sql.into(), values: Vec::new(), length: Length::Unknown }
}

async fn cancel(connection: &mut dyn Connection, statement: &Statement) {
    let query = connection.query(statement, sink(&[SqlType::I64]));
    tokio::time::timeout(Duration::from_millis(100), query).await.err().expect("it takes longer");
}

on_every_database! {
    async fn a_dropped_future_leaves_its_connection_usable(db: Db) {
        let start = Instant::now();
        let mut connection = db.connection().await;
        cancel(&mut *connection, &long(db)).await;
        assert_eq!(number(&mut *connection, "SELECT 7").await.expect("usable"), 7);
        cancel(&mut *connection, &long(db)).await;
        drop(connection);
        assert_eq!(db.number("SELECT 8").await, 8);
        assert!(start.elapsed() < Duration::from_secs(10), "the statement was stopped");
    }

    async fn a_future_dropped_at_its_first_poll_leaves_its_connection_usable(db: Db) {
        let mut connection = db.connection().await;
        let statement = long(db);
        for _ in 0..3 {
            let query = connection.query(&statement, sink(&[SqlType::I64]));
            tokio::time::timeout(Duration::ZERO, query).await.err().expect("it takes longer");
        }
        assert_eq!(number(&mut *connection, "SELECT 7").await.expect("usable"), 7);
    }

    async fn a_statement_cancelled_in_a_transaction_holds_no_lock(db: Db) {
        db.script("CREATE TABLE t (id BIGINT PRIMARY KEY)").await;
        let mut connection = db.connection().await;
        connection.control(BEGIN).await.expect("begins");
        db.execute(&mut *connection, "INSERT INTO t VALUES (1)", vec![]).await.expect("inserts");
        cancel(&mut *connection, &long(db)).await;
        drop(connection);
        let mut connection = db.connection().await;
        let insert = db.statement("INSERT INTO t VALUES (1)", vec![]);
        let insert = tokio::time::timeout(Duration::from_secs(10), connection.execute(&insert));
        insert.await.expect("nobody holds a lock").expect("inserts");
    }

    async fn a_transaction_can_be_rolled_back_after_a_cancelled_statement(db: Db) {
        db.script("CREATE TABLE t (id BIGINT PRIMARY KEY)").await;
        let mut connection = db.connection().await;
        connection.control(BEGIN).await.expect("begins");
        db.execute(&mut *connection, "INSERT INTO t VALUES (1)", vec![]).await.expect("inserts");
        cancel(&mut *connection, &long(db)).await;
        connection.control(Control::Rollback).await.expect("rolls back");
        db.execute(&mut *connection, "INSERT INTO t VALUES (2)", vec![]).await.expect("inserts");
        assert_eq!(db.number("SELECT COUNT(*) FROM t").await, 1);
    }

    async fn a_savepoint_can_be_undone_after_a_cancelled_statement(db: Db) {
        db.script("CREATE TABLE t (id BIGINT PRIMARY KEY)").await;
        let mut connection = db.connection().await;
        connection.control(BEGIN).await.expect("begins");
        db.execute(&mut *connection, "INSERT INTO t VALUES (1)", vec![]).await.expect("inserts");
        connection.control(Control::Savepoint(1)).await.expect("savepoint");
        db.execute(&mut *connection, "INSERT INTO t VALUES (2)", vec![]).await.expect("inserts");
        cancel(&mut *connection, &long(db)).await;
        connection.control(Control::RollbackTo(1)).await.expect("undoes the savepoint");
        connection.control(Control::Commit).await.expect("commits");
        assert_eq!(db.number("SELECT COUNT(*) FROM t").await, 1);
    }

    async fn a_cancelled_batch_of_a_stream_leaves_the_connection_usable(db: Db) {
        let mut connection = db.connection().await;
        let statement = long(db);
        let mut stream = connection.stream(&statement, 10).await.expect("starts");
        tokio::time::timeout(Duration::from_millis(100), stream.next(sink(&[SqlType::I64]))).await.err().expect("long");
        drop(stream);
        assert_eq!(number(&mut *connection, "SELECT 7").await.expect("usable"), 7);
    }
}
