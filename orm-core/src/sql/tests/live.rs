//! Databases to run statements on: SQLite in memory, and the servers that are reachable.
use super::Rendered;
use crate::{driver::Dialect, value::Value};
use sqlx::{AssertSqlSafe, Column as _, ConnectOptions as _, Connection as _, Row as _, TypeInfo as _};

pub(super) enum Database {
    Sqlite(rusqlite::Connection),
    Postgres(sqlx::PgConnection),
    MySql(sqlx::MySqlConnection),
}

/// A row, each value as text.
pub(super) type Texts = Vec<String>;

impl Database {
    pub(super) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::MySql(_) => Dialect::MariaDb,
        }
    }

    /// Every database that is there, with an empty schema called `name`.
    pub(super) async fn all(name: &str) -> Vec<Self> {
        let mut databases = vec![Self::Sqlite(rusqlite::Connection::open_in_memory().expect("SQLite"))];
        for (kind, database) in [("PostgreSQL", Self::postgres(name).await), ("MariaDB", Self::mysql(name).await)] {
            match database {
                Ok(database) => databases.push(database),
                Err(error) if std::env::var_os("ORM_TEST_ALL_DATABASES").is_some_and(|value| value == "1") => {
                    panic!("{kind}: {error}")
                }
                Err(error) => eprintln!("{kind} is left out: {error}"),
            }
        }
        databases
    }

    async fn postgres(name: &str) -> sqlx::Result<Self> {
        let options = sqlx::postgres::PgConnectOptions::new_without_pgpass().host("127.0.0.1").username("root");
        let mut connection = options.database("postgres").connect().await?;
        for sql in [
            format!("DROP SCHEMA IF EXISTS {name} CASCADE"),
            format!("CREATE SCHEMA {name}"),
            format!("SET search_path TO {name}"),
        ] {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
        }
        Ok(Self::Postgres(connection))
    }

    async fn mysql(name: &str) -> sqlx::Result<Self> {
        let mut connection =
            sqlx::mysql::MySqlConnectOptions::new().host("127.0.0.1").username("root").connect().await?;
        for sql in [
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("CREATE DATABASE {name} COLLATE utf8mb4_swedish_ci"),
            format!("USE {name}"),
        ] {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
        }
        Ok(Self::MySql(connection))
    }

    /// Removes the schema.
    pub(super) async fn drop(self, name: &str) {
        match self {
            Self::Sqlite(_) => {}
            Self::Postgres(mut connection) => {
                let sql = format!("DROP SCHEMA {name} CASCADE");
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("drop");
                connection.close().await.expect("close");
            }
            Self::MySql(mut connection) => {
                let sql = format!("DROP DATABASE {name}");
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("drop");
                connection.close().await.expect("close");
            }
        }
    }

    pub(super) async fn script(&mut self, sql: String) {
        match self {
            Self::Sqlite(connection) => connection.execute_batch(&sql).expect(&sql),
            Self::Postgres(connection) => {
                _ = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.expect("script")
            }
            Self::MySql(connection) => _ = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.expect("script"),
        }
    }

    /// The number of rows that a statement matched.
    pub(super) async fn run(&mut self, statement: &impl Rendered) -> u64 {
        let statement = statement.rendered();
        let sql = statement.sql.to_string();
        match self {
            Self::Sqlite(connection) => {
                let mut prepared = connection.prepare(&sql).expect(&sql);
                prepared.execute(rusqlite::params_from_iter(statement.values.iter().map(sqlite))).expect(&sql) as u64
            }
            Self::Postgres(connection) => {
                let query = statement.values.iter().fold(sqlx::query(AssertSqlSafe(sql.clone())), postgres);
                query.execute(connection).await.expect(&sql).rows_affected()
            }
            Self::MySql(connection) => {
                let query = statement.values.iter().fold(sqlx::query(AssertSqlSafe(sql.clone())), mysql);
                query.execute(connection).await.expect(&sql).rows_affected()
            }
        }
    }

    /// The rows that a statement returns.
    pub(super) async fn rows(&mut self, statement: &impl Rendered) -> Vec<Texts> {
        let statement = statement.rendered();
        let sql = statement.sql.to_string();
        match self {
            Self::Sqlite(connection) => {
                let mut prepared = connection.prepare(&sql).expect(&sql);
                let width = prepared.column_count();
                let values = rusqlite::params_from_iter(statement.values.iter().map(sqlite));
                let row = |row: &rusqlite::Row<'_>| (0..width).map(|i| row.get_ref(i).map(sqlite_text)).collect();
                prepared.query_map(values, row).expect(&sql).collect::<Result<_, _>>().expect(&sql)
            }
            Self::Postgres(connection) => {
                let query = statement.values.iter().fold(sqlx::query(AssertSqlSafe(sql.clone())), postgres);
                query.fetch_all(connection).await.expect(&sql).iter().map(postgres_texts).collect()
            }
            Self::MySql(connection) => {
                let query = statement.values.iter().fold(sqlx::query(AssertSqlSafe(sql.clone())), mysql);
                query.fetch_all(connection).await.expect(&sql).iter().map(mysql_texts).collect()
            }
        }
    }
}

fn sqlite(value: &Value) -> rusqlite::types::Value {
    match value {
        Value::Int(value) => value.map_or(rusqlite::types::Value::Null, |value| i64::from(value).into()),
        Value::BigInt(value) => value.map_or(rusqlite::types::Value::Null, Into::into),
        Value::BigUnsigned(value) => value.map_or(rusqlite::types::Value::Null, |value| (value as i64).into()),
        Value::String(value) => value.clone().map_or(rusqlite::types::Value::Null, Into::into),
        other => unimplemented!("{other:?}"),
    }
}

fn sqlite_text(value: rusqlite::types::ValueRef<'_>) -> String {
    match value {
        rusqlite::types::ValueRef::Null => "null".into(),
        rusqlite::types::ValueRef::Integer(value) => value.to_string(),
        rusqlite::types::ValueRef::Real(value) => value.to_string(),
        rusqlite::types::ValueRef::Text(value) | rusqlite::types::ValueRef::Blob(value) => {
            String::from_utf8_lossy(value).into_owned()
        }
    }
}

type PgQuery<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

fn postgres<'q>(query: PgQuery<'q>, value: &Value) -> PgQuery<'q> {
    match value {
        Value::Int(value) => query.bind(*value),
        Value::BigInt(value) => query.bind(*value),
        Value::BigUnsigned(value) => query.bind(value.map(|value| value as i64)),
        Value::String(value) => query.bind(value.clone()),
        Value::Array(kind, Some(values)) => array(query, kind, values),
        other => unimplemented!("{other:?}"),
    }
}

fn array<'q>(query: PgQuery<'q>, kind: &sea_query::ArrayType, values: &[Value]) -> PgQuery<'q> {
    let values = values.iter();
    match kind {
        sea_query::ArrayType::Int => query.bind(
            values.map(|value| if let Value::Int(value) = value { *value } else { None }).collect::<Vec<Option<i32>>>(),
        ),
        sea_query::ArrayType::BigInt => query.bind(
            values
                .map(|value| if let Value::BigInt(value) = value { *value } else { None })
                .collect::<Vec<Option<i64>>>(),
        ),
        sea_query::ArrayType::String => query.bind(
            values
                .map(|value| if let Value::String(value) = value { value.clone() } else { None })
                .collect::<Vec<Option<String>>>(),
        ),
        other => unimplemented!("{other:?}"),
    }
}

fn postgres_texts(row: &sqlx::postgres::PgRow) -> Texts {
    let text = |i: usize| match row.column(i).type_info().name() {
        "INT8" => row.get::<Option<i64>, _>(i).map(|value| value.to_string()),
        "INT4" => row.get::<Option<i32>, _>(i).map(|value| value.to_string()),
        "BOOL" => row.get::<Option<bool>, _>(i).map(|value| i32::from(value).to_string()),
        "FLOAT8" => row.get::<Option<f64>, _>(i).map(|value| value.to_string()),
        _ => row.get::<Option<String>, _>(i),
    };
    (0..row.len()).map(|i| text(i).unwrap_or_else(|| "null".into())).collect()
}

type MyQuery<'q> = sqlx::query::Query<'q, sqlx::MySql, sqlx::mysql::MySqlArguments>;

fn mysql<'q>(query: MyQuery<'q>, value: &Value) -> MyQuery<'q> {
    match value {
        Value::Int(value) => query.bind(*value),
        Value::BigInt(value) => query.bind(*value),
        Value::BigUnsigned(value) => query.bind(*value),
        Value::String(value) => query.bind(value.clone()),
        other => unimplemented!("{other:?}"),
    }
}

fn mysql_texts(row: &sqlx::mysql::MySqlRow) -> Texts {
    let text = |i: usize| match row.column(i).type_info().name() {
        "BIGINT" | "INT" | "INTEGER" => row.get::<Option<i64>, _>(i).map(|value| value.to_string()),
        "BOOLEAN" => row.get::<Option<bool>, _>(i).map(|value| i32::from(value).to_string()),
        "DOUBLE" => row.get::<Option<f64>, _>(i).map(|value| value.to_string()),
        _ => row.get::<Option<String>, _>(i),
    };
    (0..row.len()).map(|i| text(i).unwrap_or_else(|| "null".into())).collect()
}
