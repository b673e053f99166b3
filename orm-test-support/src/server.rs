//! Makes and removes schemas and databases.
use crate::Database;
use sqlx::{AssertSqlSafe, Connection, Error, MySqlConnection, PgConnection};
use std::time::Duration;

fn postgres_url() -> String {
    let given = std::env::var("ORM_TEST_POSTGRES_URL");
    given.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

fn mysql_url() -> String {
    let given = std::env::var("ORM_TEST_MYSQL_URL").unwrap_or_else(|_| "mysql://root@127.0.0.1:3306".to_owned());
    given.trim_end_matches('/').to_owned()
}

/// Makes it and says where it is.
pub(crate) async fn create(database: Database, name: &str) -> Result<String, Error> {
    match database {
        Database::Sqlite => Ok("sqlite::memory:".to_owned()),
        Database::Postgres => {
            let url = postgres_url();
            run_on_postgres(&url, format!("CREATE SCHEMA {name}")).await?;
            let separator = if url.contains('?') { '&' } else { '?' };
            Ok(format!("{url}{separator}options[search_path]={name}&application_name={name}"))
        }
        Database::MySql => {
            let url = mysql_url();
            run_on_mysql(&url, format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")).await?;
            Ok(format!("{url}/{name}"))
        }
    }
}

/// Removes it, from a thread without a runtime.
pub(crate) fn remove(database: Database, name: &str) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Io)?;
    runtime.block_on(async {
        let removal = async {
            match database {
                Database::Sqlite => Ok(()),
                Database::Postgres => remove_from_postgres(name).await,
                Database::MySql => remove_from_mysql(name).await,
            }
        };
        // What a test left locked must not hang the tests.
        tokio::time::timeout(Duration::from_secs(20), removal).await.unwrap_or(Err(Error::PoolTimedOut))
    })
}

/// A connection that the test still holds in a transaction would block the removal, and the removal the test's runtime,
/// which alone could end the transaction: so they are ended first.
async fn remove_from_postgres(name: &str) -> Result<(), Error> {
    end_on_postgres(name).await?;
    run_on_postgres(&postgres_url(), format!("DROP SCHEMA {name} CASCADE")).await
}

/// As [`remove_from_postgres`].
async fn remove_from_mysql(name: &str) -> Result<(), Error> {
    end_on_mysql(name).await?;
    run_on_mysql(&mysql_url(), format!("DROP DATABASE {name}")).await
}

/// Ends all connections to it.
pub(crate) async fn end_connections(database: Database, name: &str) -> Result<(), Error> {
    match database {
        Database::Sqlite => Ok(()),
        Database::Postgres => end_on_postgres(name).await,
        Database::MySql => end_on_mysql(name).await,
    }
}

async fn end_on_postgres(name: &str) -> Result<(), Error> {
    let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{name}'");
    run_on_postgres(&postgres_url(), end).await
}

async fn end_on_mysql(name: &str) -> Result<(), Error> {
    let mut connection = MySqlConnection::connect(&mysql_url()).await?;
    let held =
        sqlx::query_scalar("SELECT CAST(ID AS SIGNED) FROM information_schema.PROCESSLIST WHERE DB = ?").bind(name);
    let held: Vec<i64> = held.fetch_all(&mut connection).await?;
    for id in held {
        // It may have ended meanwhile.
        let _ = sqlx::raw_sql(AssertSqlSafe(format!("KILL {id}"))).execute(&mut connection).await;
    }
    connection.close().await
}

async fn run_on_postgres(url: &str, sql: String) -> Result<(), Error> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    connection.close().await
}

async fn run_on_mysql(url: &str, sql: String) -> Result<(), Error> {
    let mut connection = MySqlConnection::connect(url).await?;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    connection.close().await
}
