//! What the unit of work sees although criteria hide it from queries.
use crate::{fixtures::*, models::*};
use orm::{EntityState, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    library:
    a_delete_reaches_children_that_are_hidden,
    a_delete_names_hidden_children_that_it_may_not_leave_alone,
    a_hidden_target_goes_with_its_only_owner,
    children_that_are_hidden_follow_a_renamed_parent,
    a_deleted_parent_takes_softly_deleted_children_for_good,
    what_is_seen_of_a_collection_is_enough_to_change_it,
    limited_owners_and_joins_of_the_query_load_what_is_seen,
    a_savepoint_restores_what_was_marked,
}

async fn write(db: &TestDb) -> Result<()> {
    let session = db.session();
    let shelf = session.add(Shelf::builder().code("a"));
    for (tenant, label) in [(1, "seen"), (2, "hidden")] {
        let label = session.add(Label::builder().text(label).tenant_id(tenant));
        session.add(Book::builder().shelf(shelf).tenant_id(tenant).label(label));
    }
    session.commit().await
}

async fn a_delete_reaches_children_that_are_hidden(db: TestDb) -> Result<()> {
    write(&db).await?;
    let session = db.with_criteria(Book::tenant_id.eq(1)).session();
    let shelf = session.get_one::<Shelf>("a").await?;
    assert_eq!(shelf.books().await?.len(), 1);
    session.delete(shelf);
    let ((), sent) = statements!(session, session.flush().await?);
    assert_eq!(sent, 7, "books, stamps, loans and labels are asked for; books, labels and the shelf are deleted");
    session.commit().await?;
    assert_eq!(Book::query().without_criteria().count(&*db).await?, 0);
    Ok(())
}

async fn a_delete_names_hidden_children_that_it_may_not_leave_alone(db: TestDb) -> Result<()> {
    write(&db).await?;
    let session = db.session();
    session.add(Loan::builder().book_id(2).tenant_id(2));
    session.commit().await?;
    let tenant = db.with_criteria(Loan::tenant_id.eq(1));
    let session = tenant.session();
    let book = session.get_one::<Book>(2).await?;
    assert!(book.loans().await?.is_empty());
    session.delete(book);
    let error = session.flush().await.expect_err("a loan is left");
    assert!(error.is_foreign_key_violation() && error.to_string().contains("Loan#1"), "{error}");
    session.rollback().await
}

async fn a_hidden_target_goes_with_its_only_owner(db: TestDb) -> Result<()> {
    write(&db).await?;
    let session = db.with_criteria(Label::tenant_id.eq(1)).session();
    let book = session.get_one::<Book>(2).await?;
    assert!(book.label().await?.is_none());
    session.delete(book);
    session.commit().await?;
    assert_eq!(Label::query().select(Label::text).all(&*db).await?, ["seen"]);
    Ok(())
}

async fn children_that_are_hidden_follow_a_renamed_parent(db: TestDb) -> Result<()> {
    write(&db).await?;
    let session = db.session();
    let hidden = session.get_one::<Book>(2).await?;
    session.add(Stamp::builder().book(hidden).label("x"));
    session.commit().await?;
    let session = db.with_criteria(Stamp::label.eq("y")).session();
    let book = session.get_one::<Book>(2).await?;
    assert!(book.stamps().await?.is_empty());
    book.set(Book::id, 20);
    session.commit().await?;
    assert_eq!(Stamp::query().select(Stamp::book_id).all(&*db).await?, [Some(20)]);
    Ok(())
}

async fn a_deleted_parent_takes_softly_deleted_children_for_good(db: TestDb) -> Result<()> {
    write(&db).await?;
    let session = db.session();
    let book = session.get_one::<Book>(1).await?;
    session.add(Stamp::builder().book(book).label("x").gone(true));
    session.add(Stamp::builder().book(book).label("x"));
    session.commit().await?;
    session.delete(book);
    session.commit().await?;
    assert_eq!(Stamp::query().without_criteria().count(&*db).await?, 0);
    Ok(())
}

async fn what_is_seen_of_a_collection_is_enough_to_change_it(db: TestDb) -> Result<()> {
    write(&db).await?;
    let session = db.with_criteria(Book::tenant_id.eq(1)).session();
    let shelf = session.get_one::<Shelf>("a").await?;
    shelf.books().set([Book::builder().tenant_id(1)]).await?;
    session.commit().await?;
    let books = Book::query().order_by(Book::id).select((Book::id, Book::tenant_id)).all(&*db).await?;
    assert_eq!(books, [(2, 2), (3, 1)], "the hidden book stays");
    Ok(())
}

async fn limited_owners_and_joins_of_the_query_load_what_is_seen(db: TestDb) -> Result<()> {
    write(&db).await?;
    let tenant = db.with_criteria(Book::tenant_id.eq(1));
    for option in [Shelf::books.subquery(), Shelf::books.joined(), Shelf::books.selectin().limit(5)] {
        let shelves = Shelf::query().with(option).order_by(Shelf::code).limit(1).all(&tenant).await?;
        assert_eq!(shelves[0].books.get()?.len(), 1);
    }
    let books = Shelf::books.alias("books");
    let shelves = Shelf::query().join(&books).with(Shelf::books.from_join(&books)).all(&tenant).await?;
    assert_eq!(shelves[0].books.get()?.len(), 1);
    Ok(())
}

async fn a_savepoint_restores_what_was_marked(db: TestDb) -> Result<()> {
    write(&db).await?;
    let session = db.session();
    let book = session.get_one::<Book>(1).await?;
    let stamp = session.add(Stamp::builder().book(book).label("x"));
    session.flush().await?;
    let failed: Result<()> = session
        .savepoint(async || {
            session.delete(stamp);
            session.flush().await?;
            assert_eq!(session.state(stamp), EntityState::Deleted);
            Err(orm::Error::other("never mind"))
        })
        .await;
    assert!(failed.is_err());
    assert_eq!((session.state(stamp), book.stamps().await?.len()), (EntityState::Persistent, 1));
    session.commit().await
}
