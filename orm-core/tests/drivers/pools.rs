//! Existing sqlx pools.
use crate::support::{BEGIN, Database, number};
use orm_core::driver::{DbOptions, Dialect, Driver, IntoDriver};
use orm_test_support::TestDatabase;
use sqlx::{MySqlPool, PgPool};
use std::{sync::Arc, time::Duration};

async fn uses(driver: Arc<dyn Driver>) {
    let mut connection = driver.acquire().await.expect("a connection");
    connection.control(BEGIN).await.expect("begins");
    connection.run_script("CREATE TABLE t (id BIGINT PRIMARY KEY); INSERT INTO t VALUES (1)").await.expect("runs");
    drop(connection);
    let mut connection = driver.acquire().await.expect("a connection");
    assert_eq!(number(&mut *connection, "SELECT 7").await.expect("reads"), 7);
    let slow = orm_core::driver::Statement {
        sql: if driver.dialect() == Dialect::Postgres { "SELECT 1 FROM pg_sleep(1)" } else { "SELECT SLEEP(1)" }.into(),
        values: vec![],
        length: orm_core::driver::Length::Unknown,
    };
    let query = connection.query(&slow, crate::support::sink(&[orm_core::value::SqlType::I64]));
    tokio::time::timeout(Duration::from_millis(50), query).await.err().expect("it takes longer");
    assert_eq!(number(&mut *connection, "SELECT 8").await.expect("waits for the end of what was cancelled"), 8);
}

#[tokio::test]
async fn a_postgres_pool_is_a_driver() {
    let Some(database) = TestDatabase::new(Database::Postgres).await else { return };
    let pool = PgPool::connect(database.url()).await.expect("a pool");
    let driver = pool.clone().into_driver(DbOptions::new("")).await.expect("a driver");
    uses(driver).await;
    pool.close().await;
}

#[tokio::test]
async fn a_mysql_pool_is_a_driver() {
    let Some(database) = TestDatabase::new(Database::MySql).await else { return };
    let pool = MySqlPool::connect(database.url()).await.expect("a pool");
    let driver = pool.clone().into_driver(DbOptions::new("")).await.expect("a driver");
    uses(driver).await;
    pool.close().await;
}
