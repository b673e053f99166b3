//! Walking from entity to entity: how many statements that takes in all, and what is remembered on the way.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    library:
    three_levels_of_a_thousand_take_six_statements,
    a_composite_key_is_found_in_memory,
    an_object_on_two_paths_has_what_either_loads,
    every_path_remembers_its_own_options,
}

async fn books_with(db: &Db, books: usize) -> Result<()> {
    let session = db.session();
    for number in 0..books {
        let author = session.add(Author::builder().name(format!("a{number}")));
        let chapters = [Chapter::builder(), Chapter::builder()];
        session.add(Book::builder().title("only").author(author).chapters(chapters));
    }
    session.commit().await
}

async fn three_levels_of_a_thousand_take_six_statements(db: TestDb) -> Result<()> {
    books_with(&db, 1_000).await?;
    let session = db.session();
    let mut chapters = 0;
    for author in authors().all(&session).await? {
        for book in author.books().await? {
            chapters += book.chapters().await?.len();
        }
    }
    // The authors. The books of the first one, then those of the others. The chapters of the first one's book, of the second
    // one's, then those of the others.
    assert_eq!((chapters, session.statement_count()), (2_000, 6));
    Ok(())
}

async fn a_composite_key_is_found_in_memory(db: TestDb) -> Result<()> {
    let writing = db.session();
    let shelf = writing.add(Shelf::builder().room(7).name("a"));
    writing.add(Copy::builder().shelf(shelf));
    writing.commit().await?;
    let session = db.session();
    let shelf = Shelf::query().one(&session).await?;
    let copy = Copy::query().one(&session).await?;
    let (found, sent) = statements!(session, copy.shelf().await?);
    assert_eq!((found, sent), (shelf, 0));
    Ok(())
}

async fn an_object_on_two_paths_has_what_either_loads(db: TestDb) -> Result<()> {
    books_with(&db, 2).await?;
    let session = db.session();
    let through_author = Book::author.with(Author::books.selectin().with(Book::readers));
    let books = Book::query().order_by(Book::id.asc()).with((Book::chapters, through_author)).all(&session).await?;
    let book = books[0];
    let same = book.author().await?.expect("it has one").books().await?.first().expect("this one");
    assert_eq!(same, book);
    let (_, sent) = statements!(session, (book.chapters().await?, same.chapters().await?, book.readers().await?));
    assert_eq!(sent, 0);
    Ok(())
}

async fn every_path_remembers_its_own_options(db: TestDb) -> Result<()> {
    books_with(&db, 2).await?;
    let session = db.session();
    let through_author = Book::author.with(Author::books.selectin().with(Book::chapters.raise()));
    let book = Book::query().order_by(Book::id.asc()).with(through_author).first(&session).await?.expect("two");
    let same = book.author().await?.expect("it has one").books().await?.first().expect("this one");
    assert_eq!(same, book);
    assert!(same.chapters().await.is_err_and(|error| error.is_not_loaded()));
    assert_eq!(book.chapters().await?.len(), 2);
    Ok(())
}
