//! Relationships in conditions: members, objects, absence.
use crate::models::{Author, Book, Tag, fill, library};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    library:
    a_collection_contains_an_object,
    a_reference_equals_an_object,
    a_reference_is_null_or_another,
    owners_without_members_are_found,
    members_of_an_object_are_a_criterion,
    an_object_without_a_key_is_told,
    an_object_is_flushed_before_it_is_compared,
    the_first_rows_of_each_group,
}

async fn ids(db: &Db, query: Query<Book>) -> Result<Vec<i64>> {
    query.order_by(Book::id).select(Book::id).all(db).await
}

async fn a_collection_contains_an_object(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let (sea, book) = (session.get_one::<Tag>(3).await?, session.get_one::<Book>(5).await?);
    assert_eq!(ids(&db, Book::query().filter(Book::tags.contains(sea))).await?, [4, 8]);
    let others = Book::tags.contains(sea).not().and(Book::id.gt(5));
    assert_eq!(ids(&db, Book::query().filter(others)).await?, [6, 7]);
    let author = Author::query().filter(Author::books.contains(book)).one(&session).await?;
    assert_eq!(author.id, book.author_id);
    let by_value = book.to_value();
    assert_eq!(Author::query().filter(Author::books.contains(&by_value)).one(&session).await?, author);
    let nested = Author::books.any(Book::tags.contains(sea));
    let names = Author::query().filter(nested).order_by(Author::id).select(Author::name).all(&*db).await?;
    assert_eq!(names, ["Ann", "Bob"]);
    Ok(())
}

async fn a_reference_equals_an_object(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let bob = session.get_one::<Author>(2).await?;
    let (books, sent) = statements!(session, Book::query().filter(Book::author.eq(bob)).all(&session).await?);
    assert_eq!((books.len(), sent), (3, 1));
    assert_eq!(ids(&db, Book::query().filter(Book::editor.eq(bob))).await?, [3]);
    assert_eq!(ids(&db, Book::query().filter(Book::author.eq(bob).and(Book::id.gt(4)))).await?, [5, 8]);
    Ok(())
}

async fn a_reference_is_null_or_another(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let bob = session.get_one::<Author>(2).await?;
    assert_eq!(ids(&db, Book::query().filter(Book::editor.is_null())).await?, [2, 4, 6, 8]);
    assert_eq!(ids(&db, Book::query().filter(Book::editor.is_not_null())).await?, [1, 3, 5, 7]);
    let others = Book::query().filter(Book::editor.ne(bob));
    assert_eq!(ids(&db, others).await?, [1, 2, 4, 5, 6, 7, 8], "also those without an editor");
    let same = Book::query().filter(Book::editor.ne(bob).not());
    assert_eq!(ids(&db, same).await?, [3]);
    Ok(())
}

async fn owners_without_members_are_found(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let names = async |predicate| Author::query().filter(predicate).select(Author::name).all(&*db).await;
    assert_eq!(names(Author::books.none(Predicate::always())).await?, ["Dan"]);
    assert_eq!(names(Author::books.exists().not()).await?, ["Dan"]);
    assert_eq!(ids(&db, Book::query().filter(Book::tags.exists().not())).await?, [1, 5]);
    Ok(())
}

async fn members_of_an_object_are_a_criterion(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let ann = session.get_one::<Author>(1).await?;
    let dear = Author::books.targets_of(ann).and(Book::id.gt(1));
    assert_eq!(ids(&db, Book::query().filter(dear)).await?, [4, 7]);
    let book = session.get_one::<Book>(3).await?;
    let words = Tag::query().filter(Book::tags.targets_of(book)).order_by(Tag::word.desc());
    assert_eq!(words.select(Tag::word).all(&*db).await?, ["war", "peace"]);
    let editor = Author::query().filter(Book::editor.targets_of(book)).one(&session).await?;
    assert_eq!(editor.id, 2);
    let unedited = session.get_one::<Book>(2).await?;
    assert_eq!(Author::query().filter(Book::editor.targets_of(unedited)).count(&session).await?, 0);
    let number = Book::query().filter(Author::books.targets_of(ann)).select(Book::price.sum()).one(&*db).await?;
    assert_eq!(number, Some(dec!(0.30)));
    Ok(())
}

async fn an_object_without_a_key_is_told(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("new"));
    let book = author.books().push(Book::builder().title("new").price(dec!(1)))?;
    let queries = [Book::author.eq(author), Book::author.ne(author), Author::books.targets_of(author)];
    for condition in queries {
        let query = Book::query().filter(condition).all(&*db);
        let error = query.await.expect_err("no key").to_string();
        assert!(error.contains("new Author, which has no id") && error.contains("flush"), "{error}");
    }
    let error = Author::query().filter(Author::books.contains(book)).all(&*db).await.expect_err("no key").to_string();
    assert!(error.contains("new Book, which has no author_id"), "{error}");
    session.rollback().await
}

async fn an_object_is_flushed_before_it_is_compared(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("new"));
    author.books().push(Book::builder().title("new").price(dec!(1)))?;
    session.flush().await?;
    assert_eq!(Book::query().filter(Book::author.eq(author)).count(&session).await?, 1);
    session.rollback().await
}

/// What lateral joins are used for: the first rows of each group, by a window over rows of a query.
async fn the_first_rows_of_each_group(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let dearest = orm::window().partition_by(Book::author_id).order_by((Book::price.desc(), Book::id.desc()));
    let numbered = Book::query().select((Book::id, orm::row_number().over(dearest))).rows();
    let (id, number) = numbered.columns();
    let two_each = numbered.filter(number.le(2)).select(id);
    let session = db.session();
    let books = Book::query().filter(Book::id.is_in(two_each)).order_by((Book::author_id, Book::id));
    let books = books.with(Book::author).all(&session).await?;
    let found: Vec<(i64, i64)> = books.iter().map(|book| (book.author_id, book.id)).collect();
    assert_eq!(found, [(1, 4), (1, 7), (2, 5), (2, 8), (3, 3), (3, 6)]);
    let loaded = Author::query().order_by(Author::id).with(Author::books.selectin().order_by(Book::id.desc()).limit(2));
    let loaded = loaded.all(&session).await?;
    assert_eq!(loaded[0].books().partial()?.iter().map(|book| book.id).collect::<Vec<_>>(), [7, 4]);
    Ok(())
}
