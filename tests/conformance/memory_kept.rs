//! What a session keeps in memory, when it lets go, and what it says of changes that go with it.
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tracing::{Event, Level, Metadata, Subscriber, span};

on_every_database! {
    crates:
    rows_of_a_repeated_load_are_dropped,
    clearing_and_dropping_a_session_free_its_rows,
    a_dropped_session_says_how_much_it_lost,
    a_session_that_wrote_everything_says_nothing,
}

fn crates() -> Schema {
    orm::schema![Crate]
}

/// A row whose values are counted while they live.
#[derive(Model, Clone, Debug)]
struct Crate {
    #[orm(primary_key)]
    id: i64,
    label: String,
    content: Json<Counted>,
}

#[derive(Debug, Serialize)]
struct Counted {
    test: String,
}

static LIVE: Mutex<Option<HashMap<String, i64>>> = Mutex::new(None);

fn live() -> MutexGuard<'static, Option<HashMap<String, i64>>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn count(test: &str, change: i64) {
    *live().get_or_insert_default().entry(test.to_owned()).or_default() += change;
}

fn counted(test: &str) -> i64 {
    live().as_ref().and_then(|live| live.get(test)).copied().unwrap_or_default()
}

impl Counted {
    fn new(test: String) -> Self {
        count(&test, 1);
        Self { test }
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        Self::new(self.test.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        count(&self.test, -1);
    }
}

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Plain {
            test: String,
        }
        Plain::deserialize(deserializer).map(|plain| Self::new(plain.test))
    }
}

/// The name of this test, and so many rows of it.
async fn crates_of_a_test(db: &Db, rows: usize) -> Result<String> {
    static TESTS: AtomicU64 = AtomicU64::new(0);
    let test = format!("test {}", TESTS.fetch_add(1, Ordering::Relaxed));
    let session = db.session();
    session.add_all(
        (0..rows).map(|row| Crate::builder().label(format!("{row}")).content(Json(Counted::new(test.clone())))),
    );
    session.commit().await?;
    Ok(test)
}

async fn rows_of_a_repeated_load_are_dropped(db: TestDb) -> Result<()> {
    let test = crates_of_a_test(&db, 200).await?;
    let session = db.session();
    let first = Crate::query().all(&session).await?;
    assert_eq!(counted(&test), 200);
    for _ in 0..3 {
        assert_eq!(Crate::query().all(&session).await?, first);
        assert_eq!(counted(&test), 200);
    }
    session.commit().await?;
    Crate::query().all(&session).await?;
    assert_eq!(counted(&test), 200, "also rows of a later transaction, while they are the same");
    let (_, sent) = statements!(session, session.refresh(first[0]).await?);
    assert_eq!((counted(&test), sent), (200, 1));
    first[0].set(Crate::label, "changed");
    assert_eq!(counted(&test), 201, "what it was before is kept for a rollback");
    session.rollback().await
}

async fn clearing_and_dropping_a_session_free_its_rows(db: TestDb) -> Result<()> {
    let test = crates_of_a_test(&db, 100).await?;
    assert_eq!(counted(&test), 0, "with the session that added them");
    let mut session = db.session();
    Crate::query().all(&session).await?;
    session.commit().await?;
    assert_eq!(counted(&test), 100);
    session.clear();
    assert_eq!(counted(&test), 0);
    Crate::query().all(&session).await?;
    assert_eq!(counted(&test), 100);
    drop(session);
    assert_eq!(counted(&test), 0);
    Ok(())
}

/// The warnings of a test, as text.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl Warnings {
    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
        let mut text = Text::default();
        event.record(&mut text);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[derive(Default)]
struct Text(String);

impl tracing::field::Visit for Text {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0 += &format!("{field}={value:?} ");
    }
}

async fn a_dropped_session_says_how_much_it_lost(db: TestDb) -> Result<()> {
    let test = crates_of_a_test(&db, 3).await?;
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    let session = db.session();
    let crates: Vec<i64> = Crate::query().all(&session).await?.iter().map(|stored| stored.id).collect();
    session.get_one::<Crate>(crates[0]).await?.set(Crate::label, "x");
    session.get_one::<Crate>(crates[1]).await?.set(Crate::label, "x");
    session.delete(session.get_one::<Crate>(crates[2]).await?);
    session.add(Crate::builder().label("new").content(Json(Counted::new(test))));
    drop(session);
    let said = warnings.all();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(["added=1", "changed=2", "deleted=1"].iter().all(|part| said[0].contains(part)), "{said:?}");
    let session = db.session();
    session.get_one::<Crate>(crates[0]).await?.set(Crate::label, "x");
    session.flush().await?;
    drop(session);
    let said = warnings.all();
    assert!(said.len() == 2 && said[1].contains("without commit"), "{said:?}");
    Ok(())
}

async fn a_session_that_wrote_everything_says_nothing(db: TestDb) -> Result<()> {
    let test = crates_of_a_test(&db, 1).await?;
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    let session = db.session();
    let stored = Crate::query().one(&session).await?;
    stored.set(Crate::label, "x");
    session.commit().await?;
    stored.set(Crate::label, "y");
    stored.set(Crate::label, "x");
    session.commit().await?;
    session.add(Crate::builder().label("new").content(Json(Counted::new(test))));
    session.rollback().await?;
    drop(session);
    assert_eq!(warnings.all(), Vec::<String>::new());
    Ok(())
}
