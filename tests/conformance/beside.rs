//! Queries of the database beside a session with an open transaction.
use crate::{fixtures::shop_with, models::*};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tracing::{Event, Level, Metadata, Subscriber, span};

on_every_database! {
    shop:
    a_query_beside_an_open_transaction_warns_once,
    a_query_before_or_after_a_transaction_does_not_warn,
    a_query_of_another_task_does_not_warn,
    values_of_the_session_do_not_warn,
}

/// Counts warnings that name `session.values()`.
#[derive(Clone, Default)]
struct Warnings(Arc<AtomicUsize>);

impl Warnings {
    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut found = Found(false);
        event.record(&mut found);
        self.0.fetch_add(usize::from(found.0), Ordering::Relaxed);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Found(bool);

impl tracing::field::Visit for Found {
    fn record_debug(&mut self, _: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0 |= format!("{value:?}").contains("session.values()");
    }
}

async fn a_query_beside_an_open_transaction_warns_once(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    let session = db.session();
    session.add(Product::builder().name("keyboard"));
    session.flush().await?;
    assert_eq!(warnings.count(), 0);
    assert_eq!(Product::query().count(&*db).await?, 2, "it reads outside of the transaction");
    assert_eq!(warnings.count(), 1);
    Product::query().all(&*db).await?;
    assert_eq!(warnings.count(), 1);
    session.rollback().await
}

async fn a_query_before_or_after_a_transaction_does_not_warn(db: TestDb) -> Result<()> {
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    let session = db.session();
    Product::query().all(&session).await?;
    Product::query().all(&*db).await?;
    session.add(Product::builder().name("keyboard"));
    session.commit().await?;
    Product::query().all(&*db).await?;
    {
        let dropped = db.session();
        dropped.begin(None).await?;
    }
    Product::query().all(&*db).await?;
    assert_eq!(warnings.count(), 0);
    Ok(())
}

async fn a_query_of_another_task_does_not_warn(db: TestDb) -> Result<()> {
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    let session = db.session();
    session.begin(None).await?;
    let other = (*db).clone();
    let task = tokio::spawn(async move { Product::query().count(&other).await });
    assert_eq!(task.await.map_err(orm::Error::other)??, 0);
    assert_eq!(warnings.count(), 0);
    session.rollback().await
}

async fn values_of_the_session_do_not_warn(db: TestDb) -> Result<()> {
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    let session = db.session();
    session.begin(None).await?;
    assert!(Product::query().all(session.values()).await?.is_empty());
    assert_eq!(warnings.count(), 0);
    session.rollback().await
}
