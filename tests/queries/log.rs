//! Every statement is an event of `tracing`.
use crate::models::{Author, fill, library};
use orm::{DbOptions, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};
use std::sync::{Arc, Mutex};
use tracing::{Event, Metadata, Subscriber, field::Field, span};

on_every_database! {
    library:
    a_statement_is_told_with_its_kind_time_and_rows,
}

#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("no test panicked with it"))
    }
}

impl Subscriber for Statements {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "orm::sql"
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        self.0.lock().expect("no test panicked with it").push(fields.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// What is told, but for the time.
struct Fields(String);

impl tracing::field::Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        match field.name() {
            "message" => {}
            "elapsed" => self.0.push_str("elapsed "),
            name => self.0.push_str(&format!("{name}={value:?} ")),
        }
    }
}

async fn a_statement_is_told_with_its_kind_time_and_rows(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let statements = Statements::default();
    let _listening = tracing::subscriber::set_default(statements.clone());
    Author::query().filter(Author::id.le(2)).all(&*db).await?;
    assert_eq!(statements.take(), ["kind=\"SELECT\" elapsed rows=2 failed=false "]);
    let changed = Author::query().filter(Author::id.le(2)).set(Author::town, "Rome").update(&*db).await?;
    assert_eq!((changed, statements.take()), (2, vec!["kind=\"UPDATE\" elapsed rows=2 failed=false ".to_owned()]));
    let session = db.session();
    let authors = Author::query().filter(Author::id.le(2)).all(&session).await?;
    for (count, name) in [(2, "a"), (1, "b")] {
        authors[..count].iter().for_each(|author| author.set(Author::name, format!("{name} {}", author.id)));
        statements.take();
        session.commit().await?;
        let told = statements.take().into_iter().filter(|told| !told.contains("BEGIN") && !told.contains("COMMIT"));
        let told: Vec<String> = told.filter(|told| !told.contains("START")).collect();
        assert_eq!(told, [format!("kind=\"UPDATE\" elapsed rows={count} failed=false ")]);
    }
    assert!(orm::sql("SELECT nothing FROM nowhere").all::<i64>(&*db).await.is_err());
    assert_eq!(statements.take(), ["kind=\"SELECT\" elapsed failed=true "]);
    Ok(())
}

#[tokio::test]
async fn values_are_told_if_they_may_be() -> Result<()> {
    let db = Db::connect(DbOptions::new("sqlite::memory:").log_values(true)).await?;
    let statements = Statements::default();
    let _listening = tracing::subscriber::set_default(statements.clone());
    orm::sql("SELECT ?").bind(7).all::<i64>(&db).await?;
    let told = statements.take();
    assert!(told.last().is_some_and(|told| told.contains("values=[") && told.contains('7')), "{told:?}");
    Ok(())
}
