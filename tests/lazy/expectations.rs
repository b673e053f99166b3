//! Tests say how many statements they expect, and are told which there were.
use crate::models::*;
use orm::Result;
use orm_test_support::{TestDb, on_every_database};
use std::panic::{AssertUnwindSafe, catch_unwind};

on_every_database! {
    library:
    the_expected_number_says_nothing,
    another_number_panics_with_the_statements,
    numbers_may_be_ranges,
    expectations_are_inside_each_other,
    a_panic_is_not_made_worse,
    writes_are_counted_and_transactions_are_not,
}

/// What a drop or a check says.
fn said(work: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(work)).err()?;
    panic.downcast_ref::<String>().cloned()
}

async fn the_expected_number_says_nothing(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let session = db.session();
    authors().all(&session).await?;
    let _all = session.expect_statements(3);
    let expected = session.expect_statements(3);
    for author in authors().all(&session).await? {
        author.books().await?;
    }
    expected.check();
    session.expect_statements(0).check();
    Ok(())
}

async fn another_number_panics_with_the_statements(db: TestDb) -> Result<()> {
    library_with(&db, 3).await?;
    let session = db.session();
    let expected = session.expect_statements(1);
    let made = line!() - 1;
    let author = authors().first(&session).await?.expect("three were added");
    author.books().await?;
    let asked = line!() - 1;
    let said = said(|| drop(expected)).expect("it was one too many");
    let mut lines = said.lines();
    let (place, first) = lines.next().and_then(|line| line.split_once(' ')).unwrap_or_default();
    assert!(place.starts_with(&format!("tests/lazy/expectations.rs:{made}:")), "{said}");
    assert_eq!(first, "expected 1 statement, and 2 statements were sent");
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    assert!(first.starts_with("   1. SELECT ") && !first.contains("-- for"), "{first}");
    assert!(second.contains(&format!("  -- for tests/lazy/expectations.rs:{asked}:")), "{second}");
    assert_eq!(lines.next(), None);
    Ok(())
}

async fn numbers_may_be_ranges(db: TestDb) -> Result<()> {
    let session = db.session();
    let (most, some, least) =
        (session.expect_statements(..=1), session.expect_statements(2..4), session.expect_statements(3..));
    for _ in 0..2 {
        authors().all(&session).await?;
    }
    let said = [said(|| most.check()), said(|| some.check()), said(|| drop(least))];
    let first =
        said.each_ref().map(|said| said.as_deref().and_then(|said| said.lines().next()?.split_once(" expected ")));
    let expected = [
        Some("at most 1 statement, and 2 statements were sent"),
        None,
        Some("at least 3 statements, and 2 statements were sent"),
    ];
    assert_eq!(first.map(|said| said.map(|(_, said)| said)), expected);
    Ok(())
}

async fn expectations_are_inside_each_other(db: TestDb) -> Result<()> {
    let session = db.session();
    let outer = session.expect_statements(2);
    authors().all(&session).await?;
    {
        let _inner = session.expect_statements(1);
        authors().all(&session).await?;
    }
    outer.check();
    let _after = session.expect_statements(0);
    Ok(())
}

async fn a_panic_is_not_made_worse(db: TestDb) -> Result<()> {
    let session = db.session();
    let said = catch_unwind(AssertUnwindSafe(|| {
        let _expected = session.expect_statements(5);
        panic!("something else");
    }));
    assert_eq!(said.err().and_then(|said| said.downcast_ref::<&str>().copied()), Some("something else"));
    Ok(())
}

async fn writes_are_counted_and_transactions_are_not(db: TestDb) -> Result<()> {
    let session = db.session();
    let expected = session.expect_statements(1);
    session.add(Author::builder().name("new"));
    session.commit().await?;
    expected.check();
    Ok(())
}
