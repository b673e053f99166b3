//! Loops that send a statement for each object are told of, with the line that sends them.
use crate::models::*;
use orm::{Loading, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};
use std::sync::{Arc, Mutex, PoisonError};
use tracing::{Event, Level, Metadata, Subscriber, span};

on_every_database! {
    library:
    a_loop_over_single_entities_is_told_once,
    counts_and_queries_are_told_too,
    each_alone_is_told,
    to_one_relationships_are_told,
    what_loads_along_is_not_told,
    a_commit_begins_anew,
    an_entity_asked_again_is_no_loop,
    the_number_is_an_option,
}
on_every_database! { papers: columns_are_told_too }

/// Keeps warnings.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl Warnings {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN && metadata.target() == "orm::loops"
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(message.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Message(String);

impl tracing::field::Visit for Message {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

async fn keys(db: &Db, number: usize) -> Result<Vec<i64>> {
    library_with(db, number).await?;
    authors().select(Author::id).all(db).await
}

async fn a_loop_over_single_entities_is_told_once(db: TestDb) -> Result<()> {
    let keys = keys(&db, 25).await?;
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    for _ in 0..2 {
        let session = db.session();
        for key in &keys {
            session.get_one::<Author>(*key).await?.books().await?;
        }
    }
    let (told, line) = (warnings.take(), line!() - 3);
    assert_eq!(told.len(), 1);
    let (place, said) = told[0].split_once(' ').unwrap_or_default();
    assert!(place.starts_with(&format!("tests/lazy/loops.rs:{line}:")), "{told:?}");
    assert_eq!(
        said,
        "asks for `Author::books` of one Author at a time, 10 times so far in this session: get the entities by one query (or \
         `session.get_many`), so that they load along with each other, or load it with their query, `.with(Author::books)`"
    );
    Ok(())
}

async fn counts_and_queries_are_told_too(db: TestDb) -> Result<()> {
    let keys = keys(&db, 12).await?;
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    let session = db.session();
    for key in &keys {
        session.get_one::<Author>(*key).await?.books().count().await?;
    }
    let line = line!() - 2;
    let told = warnings.take();
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with(&format!("tests/lazy/loops.rs:{line}:")), "{told:?}");
    assert!(told[0].contains("the number of `Author::books`") && told[0].contains(".with(Author::books.counted())"));
    let authors = authors().all(&session).await?;
    for author in &authors {
        author.books().query().filter(Book::title.ne("x")).all(&session).await?;
    }
    let line = line!() - 2;
    let told = warnings.take();
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with(&format!("tests/lazy/loops.rs:{line}:")), "{told:?}");
    assert!(told[0].contains("a query of `Author::books`"), "{told:?}");
    Ok(())
}

async fn each_alone_is_told(db: TestDb) -> Result<()> {
    library_with(&db, 12).await?;
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    let session = db.session();
    session.set_loading(Loading::EachAlone);
    for author in authors().all(&session).await? {
        author.books().await?;
    }
    assert_eq!(warnings.take().len(), 1);
    Ok(())
}

async fn to_one_relationships_are_told(db: TestDb) -> Result<()> {
    library_with(&db, 40).await?;
    let books = Book::query().select(Book::id).all(&*db).await?;
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    let session = db.session();
    for book in books {
        session.get_one::<Book>(book).await?.author().await?;
    }
    let (told, line) = (warnings.take(), line!() - 2);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with(&format!("tests/lazy/loops.rs:{line}:")), "{told:?}");
    Ok(())
}

async fn what_loads_along_is_not_told(db: TestDb) -> Result<()> {
    library_with(&db, 40).await?;
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    let session = db.session();
    for page in 0..12 {
        for author in authors().limit(3).offset(page * 3).all(&session).await? {
            author.books().count().await?;
            for book in author.books().await? {
                book.chapters().await?;
            }
        }
    }
    assert_eq!(warnings.take(), [""; 0]);
    Ok(())
}

async fn a_commit_begins_anew(db: TestDb) -> Result<()> {
    let keys = keys(&db, 18).await?;
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    let session = db.session();
    for half in keys.chunks(9) {
        for key in half {
            session.get_one::<Author>(*key).await?.books().await?;
        }
        session.commit().await?;
    }
    assert_eq!(warnings.take(), [""; 0]);
    Ok(())
}

async fn an_entity_asked_again_is_no_loop(db: TestDb) -> Result<()> {
    let keys = keys(&db, 1).await?;
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    let session = db.session();
    let author = session.get_one::<Author>(keys[0]).await?;
    for _ in 0..12 {
        author.books().count().await?;
    }
    assert_eq!(warnings.take(), [""; 0]);
    Ok(())
}

async fn the_number_is_an_option(db: TestDb) -> Result<()> {
    for (option, expected) in [(Some(2), 1), (None, 0)] {
        let other = db.under(|options| options.warn_of_single_loads(option)).await?;
        let keys = keys(&other, 12).await?;
        let warnings = Warnings::default();
        let _listening = tracing::subscriber::set_default(warnings.clone());
        let session = other.session();
        for key in &keys {
            session.get_one::<Author>(*key).await?.books().await?;
        }
        assert_eq!(warnings.take().len(), expected);
    }
    Ok(())
}

async fn columns_are_told_too(db: TestDb) -> Result<()> {
    papers_with(&db, 12).await?;
    let keys = all_papers().select(Paper::id).all(&*db).await?;
    let warnings = Warnings::default();
    let _listening = tracing::subscriber::set_default(warnings.clone());
    let session = db.session();
    for key in keys {
        session.get_one::<Paper>(key).await?.body().await?;
    }
    let (told, line) = (warnings.take(), line!() - 2);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with(&format!("tests/lazy/loops.rs:{line}:")), "{told:?}");
    assert!(told[0].contains("`Paper::body`"), "{told:?}");
    Ok(())
}
