//! Values and builders: unset, null, default, explicit; what the session fills in and checks.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};
use std::time::{Duration, SystemTime};

on_every_database! {
    records:
    a_builder_tells_unset_null_and_default_apart,
    a_plain_value_writes_its_defaults,
    times_come_from_one_clock_and_change_on_net_change_only,
    the_second_writer_of_a_version_is_stale,
    deleting_a_changed_version_is_stale,
    too_long_a_text_is_refused_before_any_statement,
    hooks_run_on_the_row_before_it_is_written,
    a_refusing_hook_names_the_row,
    updates_merge_column_by_column,
    many_rows_are_updated_each_to_its_own_values_however_long,
    a_vanished_row_is_stale_when_updated_and_ignored_when_deleted,
}

async fn a_builder_tells_unset_null_and_default_apart(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(Setting::builder());
    session.add(Setting::builder().note("n").color("").size(0).weight(None));
    session.commit().await?;
    let rows = Setting::query().order_by(Setting::id.asc()).all(&*db).await?;
    let row = |row: &Setting| (row.note.clone(), row.color.clone(), row.size, row.weight);
    assert_eq!(row(&rows[0]), (None, "red".into(), 7, Some(8)));
    assert_eq!(row(&rows[1]), (Some("n".into()), String::new(), 0, None));
    Ok(())
}

async fn a_plain_value_writes_its_defaults(db: TestDb) -> Result<()> {
    let session = db.session();
    let setting = session.add(Setting::builder().build());
    session.commit().await?;
    assert!(setting.id > 0, "a key of 0 in a value is unset");
    assert_eq!(Setting::query().one(&*db).await?.size, 0, "`build` leaves columns with SQL defaults at `Default`");
    Ok(())
}

fn early() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1000)
}

fn late() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(2000)
}

async fn times_come_from_one_clock_and_change_on_net_change_only(db: TestDb) -> Result<()> {
    let writing = db.with_clock(early);
    let session = writing.session();
    session.add(Document::builder().title("t"));
    session.commit().await?;
    let later = db.with_clock(late);
    let session = later.session();
    let document = Document::query().one(&session).await?;
    document.set(Document::title, "x");
    document.set(Document::title, "t");
    session.commit().await?;
    assert_eq!((document.updated.timestamp(), session.statement_count()), (1000, 1));
    document.set(Document::title, "x");
    session.plan()?;
    assert_eq!((document.version, document.updated.timestamp()), (1, 1000), "a plan changes nothing");
    session.commit().await?;
    assert_eq!((document.created.timestamp(), document.updated.timestamp(), document.version), (1000, 2000, 2));
    Ok(())
}

async fn the_second_writer_of_a_version_is_stale(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(Document::builder().title("t"));
    session.commit().await?;
    let (first, second) = (db.session(), db.session());
    let (a, b) = (first.get_one::<Document>(1).await?, second.get_one::<Document>(1).await?);
    a.set(Document::body, "a");
    first.commit().await?;
    b.set(Document::body, "b");
    assert!(second.commit().await.expect_err("somebody was faster").is_stale());
    second.rollback().await?;
    assert_eq!(Document::query().one(&second).await?, b);
    assert_eq!((b.version, b.body.as_deref()), (2, Some("a")));
    b.set(Document::body, "b");
    second.commit().await?;
    assert_eq!(b.version, 3);
    Ok(())
}

async fn deleting_a_changed_version_is_stale(db: TestDb) -> Result<()> {
    let session = db.session();
    let document = session.add(Document::builder().title("t"));
    session.commit().await?;
    let other = db.session();
    Document::query().one(&other).await?.set(Document::body, "x");
    other.commit().await?;
    session.delete(document);
    assert!(session.commit().await.expect_err("it was changed").is_stale());
    Ok(())
}

async fn too_long_a_text_is_refused_before_any_statement(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(Document::builder().title("x".repeat(21)));
    let error = session.flush().await.expect_err("it is too long");
    assert!(error.is_check_violation() && error.to_string().contains("documents.title"), "{error}");
    assert_eq!(session.statement_count(), 0);
    Ok(())
}

async fn hooks_run_on_the_row_before_it_is_written(db: TestDb) -> Result<()> {
    let session = db.session();
    let document = session.add(Document::builder().title("  t  "));
    session.commit().await?;
    assert_eq!(document.title, "t");
    assert_eq!(Document::query().one(&*db).await?.title, "t");
    Ok(())
}

async fn a_refusing_hook_names_the_row(db: TestDb) -> Result<()> {
    let session = db.session();
    let document = session.add(Document::builder().title("t"));
    session.commit().await?;
    document.set(Document::title, " ");
    let error = session.flush().await.expect_err("it needs a title");
    assert!(error.to_string().contains("Document#1") && error.to_string().contains("needs a title"), "{error}");
    session.rollback().await?;
    assert_eq!(document.title, "t");
    Ok(())
}

async fn updates_merge_column_by_column(db: TestDb) -> Result<()> {
    let session = db.session();
    let document = session.add(Document::builder().title("t"));
    session.commit().await?;
    document.update(|row| {
        document.set(Document::body, "inner");
        row.title = "outer".into();
    });
    assert_eq!((document.title.as_str(), document.body.as_deref()), ("outer", Some("inner")));
    session.commit().await?;
    let stored = Document::query().one(&*db).await?;
    assert_eq!((stored.title.as_str(), stored.body.as_deref()), ("outer", Some("inner")));
    Ok(())
}

/// Where the rows are a table in the statement, no row may be cut to what fits another.
async fn many_rows_are_updated_each_to_its_own_values_however_long(db: TestDb) -> Result<()> {
    let session = db.session();
    let documents = session.add_all(["a", "b", "c"].map(|title| Document::builder().title(title).body("x")));
    session.commit().await?;
    let bodies = [Some("y".to_owned()), None, Some("ä€😀".repeat(20_000))];
    for (document, body) in documents.iter().zip(&bodies) {
        document.set(Document::body, body.clone());
    }
    session.commit().await?;
    let read = Document::query().order_by(Document::id.asc()).all(&*db).await?;
    assert!(read.iter().map(|document| &document.body).eq(&bodies));
    assert!(read.iter().zip(&documents).all(|(read, document)| read.updated == document.updated));
    Ok(())
}

async fn a_vanished_row_is_stale_when_updated_and_ignored_when_deleted(db: TestDb) -> Result<()> {
    let session = db.session();
    let settings = session.add_all([Setting::builder(), Setting::builder()]);
    session.commit().await?;
    Setting::query().all_rows().delete(&*db).await?;
    settings[0].set(Setting::note, "x");
    assert!(session.commit().await.expect_err("its row is gone").is_stale());
    session.rollback().await?;
    session.delete(settings[1]);
    session.commit().await?;
    Ok(())
}
