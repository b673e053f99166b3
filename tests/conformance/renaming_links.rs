//! Keys change of rows that links name.
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    library:
    links_of_a_bare_table_follow_a_key,
    links_follow_a_key_that_memory_did_not_load,
    links_follow_a_key_changed_by_a_statement,
    links_are_made_and_taken_away_while_the_key_changes,
    links_of_a_model_follow_a_key_that_cascades,
    a_link_model_that_does_not_cascade_is_refused_before_any_write,
    rolling_back_puts_the_key_and_its_links_back,
}

fn library() -> Schema {
    orm::schema![Book, Subject, Shelf, Place, Reader, Loan]
}

#[derive(Model, Clone, Debug)]
struct Book {
    #[orm(primary_key)]
    id: i64,
    title: String,
    #[orm(through("book_subjects", book_id, subject_code), back_populates = books)]
    subjects: ManyToMany<Subject>,
    #[orm(through(Place::book, Place::shelf), back_populates = books)]
    shelves: ManyToMany<Shelf>,
    #[orm(through(Loan::book, Loan::reader), back_populates = books)]
    readers: ManyToMany<Reader>,
}

#[derive(Model, Clone, Debug)]
struct Subject {
    #[orm(primary_key, max_length = 20)]
    code: String,
    #[orm(through("book_subjects", subject_code, book_id), back_populates = subjects)]
    books: ManyToMany<Book>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "shelves")]
struct Shelf {
    #[orm(primary_key, max_length = 20)]
    code: String,
    #[orm(through(Place::shelf, Place::book), back_populates = shelves)]
    books: ManyToMany<Book>,
}

/// A link whose keys follow.
#[derive(Model, Clone, Debug)]
struct Place {
    #[orm(primary_key)]
    book_id: i64,
    #[orm(primary_key, max_length = 20)]
    shelf_code: String,
    book: BelongsTo<Book>,
    #[orm(foreign_key = shelf_code, on_update = "cascade")]
    shelf: BelongsTo<Shelf>,
}

#[derive(Model, Clone, Debug)]
struct Reader {
    #[orm(primary_key, max_length = 20)]
    name: String,
    #[orm(through(Loan::reader, Loan::book), back_populates = readers)]
    books: ManyToMany<Book>,
}

/// A link whose keys do not follow.
#[derive(Model, Clone, Debug)]
struct Loan {
    #[orm(primary_key)]
    book_id: i64,
    #[orm(primary_key, max_length = 20)]
    reader_name: String,
    book: BelongsTo<Book>,
    #[orm(foreign_key = reader_name)]
    reader: BelongsTo<Reader>,
}

/// A book about one subject, on one shelf.
async fn filled<'s>(session: &'s Session) -> Result<(Entity<'s, Book>, Entity<'s, Subject>, Entity<'s, Shelf>)> {
    let book = session.add(Book::builder().title("t"));
    let subject = book.subjects().push(Subject::builder().code("old"))?;
    let shelf = book.shelves().push(Shelf::builder().code("old"))?;
    session.commit().await?;
    Ok((book, subject, shelf))
}

async fn subjects(db: &TestDb) -> Result<Vec<String>> {
    let books = Book::query().with(Book::subjects).all(&**db).await?;
    let mut codes = Vec::new();
    for book in &books {
        codes.extend(book.subjects.get()?.iter().map(|subject| subject.code.clone()));
    }
    codes.sort();
    Ok(codes)
}

async fn links_of_a_bare_table_follow_a_key(db: TestDb) -> Result<()> {
    let session = db.session();
    let (book, subject, _) = filled(&session).await?;
    assert_eq!((book.subjects().await?.len(), subject.books().await?.len()), (1, 1));
    subject.set(Subject::code, "new");
    assert_eq!(statements!(session, session.commit().await?).1, 1);
    assert!(book.subjects().loaded()?.contains(subject) && subject.books().loaded()?.contains(book));
    assert_eq!(subjects(&db).await?, ["new"]);
    subject.books().remove(book)?;
    session.commit().await?;
    assert!(subjects(&db).await?.is_empty(), "the link is found by the key that it has now");
    Ok(())
}

async fn links_follow_a_key_that_memory_did_not_load(db: TestDb) -> Result<()> {
    filled(&db.session()).await?;
    let session = db.session();
    let subject = session.get_one::<Subject>("old").await?;
    subject.set(Subject::code, "new");
    session.flush().await?;
    assert_eq!(subject.books().await?.len(), 1);
    session.commit().await?;
    assert_eq!(subjects(&db).await?, ["new"]);
    Ok(())
}

async fn links_follow_a_key_changed_by_a_statement(db: TestDb) -> Result<()> {
    let session = db.session();
    let (book, subject, _) = filled(&session).await?;
    book.subjects().await?;
    let old = Subject::query().filter(Subject::code.eq("old"));
    assert_eq!(old.set(Subject::code, "new").update(&session).await?, 1);
    assert_eq!(subject.code, "new");
    session.refresh_with(book, Book::subjects).await?;
    assert!(book.subjects().loaded()?.contains(subject));
    session.commit().await?;
    assert_eq!(subjects(&db).await?, ["new"]);
    Ok(())
}

async fn links_are_made_and_taken_away_while_the_key_changes(db: TestDb) -> Result<()> {
    let session = db.session();
    let (book, subject, _) = filled(&session).await?;
    let other = session.add(Book::builder().title("o"));
    subject.set(Subject::code, "new");
    other.subjects().push(subject)?;
    book.subjects().remove(subject)?;
    session.commit().await?;
    let linked = Book::query().filter(Book::subjects.any(Subject::code.eq("new"))).all(&*db).await?;
    assert_eq!(linked.iter().map(|book| book.title.as_str()).collect::<Vec<_>>(), ["o"]);
    assert_eq!(subjects(&db).await?, ["new"]);
    Ok(())
}

async fn links_of_a_model_follow_a_key_that_cascades(db: TestDb) -> Result<()> {
    let session = db.session();
    let (book, _, shelf) = filled(&session).await?;
    let place = session.get_one::<Place>((book.id, "old")).await?;
    assert_eq!(shelf.books().await?.len(), 1);
    shelf.set(Shelf::code, "new");
    assert_eq!(statements!(session, session.flush().await?).1, 1);
    assert_eq!(place.shelf_code, "new");
    assert_eq!(session.get::<Place>((book.id, "new")).await?, Some(place));
    shelf.books().remove(book)?;
    session.commit().await?;
    assert_eq!(Place::query().count(&*db).await?, 0);
    Ok(())
}

async fn a_link_model_that_does_not_cascade_is_refused_before_any_write(db: TestDb) -> Result<()> {
    let session = db.session();
    let (book, ..) = filled(&session).await?;
    let reader = book.readers().push(Reader::builder().name("old"))?;
    session.commit().await?;
    reader.set(Reader::name, "new");
    let error = session.commit().await.expect_err("a link names it");
    assert!(error.is_foreign_key_violation(), "{error}");
    session.rollback().await?;
    assert_eq!((reader.name.as_str(), Reader::query().one(&*db).await?.name.as_str()), ("old", "old"));
    Ok(())
}

async fn rolling_back_puts_the_key_and_its_links_back(db: TestDb) -> Result<()> {
    let session = db.session();
    let (book, subject, _) = filled(&session).await?;
    subject.set(Subject::code, "new");
    session.flush().await?;
    session.rollback().await?;
    assert_eq!((subject.code.as_str(), book.subjects().await?.len()), ("old", 1));
    book.subjects().remove(subject)?;
    session.commit().await?;
    assert!(subjects(&db).await?.is_empty());
    Ok(())
}
