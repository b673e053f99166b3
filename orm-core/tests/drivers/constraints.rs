use crate::support::{BEGIN, Database, Db, on_every_database};
use orm_core::{Error, driver::Control, value::Value};

async fn tables(db: &Db) {
    db.script(
        "CREATE TABLE users (id BIGINT PRIMARY KEY, tenant BIGINT, email VARCHAR(100), name VARCHAR(100) NOT NULL,
            age BIGINT, CONSTRAINT users_email UNIQUE (tenant, email), CONSTRAINT adult CHECK (age >= 18));
         CREATE TABLE orders (id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL,
            CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id));
         INSERT INTO users (id, tenant, email, name, age) VALUES (1, 1, 'a@x', 'A', 20);
         INSERT INTO orders (id, user_id) VALUES (1, 1)",
    )
    .await;
}

async fn refused(db: &Db, sql: &str) -> Error {
    let mut connection = db.connection().await;
    db.execute(&mut *connection, sql, Vec::<Value>::new()).await.expect_err("a constraint is broken")
}

on_every_database! {
    async fn a_broken_primary_key_is_a_unique_violation(db: Db) {
        tables(db).await;
        let error = refused(db, "INSERT INTO users (id, name) VALUES (1, 'B')").await;
        assert!(error.is_unique_violation(), "{error:?}");
        assert_eq!(error.table(), Some("users"));
        if !db.is(Database::MySql) {
            assert_eq!(error.columns(), ["id"]);
        }
    }

    async fn a_broken_unique_constraint_is_named(db: Db) {
        tables(db).await;
        let error = refused(db, "INSERT INTO users (id, tenant, email, name) VALUES (2, 1, 'a@x', 'B')").await;
        assert!(error.is_unique_violation(), "{error:?}");
        assert_eq!(error.table(), Some("users"));
        match db.database.database() {
            Database::Sqlite => assert_eq!(error.columns(), ["tenant", "email"]),
            Database::Postgres => {
                assert_eq!((error.columns().join(" "), error.constraint()), ("tenant email".to_owned(), Some("users_email")));
            }
            Database::MySql => assert_eq!(error.constraint(), Some("users_email")),
        }
    }

    async fn a_foreign_key_that_names_no_row_is_refused(db: Db) {
        tables(db).await;
        let error = refused(db, "INSERT INTO orders (id, user_id) VALUES (2, 9)").await;
        assert!(error.is_foreign_key_violation(), "{error:?}");
        if !db.is(Database::Sqlite) {
            assert_eq!((error.table(), error.constraint()), (Some("orders"), Some("orders_user")));
            assert_eq!(error.columns(), ["user_id"]);
        }
    }

    async fn a_row_that_is_referenced_stays(db: Db) {
        tables(db).await;
        let error = refused(db, "DELETE FROM users WHERE id = 1").await;
        assert!(error.is_foreign_key_violation(), "{error:?}");
    }

    async fn null_where_none_may_be_names_the_column(db: Db) {
        tables(db).await;
        let null = refused(db, "INSERT INTO users (id, name) VALUES (2, NULL)").await;
        let missing = refused(db, "INSERT INTO users (id) VALUES (2)").await;
        for error in [null, missing] {
            assert!(error.is_not_null_violation(), "{error:?}");
            assert_eq!(error.columns(), ["name"]);
        }
    }

    async fn a_failed_check_names_the_constraint(db: Db) {
        tables(db).await;
        let error = refused(db, "INSERT INTO users (id, name, age) VALUES (2, 'B', 17)").await;
        assert!(error.is_check_violation(), "{error:?}");
        assert_eq!(error.constraint(), Some("adult"));
    }

    async fn wrong_sql_is_an_error_that_keeps_the_connection(db: Db) {
        let mut connection = db.connection().await;
        let error = db.execute(&mut *connection, "SELEKT 1", vec![]).await.expect_err("no SQL");
        assert!(!error.is_connection() && !error.is_retryable(), "{error:?}");
        if !db.is(Database::Postgres) {
            // PostgreSQL takes a value that the text does not mention.
            let error = db.execute(&mut *connection, "SELECT 1", vec![Value::BigInt(Some(1))]).await;
            error.expect_err("one value too many");
        }
        assert!(connection.is_usable());
        assert_eq!(crate::support::number(&mut *connection, "SELECT 1").await.expect("still works"), 1);
    }

    async fn an_error_of_the_sink_ends_the_statement(db: Db) {
        let mut connection = db.connection().await;
        let statement = db.statement("SELECT 'text'", vec![]);
        let sink = crate::support::sink(&[orm_core::value::SqlType::I64]);
        let error = connection.query(&statement, sink).await.err().expect("a text is no number");
        assert!(error.to_string().contains("column 1"), "{error}");
        assert_eq!(crate::support::number(&mut *connection, "SELECT 1").await.expect("still works"), 1);
    }

    async fn a_failed_script_leaves_a_usable_connection(db: Db) {
        let mut connection = db.connection().await;
        connection.run_script("CREATE TABLE a (id BIGINT); SELEKT 1").await.expect_err("the second is no SQL");
        connection.control(BEGIN).await.expect("begins");
        connection.control(Control::Commit).await.expect("commits");
    }
}
