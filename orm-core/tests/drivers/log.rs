//! Statements in the log.
use crate::support::{Database, Db, sink};
use orm_core::{driver::RunStatements, value::SqlType};
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
