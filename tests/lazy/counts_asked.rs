//! `.with_count()` and `.counted()`: numbers that a query asks for along with its rows.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    library:
    the_number_of_all_is_loaded_beside_a_part,
    every_strategy_takes_a_count,
    only_the_number_is_loaded,
    a_whole_collection_needs_no_statement_for_its_number,
    counts_are_loaded_at_every_level,
    values_have_their_numbers,
    shared_values_keep_their_numbers,
    a_number_belongs_to_its_result,
    a_number_that_was_not_asked_for_is_an_error,
    a_count_takes_the_number_while_it_is_fresh,
    a_number_makes_no_list_of_a_value,
    a_number_beside_a_load_keeps_the_load,
    a_stream_counts_for_each_batch,
    links_and_composite_keys_are_counted,
    what_criteria_hide_is_not_counted,
}

fn two() -> orm::Load<Author, Book> {
    Author::books.selectin().filter(Book::title.ne("5.0")).limit(1).with_count()
}

async fn the_number_of_all_is_loaded_beside_a_part(db: TestDb) -> Result<()> {
    library_with(&db, 6).await?;
    let session = db.session();
    let authors = authors().with(two()).all(&session).await?;
    assert_eq!(session.statement_count(), 3);
    let seen: Vec<(usize, Option<u64>, u64)> = authors
        .iter()
        .map(|author| {
            let part = author.books().partial()?;
            Ok((part.len(), part.total(), author.books().counted()?))
        })
        .collect::<Result<_>>()?;
    let of = |n: u64| (n.min(1) as usize, Some(n), n);
    assert_eq!(seen, [of(0), of(1), of(2), of(0), of(1), of(2)]);
    assert_eq!(session.statement_count(), 3);
    Ok(())
}

async fn every_strategy_takes_a_count(db: TestDb) -> Result<()> {
    library_with(&db, 6).await?;
    let first = Book::title.ends_with(".0");
    let strategies = [
        Author::books.selectin(),
        Author::books.joined(),
        Author::books.subquery(),
        Author::books.immediate(),
        Author::books.lazy(),
        Author::books.raise(),
        Author::books.noload(),
    ];
    for load in strategies {
        let session = db.session();
        let query = authors().with(load.filter(first.clone()).with_count());
        let values = query.clone().all(session.values()).await?;
        for (number, (author, value)) in query.all(&session).await?.into_iter().zip(values).enumerate() {
            assert_eq!((author.books().counted()?, value.books.counted()?), (number as u64 % 3, number as u64 % 3));
        }
    }
    Ok(())
}

async fn only_the_number_is_loaded(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let session = db.session();
    let authors = authors().with(Author::books.counted()).all(&session).await?;
    assert_eq!(session.statement_count(), 2);
    assert_eq!(authors.iter().map(|a| a.books().counted()).collect::<Result<Vec<_>>>()?, [0, 1, 2]);
    assert!(!authors[2].books().is_loaded());
    assert_eq!(authors[2].books().await?.len(), 2);
    Ok(())
}

async fn a_whole_collection_needs_no_statement_for_its_number(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let session = db.session();
    let authors = authors().with(Author::books.selectin().with_count()).all(&session).await?;
    assert_eq!(session.statement_count(), 2);
    assert_eq!(authors.iter().map(|a| a.books().counted()).collect::<Result<Vec<_>>>()?, [0, 1, 2]);
    Ok(())
}

async fn counts_are_loaded_at_every_level(db: TestDb) -> Result<()> {
    library_with(&db, 6).await?;
    for books in [Author::books.selectin(), Author::books.joined(), Author::books.subquery()] {
        let session = db.session();
        let query = authors().with(books.with(Book::chapters.counted()));
        let values = query.clone().all(session.values()).await?;
        let all = query.all(&session).await?;
        for (author, value) in all.iter().zip(&values) {
            let in_value = value.books.get()?.iter().map(|book| book.chapters.counted());
            let counts = author.books().loaded()?.iter().map(|book| book.chapters().counted());
            assert!(counts.chain(in_value).all(|count| count.is_ok_and(|count| count == 2)));
        }
    }
    // What is in memory already is counted too.
    let session = db.session();
    authors().with(Author::books).all(&session).await?;
    let all = authors().with(Author::books.selectin().with(Book::chapters.counted())).all(&session).await?;
    assert_eq!(all[5].books().loaded()?.first().expect("two").chapters().counted()?, 2);
    Ok(())
}

async fn values_have_their_numbers(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let parts = authors().with(two()).all(&*db).await?;
    let seen: Vec<(usize, u64)> =
        parts.iter().map(|a| Ok((a.books.get()?.len(), a.books.counted()?))).collect::<Result<_>>()?;
    assert_eq!(seen, [(0, 0), (1, 1), (1, 2)]);
    let whole = authors().with(Author::books).all(&*db).await?;
    assert_eq!(whole[2].books.counted()?, 2);
    let session = db.session();
    let copy = authors().with(two()).all(&session).await?[2].to_value();
    assert_eq!((copy.books.get()?.len(), copy.books.counted()?), (1, 2));
    assert_eq!(copy.clone().books.counted()?, 2);
    Ok(())
}

async fn shared_values_keep_their_numbers(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let books = Book::query().with(Book::author.selectin().with(Author::books.counted())).all(&*db).await?;
    for book in &books {
        let author = book.author.get()?.expect("each has one");
        assert_eq!(author.books.counted()?, books.iter().filter(|b| b.author_id == book.author_id).count() as u64);
    }
    Ok(())
}

async fn a_number_belongs_to_its_result(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let session = db.session();
    let before = authors().with(Author::books.counted()).all(&session).await?[2];
    before.books().push(Book::builder().title("new"))?;
    session.commit().await?;
    let after = authors().with(Author::books.counted()).all(&session).await?[2];
    assert_eq!((before.books().counted()?, after.books().counted()?), (2, 3));
    assert_eq!(before.books().count().await?, 3);
    Ok(())
}

async fn a_number_that_was_not_asked_for_is_an_error(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let session = db.session();
    let author = authors().with(Author::books.selectin().limit(1)).all(&session).await?[2];
    assert_eq!(author.books().partial()?.total(), None);
    let error = author.books().counted().expect_err("only a part was loaded");
    assert!(error.is_not_loaded());
    assert_eq!(
        error.to_string(),
        "the number of Author::books is not in memory: ask for it (`.books().count().await?`), or load it with the query, \
         `.with(Author::books.counted())`, or `.with_count()` on the option that loads some of them"
    );
    let value = authors().with(Author::books.selectin().limit(1)).all(&*db).await?.remove(2);
    assert!(value.books.counted().is_err_and(|error| error.is_not_loaded()));
    Ok(())
}

async fn a_count_takes_the_number_while_it_is_fresh(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let session = db.session();
    let author = authors().with(Author::books.counted()).all(&session).await?[2];
    let (counts, sent) = statements!(session, (author.books().count().await?, author.books().count().await?));
    assert_eq!((counts, sent), ((2, 2), 0));
    author.books().push(Book::builder().title("new"))?;
    assert_eq!((author.books().count().await?, author.books().counted()?), (3, 2));
    session.rollback().await?;
    let (count, sent) = statements!(session, author.books().count().await?);
    assert_eq!((count, sent), (2, 1));
    Ok(())
}

async fn a_number_makes_no_list_of_a_value(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let value = authors().with(Author::books.counted()).all(&*db).await?.remove(2);
    let bare = authors().all(&*db).await?.remove(2);
    assert!(value.books.is_unloaded() && !value.books.is_partial());
    assert!(value.books.get().is_err_and(|error| error.is_not_loaded()));
    assert_eq!(value, bare);
    assert_eq!(format!("{value:?}"), format!("{bare:?}"));
    let session = db.session();
    let merged = session.merge(value).await?;
    session.commit().await?;
    assert_eq!(merged.books().count().await?, 2);
    Ok(())
}

async fn a_number_beside_a_load_keeps_the_load(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let session = db.session();
    let queries = [
        authors().with(Author::books).with(Author::books.counted()),
        authors().with(Author::books.counted()).with(Author::books),
        authors().with((Author::books.counted(), Author::books.joined())),
    ];
    for query in queries {
        let author = query.all(&session).await?[2];
        assert_eq!((author.books().loaded()?.len(), author.books().counted()?), (2, 2));
    }
    Ok(())
}

async fn a_stream_counts_for_each_batch(db: TestDb) -> Result<()> {
    library_with(&db, 6).await?;
    let mut stream = authors().with(Author::books.counted()).stream(&db);
    let mut counts = Vec::new();
    while let Some(author) = stream.next().await {
        counts.push(author?.books.counted()?);
    }
    assert_eq!(counts, [0, 1, 2, 0, 1, 2]);
    Ok(())
}

async fn links_and_composite_keys_are_counted(db: TestDb) -> Result<()> {
    let writing = db.session();
    let genre = writing.add(Genre::builder().name("g"));
    writing.add(Book::builder().title("none"));
    writing.add(Book::builder().title("one").genres([genre]));
    let shelf = writing.add(Shelf::builder().room(1).name("a"));
    writing.add(Copy::builder().shelf(shelf));
    writing.add(Shelf::builder().room(1).name("b"));
    writing.commit().await?;
    let session = db.session();
    let books = Book::query().order_by(Book::id.asc()).with(Book::genres.counted()).all(&session).await?;
    assert_eq!(books.iter().map(|book| book.genres().counted()).collect::<Result<Vec<_>>>()?, [0, 1]);
    let shelves = Shelf::query().order_by(Shelf::name.asc()).with(Shelf::copies.counted());
    for (shelf, value) in shelves.clone().all(&session).await?.into_iter().zip(shelves.all(&*db).await?) {
        let expected = u64::from(shelf.name == "a");
        assert_eq!((shelf.copies().counted()?, value.copies.counted()?), (expected, expected));
    }
    Ok(())
}

async fn what_criteria_hide_is_not_counted(db: TestDb) -> Result<()> {
    library_with(&db, 6).await?;
    let first = db.with_criteria(Book::title.ends_with(".0"));
    let session = first.session();
    let asked = authors().with(Author::books.counted());
    let values = asked.clone().all(&first).await?;
    let around = authors().with(Author::books.counted().without_criteria()).all(&session).await?;
    let all = authors().all(&session).await?;
    for (number, author) in asked.all(&session).await?.into_iter().enumerate() {
        let (seen, there) = (u64::from(number % 3 > 0), number as u64 % 3);
        assert_eq!((author.books().counted()?, values[number].books.counted()?), (seen, seen));
        assert_eq!((all[number].books().count().await?, around[number].books().counted()?), (seen, there));
    }
    Ok(())
}
