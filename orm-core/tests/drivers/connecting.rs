use crate::support::{Database, Db, number, on_every_database};
use orm_core::{
    Error,
    driver::{self, DbOptions, Dialect},
};
use std::time::Duration;

async fn refused(options: impl Into<DbOptions>) -> Error {
    driver::connect(options).await.err().expect("it cannot be opened")
}

on_every_database! {
    async fn the_dialect_is_known(db: Db) {
        let dialect = db.driver.dialect();
        match db.database.database() {
            Database::Sqlite => assert_eq!(dialect, Dialect::Sqlite),
            Database::Postgres => assert_eq!(dialect, Dialect::Postgres),
            Database::MySql => assert!(matches!(dialect, Dialect::MySql | Dialect::MariaDb)),
        }
    }

    async fn a_closed_database_gives_no_connections(db: Db) {
        let held = db.connection().await;
        db.driver.close().await;
        assert!(db.driver.acquire().await.err().expect("closed").is_connection());
        drop(held);
    }
}

/// A pool of one connection.
async fn narrow(database: Database) -> Option<Db> {
    Db::with(database, |options| options.max_connections(1).acquire_timeout(Duration::from_millis(200))).await
}

#[tokio::test]
async fn waiting_for_a_connection_ends() {
    for database in [Database::Sqlite, Database::Postgres, Database::MySql] {
        let Some(db) = narrow(database).await else { continue };
        let held = db.connection().await;
        let error = db.driver.acquire().await.err().expect("the only one is taken");
        assert!(error.is_connection() && error.to_string().contains("max_connections"), "{error}");
        drop(held);
        assert_eq!(db.number("SELECT 7").await, 7);
    }
}

#[tokio::test]
async fn a_connection_that_comes_back_wakes_who_waits() {
    for database in [Database::Sqlite, Database::Postgres, Database::MySql] {
        let Some(db) = Db::with(database, |options| options.max_connections(1)).await else { continue };
        let held = db.connection().await;
        let driver = db.driver.clone();
        let waiting = tokio::spawn(async move { number(&mut *driver.acquire().await?, "SELECT 7").await });
        tokio::time::sleep(Duration::from_millis(20)).await;
        drop(held);
        assert_eq!(waiting.await.expect("no panic").expect("a connection"), 7);
    }
}

#[tokio::test]
async fn an_unknown_scheme_is_refused() {
    let error = refused("oracle://scott:tiger@host/db").await;
    assert!(error.to_string().contains("names no database") && !format!("{error:?}").contains("tiger"), "{error:?}");
}

#[tokio::test]
async fn passwords_are_not_shown() {
    for url in ["postgres://root:tiger@127.0.0.1:1/x", "mysql://root:tiger@127.0.0.1:1/x"] {
        let options = DbOptions::new(url).acquire_timeout(Duration::from_secs(5));
        assert!(!format!("{options:?}").contains("tiger"), "{options:?}");
        let error = refused(options).await;
        assert!(error.is_connection(), "{error:?}");
        assert!(error.to_string().contains("127.0.0.1:1") && !format!("{error:?}").contains("tiger"), "{error:?}");
    }
    for url in ["postgres://root:tiger@:x:/", "mysql://:tiger@@/%zz?ssl-mode=tiger"] {
        assert!(!format!("{:?}", refused(url).await).contains("tiger"), "{url}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let error = refused("sqlite:///nowhere/at/all.db").await;
    assert!(error.is_connection() && error.to_string().contains("database file"), "{error:?}");
    assert!(refused("sqlite://missing-file.db?mode=rw").await.is_connection());
}
