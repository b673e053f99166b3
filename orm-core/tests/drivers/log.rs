//! Statements in the log.
use crate::support::{BEGIN, Database, Db, sink};
use orm_core::{
    driver::{Control, RunStatements},
    value::SqlType,
};
use std::{
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

struct Line<'l>(&'l mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() != "elapsed" {
            write!(self.0, "{}={value:?} ", field.name()).expect("a string takes everything");
        }
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "orm::sql" && *metadata.level() == Level::DEBUG
    }
    fn event(&self, event: &Event<'_>) {
        event.record(&mut Line(&mut self.0.lock().expect("no panic")));
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

async fn logged(values: bool) -> String {
    let options =
        |options: orm_core::driver::DbOptions| options.run_statements(RunStatements::InPlace).log_values(values);
    let db = Db::with(Database::Sqlite, options).await.expect("SQLite is always there");
    let mut connection = db.connection().await;
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let statement = db.statement("SELECT ?", vec!["secret".into()]);
    connection.query(&statement, sink(&[SqlType::Text])).await.expect("reads");
    connection.execute(&db.statement("SELEKT", vec![])).await.expect_err("no SQL");
    drop(guard);
    log.0.lock().expect("no panic").clone()
}

#[tokio::test]
async fn statements_are_logged_without_their_values() {
    let select = r#"message=SELECT ? kind="SELECT" rows=1 failed=false "#;
    let mistake = r#"message=SELEKT kind="SELEKT" failed=true "#;
    assert_eq!(logged(false).await, [select, mistake].concat());
}

#[tokio::test]
async fn values_are_logged_if_asked_for() {
    assert!(logged(true).await.contains("secret"));
}

#[tokio::test]
async fn a_commit_is_logged_however_many_changes_it_has() {
    let db = Db::with(Database::Sqlite, |options| options).await.expect("SQLite is always there");
    db.script("CREATE TABLE t (id INTEGER PRIMARY KEY)").await;
    let mut connection = db.connection().await;
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    for rows in [1, 5_000] {
        connection.control(BEGIN).await.expect("begins");
        let insert = format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) \
             INSERT INTO t SELECT NULL FROM n"
        );
        let insert = db.statement(&insert, vec![]);
        connection.execute(&insert).await.expect("inserts");
        connection.control(Control::Commit).await.expect("commits");
    }
    let logged = log.0.lock().expect("no panic").clone();
    assert_eq!(logged.matches(r#"message=COMMIT kind="COMMIT" failed=false "#).count(), 2, "{logged}");
}
