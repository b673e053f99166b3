//! Whole stories of entities and transactions, with the tables and the numbers of statements at their ends.
use orm::{EntityState, Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    library:
    one_entity_for_a_row_and_what_later_queries_do_to_it,
    a_commit_expires_nothing_and_one_query_reads_all_again,
    a_rollback_gives_every_entity_its_previous_state,
}

fn library() -> Schema {
    orm::schema![Author, Book]
}

#[derive(Model, Clone, Debug)]
#[orm(table = "authors")]
struct Author {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(back_populates = author, cascade(all, delete_orphan))]
    books: HasMany<Book>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "books")]
struct Book {
    #[orm(primary_key)]
    id: i64,
    title: String,
    author_id: Option<i64>,
    #[orm(back_populates = books)]
    author: BelongsTo<Option<Author>>,
}

async fn given(db: &Db, authors: &[(&str, &[&str])]) -> Result<()> {
    let session = db.session();
    for (name, titles) in authors {
        let books = titles.iter().map(|title| Book::builder().title(*title)).collect::<Vec<_>>();
        session.add(Author::builder().name(*name).books(books));
    }
    session.commit().await
}

async fn tables(db: &Db) -> Result<(Vec<(i64, String)>, Vec<(i64, String, Option<i64>)>)> {
    let authors = Author::query().order_by(Author::id.asc()).select((Author::id, Author::name)).all(db).await?;
    let books = Book::query().order_by(Book::id.asc()).select((Book::id, Book::title, Book::author_id)).all(db).await?;
    Ok((authors, books))
}

async fn rename(db: &Db, name: &str) -> Result<()> {
    Author::query().all_rows().set(Author::name, name).update(db).await?;
    Ok(())
}

async fn one_entity_for_a_row_and_what_later_queries_do_to_it(db: TestDb) -> Result<()> {
    given(&db, &[("x", &[])]).await?;
    let session = db.session();
    let (author, sent) = statements!(session, session.get_one::<Author>(1).await?);
    assert_eq!(sent, 1);
    rename(&db, "y").await?;
    let (again, sent) = statements!(session, Author::query().one(&session).await?);
    assert_eq!((again, again.name.as_str(), sent), (author, "x", 1), "a plain query does not overwrite");
    let (fresh, sent) = statements!(session, Author::query().refresh_existing().one(&session).await?);
    assert_eq!((fresh, author.name.as_str(), sent), (author, "y", 1));
    author.set(Author::name, "mine");
    let force = async || Author::query().refresh_existing().one(&session).await;
    let (_, sent) = statements!(session, session.no_autoflush(force).await?);
    assert_eq!((author.name.as_str(), sent, session.has_changes()), ("y", 1, false), "the change is lost");
    session.commit().await?;
    rename(&db, "z").await?;
    assert_eq!(
        (Author::query().one(&session).await?, author.name.as_str()),
        (author, "z"),
        "a later transaction's row"
    );
    rename(&db, "y").await?;
    session.rollback().await?;
    assert_eq!(tables(&db).await?, (vec![(1, "y".into())], vec![]));
    Ok(())
}

async fn a_commit_expires_nothing_and_one_query_reads_all_again(db: TestDb) -> Result<()> {
    given(&db, &[("A1", &[]), ("A2", &[]), ("A3", &[])]).await?;
    let session = db.session();
    let authors = Author::query().order_by(Author::id.asc()).all(&session).await?;
    session.commit().await?;
    let names = || authors.iter().map(|author| author.name.clone()).collect::<Vec<_>>();
    let (read, sent) = statements!(session, names());
    assert_eq!((read, sent), (vec!["A1".to_owned(), "A2".to_owned(), "A3".to_owned()], 0));
    session.commit().await?;
    let (read, sent) = statements!(session, {
        Author::query().all(&session).await?;
        names()
    });
    assert_eq!((read.len(), sent), (3, 1));
    authors[0].set(Author::name, "changed");
    let (_, sent) = statements!(session, session.refresh(authors[0]).await?);
    assert_eq!((authors[0].name.as_str(), sent), ("A1", 1));
    session.commit().await?;
    let expected = vec![(1, "A1".into()), (2, "A2".into()), (3, "A3".into())];
    assert_eq!((tables(&db).await?, session.statement_count()), ((expected, vec![]), 3));
    Ok(())
}

async fn a_rollback_gives_every_entity_its_previous_state(db: TestDb) -> Result<()> {
    given(&db, &[("x", &["b1"]), ("y", &[])]).await?;
    let session = db.session();
    let authors = Author::query().order_by(Author::id.asc()).all(&session).await?;
    let (first, second) = (authors[0], authors[1]);
    let state = |author| session.state(author);
    let added = session.add(Author::builder().name("N"));
    assert_eq!(state(added), EntityState::Pending);
    first.set(Author::name, "changed");
    session.delete(second);
    assert_eq!(state(second), EntityState::Persistent);
    let (_, sent) = statements!(session, session.flush().await?);
    assert!(sent <= 4, "{sent}");
    assert_eq!([added, second].map(state), [EntityState::Persistent, EntityState::Deleted]);
    session.rollback().await?;
    let states = [EntityState::Transient, EntityState::Persistent, EntityState::Persistent];
    assert_eq!([added, first, second].map(state), states);
    assert_eq!((added.name.as_str(), added.id), ("N", 0));
    let (name, sent) = statements!(session, session.get_one::<Author>(1).await?.name.clone());
    assert_eq!((name.as_str(), sent), ("x", 0));
    session.rollback().await?;
    assert_eq!([added, first, second].map(state), states, "a rollback of nothing is harmless");
    let expected = (vec![(1, "x".into()), (2, "y".into())], vec![(1, "b1".into(), Some(1))]);
    assert_eq!(tables(&db).await?, expected);
    Ok(())
}
