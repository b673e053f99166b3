//! Set-based writes whose conditions and values reach beyond the row.
use crate::models::{Author, Book, Station, Tag, fill, library, stations};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    library:
    a_column_takes_a_number_over_related_rows,
    a_column_takes_a_column_behind_a_relationship,
    a_column_takes_a_number_over_links,
    entities_in_memory_have_what_was_computed,
    what_a_value_reads_is_flushed_before,
    a_value_of_several_or_joined_rows_is_refused,
    rows_of_a_joined_query_are_written,
    rows_are_told_by_paths_and_by_related_rows,
    a_computed_value_is_that_of_limited_rows_too,
}

on_every_database! {
    stations:
    a_column_takes_a_number_over_rows_of_its_own_table,
}

async fn titles(db: &Db) -> Result<Vec<String>> {
    Book::query().select(Book::title).order_by(Book::id).all(db).await
}

async fn towns(db: &Db) -> Result<Vec<Option<String>>> {
    Author::query().select(Author::town).order_by(Author::id).all(db).await
}

async fn a_column_takes_a_number_over_related_rows(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let number = || Author::books.count().cast::<String>();
    assert_eq!(Author::query().all_rows().set(Author::name, number()).update(&*db).await?, 4);
    let names = || Author::query().select(Author::name).order_by(Author::id).all(&*db);
    assert_eq!(names().await?, ["3", "3", "2", "0"]);
    let odd = Author::books.matching(Book::editor_id.is_null()).count().cast::<String>();
    let some = Author::query().filter(Author::town.eq("Rome"));
    assert_eq!(some.set(Author::name, Author::name.concat("/").concat(odd)).update(&*db).await?, 2);
    assert_eq!(names().await?, ["3/1", "3", "2/1", "0"]);
    Ok(())
}

async fn a_column_takes_a_column_behind_a_relationship(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let books = Book::query().filter(Book::id.le(4));
    let count = books.set(Book::title, Book::author.path(Author::name).concat("!")).update(&*db).await?;
    assert_eq!(count, 4);
    assert_eq!(titles(&db).await?[..5], ["Ann!", "Bob!", "cleo!", "Ann!", "Book 4"]);
    let town = Book::editor.path(Author::town).coalesce("nobody");
    Book::query().filter(Book::id.le(2)).set(Book::title, town).update(&*db).await?;
    assert_eq!(titles(&db).await?[..3], ["Rome", "nobody", "cleo!"]);
    Ok(())
}

async fn a_column_takes_a_number_over_links(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let last = Book::tags.max(Tag::word).coalesce("none");
    Book::query().all_rows().set(Book::title, last).update(&*db).await?;
    assert_eq!(titles(&db).await?[..4], ["none", "war", "war", "war"]);
    Ok(())
}

async fn entities_in_memory_have_what_was_computed(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let authors = Author::query().order_by(Author::id).all(&session).await?;
    let number = Author::books.count().cast::<String>();
    Author::query().filter(Author::id.ne(2)).set(Author::name, number).update(&session).await?;
    let names: Vec<&str> = authors.iter().map(|author| author.value().name.as_str()).collect();
    assert_eq!(names, ["3", "Bob", "2", "0"]);
    session.rollback().await?;
    assert_eq!(authors[0].name, "Ann");
    Ok(())
}

async fn what_a_value_reads_is_flushed_before(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    session.add(Book::builder().title("new").price(dec!(1)).author_id(4));
    let number = Author::books.count().cast::<String>();
    Author::query().filter(Author::id.eq(4)).set(Author::name, number).update(&session).await?;
    assert_eq!(session.get_one::<Author>(4).await?.name, "1");
    session.rollback().await
}

async fn a_value_of_several_or_joined_rows_is_refused(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let author = Book::author.alias("author");
    let number = orm::row_number().over(orm::window().order_by(Book::id)).cast::<String>();
    let last = Book::title.max().coalesce("");
    let joined = author.column(Author::name);
    for value in [number, last, joined] {
        let update = Book::query().join(&author).all_rows().set(Book::title, value).update(&session);
        let (error, sent) = statements!(session, update.await.expect_err("no value of a row"));
        assert!(error.to_string().contains("books.title") && error.to_string().contains("path"), "{error}");
        assert_eq!(sent, 0);
    }
    Ok(())
}

async fn rows_of_a_joined_query_are_written(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let author = Book::author.alias("author");
    let of_ann = || Book::query().join(&author).filter(author.column(Author::name).eq("Ann"));
    assert_eq!(of_ann().set(Book::title, "by Ann").update(&*db).await?, 3);
    let tags = Book::tags.alias("tags");
    let many = Book::query().join(&tags).filter(tags.column(Tag::word).is_in(["war", "peace", "sea"]));
    assert_eq!(many.delete(&*db).await?, 6, "each once, although its row repeats");
    let tags = Book::tags.outer_alias("tags");
    assert_eq!(Book::query().left_join(&tags).filter(tags.column(Tag::id).is_null()).delete(&*db).await?, 2);
    assert_eq!(of_ann().count(&*db).await?, 0);
    Ok(())
}

async fn rows_are_told_by_paths_and_by_related_rows(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let from_rome = Book::query().filter(Book::author.path(Author::town).eq("Rome"));
    assert_eq!(from_rome.set(Book::price, Book::price + dec!(100)).update(&*db).await?, 5);
    let busy = Author::query().filter(Author::books.any(Book::price.ge(dec!(100)).and(Book::tags.exists())));
    assert_eq!(busy.set(Author::town, None).update(&*db).await?, 2);
    assert_eq!(towns(&db).await?, [None, None, None, Some("Oslo".to_owned())]);
    let idle = Author::query().filter(Author::books.none(Predicate::always()).and(Author::edited.none(Book::id.gt(7))));
    let error = idle.delete(&*db).await.expect_err("a book is edited by him");
    assert!(error.is_foreign_key_violation());
    assert!(error.to_string().starts_with("rows of authors are still named by others"), "{error}");
    let edited = Book::query().filter(Book::editor.has(Author::books.count().eq(0)));
    assert_eq!(edited.set(Book::editor_id, None).update(&*db).await?, 1);
    assert_eq!(Author::query().filter(Author::books.count().eq(0)).delete(&*db).await?, 1);
    Ok(())
}

async fn a_computed_value_is_that_of_limited_rows_too(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let two = Book::query().order_by(Book::id.desc()).limit(2);
    assert_eq!(two.set(Book::title, Book::author.path(Author::name)).update(&*db).await?, 2);
    assert_eq!(titles(&db).await?[5..], ["Book 5", "Ann", "Bob"]);
    Ok(())
}

async fn a_column_takes_a_number_over_rows_of_its_own_table(db: TestDb) -> Result<()> {
    let session = db.session();
    let end = session.add(Station::builder().name("end"));
    session.add(Station::builder().name("a").next(end));
    session.add(Station::builder().name("b").next(end));
    session.commit().await?;
    let before = Station::previous.count().cast::<String>();
    Station::query().all_rows().set(Station::name, before).update(&*db).await?;
    let names = Station::query().select(Station::name).order_by(Station::id);
    assert_eq!(names.all(&*db).await?, ["2", "0", "0"]);
    let next = Station::next.path(Station::name).coalesce("-");
    Station::query().all_rows().set(Station::name, next).update(&*db).await?;
    assert_eq!(Station::query().select(Station::name).order_by(Station::id).all(&*db).await?, ["-", "2", "2"]);
    Ok(())
}
