//! The statements, run: twice each, as they say that they can.
use super::models::{department, every_type, group, hostile, order, shelf};
use crate::{driver::Dialect, schema::Schema};
use sqlx::{AssertSqlSafe, Connection, Executor};

fn schema() -> Schema {
    Schema::of(&[order, group, every_type, department, hostile])
}

/// Drops what is not there, creates twice, fills a cycle, drops twice.
fn script(dialect: Dialect) -> Vec<String> {
    let create = schema().create_statements(dialect).expect("every database can have these tables");
    let drop = schema().drop_statements(dialect).expect("the models fit together");
    let fill = [
        "INSERT INTO departments (head_id) VALUES (NULL)",
        "INSERT INTO employees (department_id, manager_id) VALUES (1, 1)",
        "UPDATE departments SET head_id = 1",
        "INSERT INTO users (email) VALUES ('a@x'), ('A@x'), ('a@x ')",
        "INSERT INTO orders (user_id, total) VALUES (1, 1.5)",
        "INSERT INTO groups (name) VALUES ('g')",
        "INSERT INTO user_groups (user_id, group_name) VALUES (1, 'g')",
        "DELETE FROM users WHERE email = 'a@x'",
    ];
    let quote = if matches!(dialect, Dialect::MySql | Dialect::MariaDb) { "`" } else { "\"" };
    let fill = fill.map(|sql| {
        sql.replace("groups (", &format!("{quote}groups{quote} ("))
            .replace(&format!("user_{quote}groups{quote}"), "user_groups")
    });
    [drop.clone(), create.clone(), create, fill.to_vec(), drop.clone(), drop].concat()
}

#[test]
fn sqlite_takes_it() {
    let connection = rusqlite::Connection::open_in_memory().expect("a database in memory");
    connection.execute_batch("PRAGMA foreign_keys = ON; BEGIN").expect("foreign keys are checked");
    for sql in script(Dialect::Sqlite) {
        connection.execute_batch(&sql).unwrap_or_else(|error| panic!("{error} in {sql}"));
    }
    connection.execute_batch("COMMIT").expect("nothing is left that is referenced");
    let left = connection
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'", [], |row| row.get::<_, i64>(0));
    assert_eq!(left.expect("a count"), 0);
}

#[test]
fn sqlite_never_gives_a_generated_key_again() {
    let connection = rusqlite::Connection::open_in_memory().expect("a database in memory");
    let create = schema().create_statements(Dialect::Sqlite).expect("SQLite can have these tables");
    connection.execute_batch(&create.join(";")).expect("they are created");
    let insert = "INSERT INTO departments (head_id) VALUES (NULL) RETURNING id";
    let key = || connection.query_row(insert, [], |row| row.get::<_, i64>(0)).expect("a key");
    assert_eq!(key(), 1);
    connection.execute_batch("DELETE FROM departments").expect("it is deleted");
    assert_eq!(key(), 2);
}

/// Tables in a schema of that name: created and dropped twice.
fn qualified_script(dialect: Dialect, name: &str) -> Vec<String> {
    let schema = Schema::of(&[shelf]);
    let create = schema.create_statements(dialect).expect("the database has schemas");
    let drop = schema.drop_statements(dialect).expect("the models fit together");
    let statements = [drop.clone(), create.clone(), create, drop.clone(), drop].concat();
    statements.into_iter().map(|sql| sql.replace("shop", name)).collect()
}

/// Whether a server must be there, or its test is skipped.
fn skip(error: &sqlx::Error) {
    assert!(std::env::var_os("ORM_TEST_ALL_DATABASES").is_none(), "no server: {error}");
    eprintln!("skipped, there is no server: {error}");
}

fn unique_name() -> String {
    let nanos = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_nanos());
    format!("orm_ddl_{}_{nanos}", std::process::id())
}

#[tokio::test]
async fn postgres_takes_it() {
    let mut connection = match sqlx::PgConnection::connect("postgres://root@127.0.0.1:5432/postgres").await {
        Ok(connection) => connection,
        Err(error) => return skip(&error),
    };
    let name = unique_name();
    let begin = vec![format!("CREATE SCHEMA {name}"), format!("SET search_path TO {name}")];
    let qualified = [vec!["SET search_path TO public".into()], qualified_script(Dialect::Postgres, &name)].concat();
    let result = run_all(&mut connection, [begin, script(Dialect::Postgres), qualified].concat()).await;
    // Without CASCADE it is an error that tables are left; after a failure they have to go.
    let behaviour = if result.is_ok() { "RESTRICT" } else { "CASCADE" };
    let end = run_all(&mut connection, vec![format!("DROP SCHEMA {name} {behaviour}")]).await;
    result.and(end).expect("PostgreSQL takes every statement");
}

/// MariaDB runs both dialects: only the collation has another name there.
#[tokio::test]
async fn mariadb_takes_it() {
    for dialect in [Dialect::MariaDb, Dialect::MySql] {
        let mut connection = match sqlx::MySqlConnection::connect("mysql://root@127.0.0.1:3306").await {
            Ok(connection) => connection,
            Err(error) => return skip(&error),
        };
        let name = unique_name();
        let begin = vec![format!("CREATE DATABASE {name}"), format!("USE {name}")];
        let qualified = [vec!["USE information_schema".into()], qualified_script(dialect, &name)].concat();
        let script = [begin, script(dialect), qualified].concat();
        let script = script.into_iter().map(|sql| sql.replace("utf8mb4_0900_bin", "utf8mb4_nopad_bin"));
        let result = run_all(&mut connection, script.collect()).await;
        let end = run_all(&mut connection, vec![format!("DROP DATABASE {name}")]).await;
        result.and(end).expect("MariaDB takes every statement");
    }
}

async fn run_all<C: Connection>(connection: &mut C, script: Vec<String>) -> Result<(), String>
where
    for<'c> &'c mut C: Executor<'c>,
{
    for sql in script {
        let result = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.clone()))).await;
        result.map_err(|error| format!("{error} in {sql}"))?;
    }
    Ok(())
}
