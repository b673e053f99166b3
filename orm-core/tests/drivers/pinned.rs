use crate::support::{BEGIN, Db, number, on_every_database};
use orm_core::driver::{self, Control, Driver};
use std::{sync::Arc, time::Duration};

async fn pinned(db: &Db) -> Arc<dyn Driver> {
    driver::pinned(&*db.driver, Duration::from_millis(100)).await.expect("a connection")
}

const INSERT: &str = "INSERT INTO t (id) VALUES (1)";
const COUNT: &str = "SELECT COUNT(*) FROM t";

on_every_database! {
    async fn what_a_test_commits_is_gone_after_it(db: Db) {
        db.script("CREATE TABLE t (id BIGINT PRIMARY KEY)").await;
        let test = pinned(db).await;
        let mut connection = test.acquire().await.expect("free");
        connection.control(BEGIN).await.expect("begins");
        db.execute(&mut *connection, INSERT, vec![]).await.expect("inserts");
        connection.control(Control::Commit).await.expect("commits");
        drop(connection);
        let mut connection = test.acquire().await.expect("free");
        assert_eq!(number(&mut *connection, COUNT).await.expect("sees it"), 1);
        assert_eq!(connection.statement_count(), 1);
        drop((connection, test));
        assert_eq!(db.number(COUNT).await, 0);
    }

    async fn a_transaction_of_a_test_rolls_back_when_dropped(db: Db) {
        db.script("CREATE TABLE t (id BIGINT PRIMARY KEY)").await;
        let test = pinned(db).await;
        let mut connection = test.acquire().await.expect("free");
        connection.control(BEGIN).await.expect("begins");
        db.execute(&mut *connection, INSERT, vec![]).await.expect("inserts");
        db.execute(&mut *connection, INSERT, vec![]).await.expect_err("twice");
        drop(connection);
        let mut connection = test.acquire().await.expect("free");
        assert_eq!(number(&mut *connection, COUNT).await.expect("reads"), 0);
    }

    async fn a_test_has_one_connection(db: Db) {
        let test = pinned(db).await;
        let held = test.acquire().await.expect("free");
        let error = test.acquire().await.err().expect("taken");
        assert!(error.to_string().contains("one connection"), "{error}");
        drop(held);
    }
}
