//! `.count()` of a relationship: in a loop two statements for a thousand owners, and never a number that is not true.
use crate::models::*;
use orm::{Error, Loading, Result, prelude::*, sql};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    library:
    a_thousand_parents_counted_take_two_statements,
    the_counting_goes_on_after_a_thousand,
    children_of_children_are_counted_along,
    a_single_count_is_for_one_owner,
    a_second_round_takes_one_statement,
    a_number_answers_once,
    entities_of_two_results_do_not_count_for_each_other,
    entities_without_a_result_count_alone,
    each_alone_and_peers_are_respected,
    what_is_loaded_is_counted_in_memory,
    changed_peers_are_not_counted_along,
    links_are_counted,
    a_target_linked_twice_counts_once,
    composite_keys_are_counted,
    a_flush_makes_numbers_old,
    pushes_and_removals_are_written_before,
    a_set_based_write_makes_numbers_old,
    raw_sql_makes_numbers_old,
    rows_inserted_past_memory_make_numbers_old,
    the_end_of_a_transaction_makes_numbers_old,
    a_savepoint_that_is_undone_makes_numbers_old,
    a_lock_makes_numbers_old,
    two_futures_count_once,
    a_deleted_owner_is_not_counted,
    an_owner_that_is_not_written_has_none,
}

async fn counts(authors: &[Entity<'_, Author>]) -> Result<Vec<u64>> {
    let mut counts = Vec::new();
    for author in authors {
        counts.push(author.books().count().await?);
    }
    Ok(counts)
}

async fn a_thousand_parents_counted_take_two_statements(db: TestDb) -> Result<()> {
    library_with(&db, 1_000).await?;
    let session = db.session();
    let authors = authors().all(&session).await?;
    let (counts, sent) = statements!(session, counts(&authors).await?);
    assert!(counts.iter().enumerate().all(|(number, count)| *count == number as u64 % 3), "{counts:?}");
    assert_eq!(sent, 2);
    Ok(())
}

async fn the_counting_goes_on_after_a_thousand(db: TestDb) -> Result<()> {
    library_with(&db, 1_500).await?;
    let session = db.session();
    let authors = authors().all(&session).await?;
    let (counts, sent) = statements!(session, counts(&authors).await?);
    assert_eq!((counts.iter().sum::<u64>(), sent), (1_500, 3));
    Ok(())
}

async fn children_of_children_are_counted_along(db: TestDb) -> Result<()> {
    library_with(&db, 30).await?;
    let session = db.session();
    let mut chapters = 0;
    for author in authors().with(Author::books).all(&session).await? {
        for book in author.books().loaded()? {
            chapters += book.chapters().count().await?;
        }
    }
    assert_eq!((chapters, session.statement_count()), (60, 4));
    Ok(())
}

async fn a_single_count_is_for_one_owner(db: TestDb) -> Result<()> {
    library_with(&db, 5).await?;
    let session = db.session();
    let authors = authors().all(&session).await?;
    let (count, sent) = statements!(session, authors[2].books().count().await?);
    assert_eq!((count, sent, authors[2].books().is_loaded()), (2, 1, false));
    // The second one counts for what comes after it, and for nobody before.
    let (_, sent) = statements!(session, authors[3].books().count().await?);
    assert_eq!(sent, 1);
    let (_, sent) = statements!(session, authors[4].books().count().await?);
    assert_eq!(sent, 0);
    let (_, sent) = statements!(session, authors[1].books().count().await?);
    assert_eq!(sent, 1);
    Ok(())
}

async fn a_second_round_takes_one_statement(db: TestDb) -> Result<()> {
    library_with(&db, 20).await?;
    let session = db.session();
    let authors = authors().all(&session).await?;
    let first = counts(&authors).await?;
    let (second, sent) = statements!(session, counts(&authors).await?);
    assert_eq!((second, sent), (first, 1));
    Ok(())
}

async fn a_number_answers_once(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let session = db.session();
    let authors = authors().all(&session).await?;
    assert_eq!(counts(&authors).await?, [0, 1, 2]);
    let other = db.session();
    other.get_one::<Author>(authors[2].id).await?.books().push(Book::builder().title("new"))?;
    other.commit().await?;
    assert_eq!(authors[2].books().count().await?, 3);
    Ok(())
}

async fn entities_of_two_results_do_not_count_for_each_other(db: TestDb) -> Result<()> {
    library_with(&db, 4).await?;
    let session = db.session();
    let some = authors().limit(2).all(&session).await?;
    let others = authors().offset(2).limit(2).all(&session).await?;
    let mut sent = 0;
    for author in [some[0], others[0], some[1], others[1]] {
        sent += statements!(session, author.books().count().await?).1;
    }
    assert_eq!(sent, 4);
    Ok(())
}

async fn entities_without_a_result_count_alone(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let session = db.session();
    for id in authors().select(Author::id).all(&session).await? {
        let author = session.get_one::<Author>(id).await?;
        let (_, sent) = statements!(session, author.books().count().await?);
        assert_eq!(sent, 1);
    }
    Ok(())
}

async fn each_alone_and_peers_are_respected(db: TestDb) -> Result<()> {
    library_with(&db, 6).await?;
    for (loading, expected) in [(Loading::EachAlone, 6), (Loading::Adaptive, 2), (Loading::Peers, 1)] {
        let session = db.session();
        session.set_loading(loading);
        let authors = authors().all(&session).await?;
        let (counts, sent) = statements!(session, counts(&authors).await?);
        assert_eq!((counts, sent), (vec![0, 1, 2, 0, 1, 2], expected), "{loading:?}");
    }
    Ok(())
}

async fn what_is_loaded_is_counted_in_memory(db: TestDb) -> Result<()> {
    library_with(&db, 6).await?;
    let session = db.session();
    let authors = authors().with(Author::books).all(&session).await?;
    authors[2].books().push(Book::builder().title("new"))?;
    let (counts, sent) = statements!(session, counts(&authors).await?);
    assert_eq!((counts, sent), (vec![0, 1, 3, 0, 1, 2], 0));
    session.rollback().await
}

async fn changed_peers_are_not_counted_along(db: TestDb) -> Result<()> {
    library_with(&db, 6).await?;
    let session = db.session();
    let authors = authors().all(&session).await?;
    authors[3].set(Author::name, "changed");
    let (counts, sent) = statements!(session, counts(&authors).await?);
    // Authors are not read for it, so nothing is flushed; the changed one counts for itself.
    assert_eq!((counts, sent), (vec![0, 1, 2, 0, 1, 2], 3));
    session.rollback().await
}

async fn links_are_counted(db: TestDb) -> Result<()> {
    let writing = db.session();
    let genres: Vec<_> = (0..3).map(|n| writing.add(Genre::builder().name(format!("g{n}")))).collect();
    for number in 0..8 {
        let book = writing.add(Book::builder().title(format!("b{number}")));
        for genre in &genres[..number % 4] {
            book.genres().push(*genre)?;
        }
    }
    writing.commit().await?;
    let session = db.session();
    let mut counts = Vec::new();
    for book in Book::query().order_by(Book::id.asc()).all(&session).await? {
        counts.push(book.genres().count().await?);
    }
    assert_eq!((counts, session.statement_count()), (vec![0, 1, 2, 3, 0, 1, 2, 3], 3));
    Ok(())
}

async fn a_target_linked_twice_counts_once(db: TestDb) -> Result<()> {
    let writing = db.session();
    let reader = writing.add(Reader::builder().name("Ann"));
    for number in 0..4 {
        let book = writing.add(Book::builder().title(format!("b{number}")));
        for _ in 0..number {
            writing.add(Loan::builder().book(book).reader(reader));
        }
    }
    writing.commit().await?;
    let session = db.session();
    let mut counts = Vec::new();
    for book in Book::query().order_by(Book::id.asc()).all(&session).await? {
        counts.push(book.readers().count().await?);
        assert_eq!(book.readers().count().await?, book.readers().await?.len() as u64);
    }
    assert_eq!(counts, [0, 1, 1, 1]);
    Ok(())
}

async fn composite_keys_are_counted(db: TestDb) -> Result<()> {
    let writing = db.session();
    for (number, name) in ["a", "b", "c", "d"].into_iter().enumerate() {
        let shelf = writing.add(Shelf::builder().room(7).name(name));
        (0..number).for_each(|_| _ = writing.add(Copy::builder().shelf(shelf)));
    }
    writing.commit().await?;
    let session = db.session();
    let mut counts = Vec::new();
    for shelf in Shelf::query().order_by(Shelf::name.asc()).all(&session).await? {
        counts.push(shelf.copies().count().await?);
    }
    assert_eq!((counts, session.statement_count()), (vec![0, 1, 2, 3], 3));
    Ok(())
}

/// Two authors of one result were counted, so that the third one's number is there: 2.
macro_rules! read_ahead {
    ($session:ident, $authors:ident, $db:ident) => {
        library_with(&$db, 3).await?;
        let $session = $db.session();
        let $authors = authors().all(&$session).await?;
        assert_eq!(counts(&$authors[..2]).await?, [0, 1]);
    };
}

async fn a_flush_makes_numbers_old(db: TestDb) -> Result<()> {
    read_ahead!(session, authors, db);
    session.add(Book::builder().title("new").author(authors[2]));
    session.flush().await?;
    assert_eq!(authors[2].books().count().await?, 3);
    session.rollback().await
}

async fn pushes_and_removals_are_written_before(db: TestDb) -> Result<()> {
    read_ahead!(session, authors, db);
    let book = authors[2].books().push(Book::builder().title("new"))?;
    assert_eq!(authors[2].books().count().await?, 3);
    authors[2].books().remove(book)?;
    assert_eq!(authors[2].books().count().await?, 2);
    session.rollback().await
}

async fn a_set_based_write_makes_numbers_old(db: TestDb) -> Result<()> {
    read_ahead!(session, authors, db);
    Chapter::query().all_rows().delete(&session).await?;
    Book::query().filter(Book::title.eq("2.1")).delete(&session).await?;
    assert_eq!(authors[2].books().count().await?, 1);
    session.rollback().await
}

async fn raw_sql_makes_numbers_old(db: TestDb) -> Result<()> {
    read_ahead!(session, authors, db);
    session.execute(sql("UPDATE books SET author_id = NULL WHERE title = ?").bind("2.1")).await?;
    assert_eq!(authors[2].books().count().await?, 1);
    session.rollback().await
}

async fn rows_inserted_past_memory_make_numbers_old(db: TestDb) -> Result<()> {
    read_ahead!(session, authors, db);
    let books = (0..2).map(|n| Book::builder().title(format!("new {n}")).author_id(authors[2].id));
    Book::insert_many(books).all(session.values()).await?;
    assert_eq!(authors[2].books().count().await?, 4);
    session.rollback().await
}

async fn the_end_of_a_transaction_makes_numbers_old(db: TestDb) -> Result<()> {
    for commits in [true, false] {
        read_ahead!(session, authors, db);
        let last = authors[2];
        let other = db.session();
        other.get_one::<Author>(last.id).await?.books().push(Book::builder().title("new"))?;
        other.commit().await?;
        if commits {
            session.commit().await?
        } else {
            session.rollback().await?
        }
        assert_eq!(last.books().count().await?, 3, "{commits}");
        Book::query().all_rows().set(Book::author_id, None).update(&*db).await?;
        Author::query().all_rows().delete(&*db).await?;
    }
    Ok(())
}

async fn a_savepoint_that_is_undone_makes_numbers_old(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let session = db.session();
    let authors = authors().all(&session).await?;
    let undone: Result<()> = session
        .savepoint(async || {
            authors[2].books().push(Book::builder().title("new"))?;
            session.flush().await?;
            assert_eq!(counts(&authors[..2]).await?, [0, 1]);
            Err(Error::other("on second thought"))
        })
        .await;
    assert!(undone.is_err());
    assert_eq!(authors[2].books().count().await?, 2);
    session.rollback().await
}

async fn a_lock_makes_numbers_old(db: TestDb) -> Result<()> {
    read_ahead!(session, authors, db);
    let other = db.session();
    other.get_one::<Author>(authors[2].id).await?.books().push(Book::builder().title("new"))?;
    other.commit().await?;
    let locked = Author::query().filter(Author::id.eq(authors[2].id)).for_update().one(&session).await?;
    assert_eq!((locked, authors[2].books().count().await?), (authors[2], 3));
    session.rollback().await
}

async fn two_futures_count_once(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let session = db.session();
    let authors = authors().all(&session).await?;
    authors[0].books().count().await?;
    let (counts, sent) = statements!(session, tokio::join!(authors[1].books().count(), authors[2].books().count()));
    assert_eq!((counts.0?, counts.1?, sent), (1, 2, 1));
    Ok(())
}

async fn a_deleted_owner_is_not_counted(db: TestDb) -> Result<()> {
    read_ahead!(session, authors, db);
    session.delete(authors[2]);
    assert!(authors[2].books().count().await.is_err_and(|error| error.is_deleted()));
    assert!(authors[2].books().counted().is_err_and(|error| error.is_deleted()));
    session.rollback().await
}

async fn an_owner_that_is_not_written_has_none(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("new"));
    let (count, sent) = statements!(session, author.books().count().await?);
    assert_eq!((count, sent), (0, 0));
    session.rollback().await
}
