//! Updates and deletes of the rows of a query, and what becomes of the entities in memory.
use chrono::{DateTime, Utc};
use orm::{EntityState, Result, prelude::*, schema::Schema};
use orm_test_support::{Database, TestDb, on_every_database, statements};

on_every_database! {
    library:
    what_memory_can_tell_is_one_update_and_no_select,
    what_memory_cannot_tell_comes_back,
    a_value_that_only_the_database_computes_is_read_back,
    memory_agrees_with_the_database_about_every_condition,
    columns_changed_in_memory_keep_their_values,
    changes_are_flushed_before_a_set_based_write,
    deleted_rows_are_deleted_in_memory_and_leave_their_lists,
    on_delete_of_the_database_shows_in_memory,
    a_set_based_update_moves_children_between_loaded_lists,
    a_rollback_brings_everything_back,
    a_savepoint_brings_back_what_was_written_inside,
    times_and_versions_follow_a_net_change,
    a_limit_hits_the_first_rows_of_the_order,
    a_set_based_write_says_which_rows_it_means,
    what_an_update_sets_is_checked_before_it_is_sent,
    columns_are_computed_of_columns,
}

fn library() -> Schema {
    orm::schema![Author, Book, Note, Stock]
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "authors")]
struct Author {
    #[orm(primary_key)]
    id: i64,
    #[orm(max_length = 20)]
    name: Option<String>,
    #[orm(default = 0)]
    credit: i32,
    #[orm(back_populates = author, passive_deletes)]
    books: HasMany<Book>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "books")]
struct Book {
    #[orm(primary_key)]
    id: i64,
    title: String,
    author_id: Option<i64>,
    #[orm(back_populates = books, on_delete = "set_null")]
    author: BelongsTo<Option<Author>>,
    #[orm(back_populates = book, cascade(all), passive_deletes)]
    notes: HasMany<Note>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "notes")]
struct Note {
    #[orm(primary_key)]
    id: i64,
    book_id: i64,
    #[orm(back_populates = notes, on_delete = "cascade")]
    book: BelongsTo<Book>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "stock")]
struct Stock {
    #[orm(primary_key)]
    id: i64,
    count: i32,
    word: String,
    #[orm(version)]
    version: i32,
    #[orm(updated_at)]
    updated: DateTime<Utc>,
}

/// Authors `x` with three books and `y` with none.
async fn two_authors(db: &Db) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("x"));
    session.add(Author::builder().name("y"));
    for title in ["t1", "t2", "t3"] {
        session.add(Book::builder().title(title).author(author));
    }
    session.commit().await
}

async fn names(db: &Db) -> Result<Vec<Option<String>>> {
    Author::query().order_by(Author::id).select(Author::name).all(db).await
}

async fn what_memory_can_tell_is_one_update_and_no_select(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let authors = Author::query().order_by(Author::id).all(&session).await?;
    let (count, sent) = statements!(
        session,
        Author::query().filter(Author::name.eq("x")).set(Author::name, "z").update(&session).await?
    );
    assert_eq!((count, sent), (1, 1));
    assert_eq!((authors[0].name.as_deref(), authors[1].name.as_deref()), (Some("z"), Some("y")));
    assert!(!session.has_changes(), "the database has it");
    session.commit().await?;
    assert_eq!(names(&db).await?, [Some("z".into()), Some("y".into())]);
    Ok(())
}

async fn what_memory_cannot_tell_comes_back(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let authors = Author::query().order_by(Author::id).all(&session).await?;
    let with_books = Author::books.any(Book::title.eq("t2"));
    let (count, sent) =
        statements!(session, Author::query().filter(with_books).set(Author::name, "z").update(&session).await?);
    assert_eq!((count, authors[0].name.as_deref(), authors[1].name.as_deref()), (1, Some("z"), Some("y")));
    // MySQL and MariaDB return nothing of an UPDATE: they are asked before.
    assert_eq!(sent, if db.is(Database::MySql) { 2 } else { 1 });
    session.rollback().await
}

async fn a_value_that_only_the_database_computes_is_read_back(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let authors = Author::query().order_by(Author::id).all(&session).await?;
    let upper = Author::query().filter(Author::id.eq(2)).set(Author::name, Author::name.upper());
    let (count, sent) = statements!(session, upper.update(&session).await?);
    assert_eq!((count, authors[0].name.as_deref(), authors[1].name.as_deref()), (1, Some("x"), Some("Y")));
    assert_eq!(sent, if db.is(Database::MySql) { 2 } else { 1 });
    session.rollback().await
}

async fn memory_agrees_with_the_database_about_every_condition(db: TestDb) -> Result<()> {
    let texts =
        [None, Some("a"), Some("A"), Some("a "), Some("ä"), Some("Ä"), Some("a%b"), Some("axb"), Some(""), Some("b")];
    let session = db.session();
    for (credit, name) in texts.into_iter().enumerate() {
        session.add(Author::builder().name(name.map(str::to_owned)).credit(credit as i32 * 3 % 10));
    }
    session.commit().await?;
    let mut conditions = vec![
        Author::credit.is_in([3, 6]),
        Author::credit.not_in([3, 6]),
        Author::credit.not_in(Vec::<i32>::new()),
        Author::credit.between(2, 6).not(),
        Author::name.is_null().or(Author::credit.gt(7)),
        Author::name.is_not_null().and(Author::credit.le(4)),
        Author::name.is_in([Some("a".to_owned()), None]),
        Author::name.not_in([Some("a".to_owned()), None]),
        Author::name.ne("a").or(Author::name.is_null()),
        Author::name.contains("%"),
        Author::name.like("a_b").not(),
        Author::name.like("%A%"),
        Author::name.ilike("Ä"),
        Author::name.ends_with(" "),
        Author::name.ne(Author::name),
        Author::credit.eq(Author::credit).not(),
        Author::id.lt(4).and(Author::name.eq("b").not()),
        Predicate::always().not(),
    ];
    for text in ["a", "A", "ä", "", "b", "c"] {
        conditions.extend([
            Author::name.eq(text),
            Author::name.eq(text).not(),
            Author::name.lt(text),
            Author::name.ge(text),
            Author::name.starts_with(text),
        ]);
    }
    for (number, condition) in conditions.into_iter().enumerate() {
        let session = db.session();
        let authors = Author::query().order_by(Author::id).all(&session).await?;
        let write = Author::query().filter(condition.clone()).set(Author::credit, 1000 + number as i32);
        let hit = write.update(&session).await?;
        let stored = Author::query().order_by(Author::id).all(session.values()).await?;
        let in_memory: Vec<i32> = authors.iter().map(|author| author.credit).collect();
        let expected: Vec<i32> = stored.iter().map(|author| author.credit).collect();
        assert_eq!(in_memory, expected, "condition {number}: {condition:?}");
        assert_eq!(hit as usize, expected.iter().filter(|credit| **credit >= 1000).count());
        session.rollback().await?;
    }
    Ok(())
}

async fn columns_changed_in_memory_keep_their_values(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    author.set(Author::name, "mine");
    session
        .no_autoflush(async || {
            let all = || Author::query().filter(Author::name.eq("x"));
            all().set(Author::credit, 5).update(&session).await?;
            assert_eq!((author.name.as_deref(), author.credit), (Some("mine"), 5));
            all().set(Author::name, "theirs").update(&session).await?;
            assert_eq!(author.name.as_deref(), Some("mine"));
            Ok(())
        })
        .await?;
    assert!(session.is_modified(author));
    session.commit().await?;
    let stored = Author::query().filter(Author::id.eq(1)).one(&*db).await?;
    assert_eq!((stored.name.as_deref(), stored.credit), (Some("mine"), 5));
    Ok(())
}

async fn changes_are_flushed_before_a_set_based_write(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("new"));
    let credited = Author::query().filter(Author::name.eq("new")).set(Author::credit, 7);
    assert_eq!(credited.update(&session).await?, 1);
    assert_eq!(author.credit, 7);
    author.set(Author::name, "old");
    assert_eq!(Author::query().filter(Author::name.eq("new")).delete(&session).await?, 0);
    assert_eq!(session.state(author), EntityState::Persistent);
    session.rollback().await
}

async fn deleted_rows_are_deleted_in_memory_and_leave_their_lists(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = Author::query().with(Author::books).order_by(Author::id).first(&session).await?.expect("an author");
    let books: Vec<Entity<'_, Book>> = author.books().loaded()?.iter().collect();
    let (count, sent) =
        statements!(session, Book::query().filter(Book::title.is_in(["t1", "t3"])).delete(&session).await?);
    assert_eq!((count, sent), (2, 1));
    let states: Vec<EntityState> = books.iter().map(|book| session.state(*book)).collect();
    assert_eq!(states, [EntityState::Deleted, EntityState::Persistent, EntityState::Deleted]);
    let left: Vec<String> = author.books().loaded()?.iter().map(|book| book.title.clone()).collect();
    assert_eq!(left, ["t2"]);
    assert!(session.get::<Book>(books[0].id).await?.is_none());
    assert_eq!(books[0].title, "t1", "it stays readable");
    session.commit().await
}

async fn on_delete_of_the_database_shows_in_memory(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let books = author.books().await?;
    let book = books.first().expect("a book");
    let note = book.notes().push(Note::builder())?;
    session.flush().await?;
    assert_eq!(Author::query().filter(Author::id.eq(1)).delete(&session).await?, 1);
    assert_eq!((book.author_id, session.is_modified(book)), (None, false), "the database has set it to null");
    assert!(book.author().await?.is_none());
    assert_eq!(Book::query().filter(Book::id.eq(book.id)).delete(&session).await?, 1);
    assert_eq!(session.state(note), EntityState::Deleted, "the database has deleted it along");
    session.commit().await?;
    assert_eq!((Book::query().count(&*db).await?, Note::query().count(&*db).await?), (2, 0));
    Ok(())
}

async fn a_set_based_update_moves_children_between_loaded_lists(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let authors = Author::query().with(Author::books).order_by(Author::id).all(&session).await?;
    let book = authors[0].books().loaded()?.first().expect("a book");
    Book::query().filter(Book::id.eq(book.id)).set(Book::author_id, authors[1].id).update(&session).await?;
    assert_eq!((authors[0].books().loaded()?.len(), authors[1].books().loaded()?.len()), (2, 1));
    assert_eq!(book.author().await?, Some(authors[1]));
    session.rollback().await?;
    assert_eq!((authors[0].books().loaded()?.len(), authors[1].books().loaded()?.len()), (3, 0));
    assert_eq!(book.author().await?, Some(authors[0]));
    session.commit().await
}

async fn a_rollback_brings_everything_back(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let authors = Author::query().order_by(Author::id).all(&session).await?;
    Author::query().all_rows().set(Author::name, "z").update(&session).await?;
    Author::query().filter(Author::id.eq(2)).delete(&session).await?;
    assert_eq!((authors[0].name.as_deref(), session.state(authors[1])), (Some("z"), EntityState::Deleted));
    session.rollback().await?;
    assert_eq!((authors[0].name.as_deref(), authors[1].name.as_deref()), (Some("x"), Some("y")));
    assert_eq!(session.state(authors[1]), EntityState::Persistent);
    assert_eq!(session.get::<Author>(2).await?, Some(authors[1]));
    assert_eq!(names(&db).await?, [Some("x".into()), Some("y".into())]);
    Ok(())
}

async fn a_savepoint_brings_back_what_was_written_inside(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let authors = Author::query().order_by(Author::id).all(&session).await?;
    Author::query().filter(Author::id.eq(1)).set(Author::name, "before").update(&session).await?;
    let tried: Result<()> = session
        .savepoint(async || {
            Author::query().filter(Author::id.eq(1)).set(Author::name, "inside").update(&session).await?;
            Author::query().filter(Author::id.eq(2)).delete(&session).await?;
            Err(orm::Error::other("undo"))
        })
        .await;
    assert!(tried.is_err());
    let (_, sent) = statements!(session, {
        assert_eq!((authors[0].name.as_deref(), authors[1].name.as_deref()), (Some("before"), Some("y")));
        assert_eq!(session.get::<Author>(2).await?, Some(authors[1]));
    });
    assert_eq!(sent, 0);
    session.commit().await?;
    assert_eq!(names(&db).await?, [Some("before".into()), Some("y".into())]);
    Ok(())
}

async fn times_and_versions_follow_a_net_change(db: TestDb) -> Result<()> {
    let early = db.with_clock(|| std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000));
    let late = db.with_clock(|| std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(2_000));
    let session = early.session();
    for (count, word) in [(1, "a"), (2, "A")] {
        session.add(Stock::builder().count(count).word(word));
    }
    session.commit().await?;
    let session = late.session();
    let stock = Stock::query().order_by(Stock::id).all(&session).await?;
    Stock::query().all_rows().set(Stock::count, 2).update(&session).await?;
    let seen = |stock: &Stock| (stock.count, stock.version, stock.updated.timestamp());
    assert_eq!((seen(stock[0].value()), seen(stock[1].value())), ((2, 2, 2_000), (2, 1, 1_000)));
    // Also where only the case of a letter changes, which a collation may not see; and where memory cannot tell.
    Stock::query().all_rows().set(Stock::word, Stock::word.upper()).update(&session).await?;
    assert_eq!((seen(stock[0].value()), seen(stock[1].value())), ((2, 3, 2_000), (2, 1, 1_000)));
    let stored = Stock::query().order_by(Stock::id).all(session.values()).await?;
    assert_eq!(stored, [stock[0].to_value(), stock[1].to_value()]);
    let other = db.session();
    session.commit().await?;
    let stale = other.get_one::<Stock>(1).await?;
    Stock::query().filter(Stock::id.eq(1)).set(Stock::count, 50).update(&*db).await?;
    stale.set(Stock::count, 60);
    assert!(other.flush().await.expect_err("somebody counted").is_stale());
    other.rollback().await
}

async fn a_limit_hits_the_first_rows_of_the_order(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let books = Book::query().order_by(Book::id).all(&session).await?;
    let first = || Book::query().order_by(Book::title.desc()).limit(2);
    assert_eq!(first().set(Book::title, "hit").update(&session).await?, 2);
    assert_eq!(books.iter().map(|book| book.title.as_str()).collect::<Vec<_>>(), ["t1", "hit", "hit"]);
    assert_eq!(Book::query().order_by(Book::id).limit(1).delete(&session).await?, 1);
    assert_eq!(session.state(books[0]), EntityState::Deleted);
    session.commit().await?;
    assert_eq!(Book::query().filter(Book::title.eq("hit")).count(&*db).await?, 2);
    Ok(())
}

async fn a_set_based_write_says_which_rows_it_means(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let error = Author::query().delete(&session).await.expect_err("of which rows?");
    assert!(error.to_string().contains(".all_rows()"), "{error}");
    assert!(Author::query().set(Author::credit, 1).update(&session).await.is_err());
    assert_eq!(session.statement_count(), 0);
    assert_eq!(Author::query().all_rows().delete(&session).await?, 2);
    session.rollback().await
}

async fn what_an_update_sets_is_checked_before_it_is_sent(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let long = "x".repeat(21);
    let error = Author::query().all_rows().set(Author::name, long).update(&*db).await.expect_err("it is too long");
    assert!(error.is_check_violation() && error.to_string().contains("max_length"), "{error}");
    let of_many = Note::query().all_rows().set(Note::book_id, Note::book_id.max().coalesce(0));
    let error = of_many.update(&*db).await.expect_err("it is of many rows");
    assert!(error.to_string().contains("from several rows"), "{error}");
    Ok(())
}

async fn columns_are_computed_of_columns(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let set = Author::query().filter(Author::id.eq(1)).set(Author::credit, (Author::credit + 5) * 2 - 1);
    let (_, sent) = statements!(session, set.update(&session).await?);
    assert_eq!((author.credit, sent), (9, 1));
    let stored = Author::query().filter(Author::id.eq(1)).one(session.values()).await?;
    assert_eq!(stored.credit, 9);
    session.rollback().await
}
