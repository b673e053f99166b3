//! What a failed flush says: the table, the constraint, its columns and the row, alike on every database.
use crate::models::{Author, Document, Order, Post, Tag, User, UserProfile, UserRole, blog, records, shop};
use orm::{Error, Result, prelude::*};
use orm_test_support::{Database, TestDb, on_every_database, statements};

on_every_database! {
    shop:
    a_unique_violation_names_the_row_of_several,
    a_unique_violation_within_one_statement_names_the_second_row,
    a_unique_violation_of_an_update_names_the_row,
    a_foreign_key_violation_names_the_row_of_several,
    a_primary_key_violation_names_its_columns,
    a_row_that_is_still_referenced_is_named,
    rows_that_vanished_before_an_update_are_named,
    a_link_to_a_missing_row_names_the_key,
}

mod links {
    use super::*;

    on_every_database! {
        blog:
        a_link_that_is_gone_already_is_no_error,
        a_vanished_row_is_deleted_without_error,
        a_claim_of_a_missing_row_names_the_key,
    }

    async fn a_link_that_is_gone_already_is_no_error(db: TestDb) -> Result<()> {
        let session = db.session();
        let post = session.add(Post::builder().title("p").tags([Tag::builder().name("t")]));
        session.commit().await?;
        let other = db.session();
        other.get_one::<Post>(post.id).await?.tags().clear().await?;
        other.commit().await?;
        let tag = post.tags().loaded()?.first().expect("it was given");
        post.tags().remove(tag)?;
        session.commit().await?;
        assert!(post.tags().await?.is_empty());
        Ok(())
    }

    async fn a_vanished_row_is_deleted_without_error(db: TestDb) -> Result<()> {
        let session = db.session();
        let authors = session.add_all(["a", "b"].map(|name| Author::builder().name(name)));
        session.commit().await?;
        Author::query().filter(Author::id.eq(authors[1].id)).delete(&*db).await?;
        session.delete(authors[0]);
        session.delete(authors[1]);
        session.commit().await?;
        assert_eq!(Author::query().count(&*db).await?, 0);
        Ok(())
    }

    async fn a_claim_of_a_missing_row_names_the_key(db: TestDb) -> Result<()> {
        let session = db.session();
        let mut post = Post::builder().title("p").build();
        post.id = 77;
        session.add(Author::builder().name("a").posts([post]));
        let error = session.commit().await.expect_err("there is no such row");
        assert!(error.is_not_found() && error.to_string().contains("77"), "{error}");
        Ok(())
    }
}

mod versions {
    use super::*;

    on_every_database! {
        records:
        the_row_of_another_version_is_named,
        the_deleted_row_of_another_version_is_named,
    }

    async fn three(db: &Db) -> Result<()> {
        let session = db.session();
        session.add_all(["a", "b", "c"].map(|title| Document::builder().title(title)));
        session.commit().await
    }

    async fn the_row_of_another_version_is_named(db: TestDb) -> Result<()> {
        three(&db).await?;
        let (session, other) = (db.session(), db.session());
        let documents = Document::query().order_by(Document::id.asc()).all(&session).await?;
        other.get_one::<Document>(2).await?.set(Document::title, "theirs");
        other.commit().await?;
        documents.iter().for_each(|document| document.set(Document::body, "mine".to_owned()));
        let error = session.commit().await.expect_err("its version is 2 by now");
        assert!(error.is_stale() && error.entity() == Some("Document#2"), "{error}");
        assert!(!error.to_string().contains("Document#1") && error.table() == Some("documents"), "{error}");
        Ok(())
    }

    async fn the_deleted_row_of_another_version_is_named(db: TestDb) -> Result<()> {
        three(&db).await?;
        let (session, other) = (db.session(), db.session());
        let documents = Document::query().order_by(Document::id.asc()).all(&session).await?;
        other.get_one::<Document>(3).await?.set(Document::title, "theirs");
        other.commit().await?;
        documents.iter().for_each(|document| session.delete(*document));
        let error = session.commit().await.expect_err("its version is 2 by now");
        assert!(error.is_stale() && error.entity() == Some("Document#3"), "{error}");
        session.rollback().await?;
        assert_eq!(Document::query().count(&*db).await?, 3);
        Ok(())
    }
}

async fn users(db: &Db) -> Result<()> {
    let session = db.session();
    session.add_all(["a", "b", "c"].map(|email| User::builder().email(email)));
    session.commit().await
}

/// The facts: table, constraint, columns, entity.
fn facts<'e>(error: &'e Error) -> (&'e str, &'e str, String, &'e str) {
    let said = |fact: Option<&'e str>| fact.unwrap_or("?");
    (said(error.table()), said(error.constraint()), error.columns().join(" "), said(error.entity()))
}

async fn a_unique_violation_names_the_row_of_several(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    session.add_all(["d", "b", "e"].map(|email| User::builder().email(email)));
    let error = session.commit().await.expect_err("b is taken");
    assert!(error.is_unique_violation());
    assert_eq!(facts(&error), ("users", "uq_users__email", "email".to_owned(), "User (new)"));
    assert!(error.to_string().contains("email = \"b\"") && error.to_string().contains("3 rows of users"), "{error}");
    Ok(())
}

async fn a_unique_violation_within_one_statement_names_the_second_row(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add_all(["d", "e", "e"].map(|email| User::builder().email(email)));
    let error = session.commit().await.expect_err("e is there twice");
    assert_eq!(facts(&error), ("users", "uq_users__email", "email".to_owned(), "User (new)"));
    assert!(error.to_string().contains("email = \"e\""), "{error}");
    Ok(())
}

async fn a_unique_violation_of_an_update_names_the_row(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    let (first, second) = (session.get_one::<User>(1).await?, session.get_one::<User>(2).await?);
    first.set(User::email, "x");
    second.set(User::email, "c");
    let error = session.commit().await.expect_err("c is taken");
    assert_eq!(facts(&error), ("users", "uq_users__email", "email".to_owned(), "User#2"));
    let told = "another row has the same value of users.email, which must be unique";
    assert!(error.to_string().ends_with(told), "{error}");
    let source = std::error::Error::source(&error).expect("the driver's own error");
    assert!(source.downcast_ref::<Error>().is_none(), "{source}");
    Ok(())
}

async fn a_foreign_key_violation_names_the_row_of_several(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    session.add_all([1, 99, 2].map(|user| Order::builder().user_id(user)));
    let error = session.commit().await.expect_err("99 is no user");
    assert!(error.is_foreign_key_violation());
    assert_eq!(facts(&error), ("orders", "fk_orders__user_id", "user_id".to_owned(), "Order (new)"));
    assert!(error.to_string().contains("user_id = 99"), "{error}");
    assert!(error.to_string().ends_with("orders.user_id names a row that is not there"), "{error}");
    Ok(())
}

async fn a_primary_key_violation_names_its_columns(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    session.add(User::builder().id(2).email("x"));
    let error = session.commit().await.expect_err("2 is there");
    assert!(error.is_unique_violation() && error.columns() == ["id"], "{error}");
    assert_eq!((error.table(), error.entity()), (Some("users"), Some("User (new)")));
    Ok(())
}

async fn a_row_that_is_still_referenced_is_named(db: TestDb) -> Result<()> {
    users(&db).await?;
    let other = db.session();
    other.add(UserProfile::builder().bio("b").user_id(1));
    other.commit().await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    // Its profile is deleted with it; its order comes behind the session's back.
    user.orders().await?;
    session.delete(user);
    session.add(UserProfile::builder().bio("c").user_id(2));
    other.add(Order::builder().user_id(1));
    other.commit().await?;
    let error = session.commit().await.expect_err("an order names it");
    assert!(error.is_foreign_key_violation() && error.entity() == Some("User#1"), "{error}");
    Ok(())
}

async fn rows_that_vanished_before_an_update_are_named(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    let users = User::query().order_by(User::id.asc()).all(&session).await?;
    User::query().filter(User::id.is_in([1, 3])).delete(&*db).await?;
    users.iter().for_each(|user| user.set(User::credit, 1));
    let (error, sent) = statements!(session, session.commit().await.expect_err("two of three are gone"));
    assert!(error.is_stale() && error.to_string().contains("User#1, User#3 could not be updated"), "{error}");
    // A statement that is run for each row tells which ones it did not find.
    let statements = if db.is(Database::Sqlite) { 1 } else { 2 };
    assert_eq!((error.entity(), error.table(), sent), (Some("User#1"), Some("users"), statements));
    Ok(())
}

async fn a_link_to_a_missing_row_names_the_key(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    user.roles().attach([77])?;
    let error = session.commit().await.expect_err("there is no such role");
    assert!(error.is_foreign_key_violation() && error.to_string().contains("77"), "{error}");
    assert_eq!((error.table(), UserRole::query().count(&*db).await?), (Some("user_roles"), 0));
    Ok(())
}
