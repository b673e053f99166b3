//! What is said of rows of the user's own SQL that cannot be read.
use crate::models::{Author, Book, fill, library};
use orm::{Result, prelude::*, sql};
use orm_test_support::{Database, TestDb, on_every_database};

on_every_database! {
    library:
    a_row_has_as_many_columns_as_are_read,
    a_value_of_another_type_is_told_with_its_column,
    a_null_is_told_with_its_column,
    a_missing_name_is_told_with_those_that_are_there,
    a_missing_table_says_what_to_do,
    a_text_that_no_database_takes_is_told,
    a_partial_load_is_told,
}

#[derive(Embedded, Clone, Debug, PartialEq)]
struct Line {
    label: String,
    number: i64,
}

async fn told<T: orm::FromRow + std::fmt::Debug>(db: &Db, text: &str) -> String {
    sql(text).all::<T>(db).await.expect_err("it cannot be read").to_string()
}

async fn a_row_has_as_many_columns_as_are_read(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let error = told::<(i64, String)>(&db, "SELECT id, name, town FROM authors").await;
    assert!(error.contains("3 columns (`id`, `name`, `town`)") && error.contains("only 2"), "{error}");
    let error = told::<i64>(&db, "SELECT id, name FROM authors").await;
    assert!(error.contains("2 columns") && error.contains("only 1"), "{error}");
    let error = told::<(i64, String, String)>(&db, "SELECT id, name FROM authors").await;
    assert!(error.contains("more values than") && error.contains("`id`, `name`"), "{error}");
    Ok(())
}

async fn a_value_of_another_type_is_told_with_its_column(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let error = told::<(i64, i64)>(&db, "SELECT id, name FROM authors").await;
    // A text with a binary collation, which MySQL's text columns have here, is told as bytes.
    let stored = error.contains("a text") || error.contains("bytes");
    assert!(error.contains("`name`") && stored && error.contains("an integer"), "{error}");
    let error = told::<Line>(&db, "SELECT 'x' AS number, 'y' AS label").await;
    assert!(error.contains("`number`") && error.contains("an integer"), "{error}");
    let error = told::<i8>(&db, "SELECT 300 AS small").await;
    assert!(error.contains("`small`") && error.contains("300") && error.contains("i8"), "{error}");
    Ok(())
}

async fn a_null_is_told_with_its_column(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let error = told::<(i64, String)>(&db, "SELECT id, town FROM authors ORDER BY id").await;
    assert!(error.contains("`town`") && error.contains("null") && error.contains("`Option`"), "{error}");
    Ok(())
}

async fn a_missing_name_is_told_with_those_that_are_there(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let error = told::<Line>(&db, "SELECT name AS label, id FROM authors").await;
    assert!(error.contains("no column `number`") && error.contains("`label`, `id`"), "{error}");
    Ok(())
}

async fn a_missing_table_says_what_to_do(db: TestDb) -> Result<()> {
    let error = told::<i64>(&db, "SELECT id FROM nowhere").await;
    assert!(error.contains("nowhere") && error.contains("create_all") && error.contains("migrations"), "{error}");
    Ok(())
}

async fn a_text_that_no_database_takes_is_told(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(Author::builder().name("zero \0"));
    let flushed = session.flush().await;
    match db.is(Database::Postgres) {
        true => {
            let error = flushed.expect_err("PostgreSQL refuses").to_string();
            assert!(error.contains("`\\0`") && error.contains("bytes"), "{error}");
        }
        false => flushed?,
    }
    session.rollback().await
}

async fn a_partial_load_is_told(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let authors = Author::query().with(Author::books.selectin().filter(Book::id.gt(3))).all(&session).await?;
    let error = authors[0].books().loaded().expect_err("a part").to_string();
    assert!(error.contains("Author::books") && error.contains(".partial()"), "{error}");
    assert_eq!(authors[0].books().partial()?.len(), 2);
    Ok(())
}
