//! Random programs against a session and against a twin in plain Rust, which keeps the rules in lists and sets: the tables, what
//! memory has of every object, both sides of every relationship, and what must be refused.
//!
//! - `ORM_PROPERTY_CASES`: how many programs are run on SQLite (a tenth of them on each server);
//! - `ORM_PROPERTY_SEED`: another number gives other programs; a failure prints the one that finds it again.
mod check;

use check::{LONGEST, Op, Outcome, generator, programs};
use orm::Db;
use orm_test_support::{Database, TestDatabase};
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

/// The programs that are run where nobody says how many.
const CASES: u32 = 200;

#[test]
fn a_session_is_its_twin_on_sqlite() {
    check_on(Database::Sqlite, number("ORM_PROPERTY_CASES").unwrap_or(u64::from(CASES)));
}

#[test]
fn a_session_is_its_twin_on_postgres() {
    check_on(Database::Postgres, number("ORM_PROPERTY_CASES").unwrap_or(u64::from(CASES)) / 10);
}

#[test]
fn a_session_is_its_twin_on_mysql() {
    check_on(Database::MySql, number("ORM_PROPERTY_CASES").unwrap_or(u64::from(CASES)) / 10);
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Runs that many programs; the first that fails is made as short as it can be.
fn check_on(database: Database, cases: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let config =
        Config { cases: cases.max(1) as u32, max_shrink_iters: 3_000, failure_persistence: None, ..Config::default() };
    let seed = number("ORM_PROPERTY_SEED").unwrap_or(0);
    let mut runner = TestRunner::new_with_rng(config, generator(seed));
    let result = runner.run(&programs(LONGEST), |ops| match runtime.block_on(outcome(database, &ops)) {
        Some(Outcome { result: Err(mismatch), .. }) => Err(TestCaseError::fail(mismatch.0)),
        Some(Outcome { result: Ok(()), .. }) | None => Ok(()),
    });
    if let Err(TestError::Fail(_, ops)) = result {
        panic!("{}", runtime.block_on(report(database, seed, &ops)));
    }
}

/// Runs one program in a database of its own; `None` where its server cannot be reached.
async fn outcome(database: Database, ops: &[Op]) -> Option<Outcome> {
    let database = TestDatabase::new(database).await?;
    let db = Db::connect(database.url()).await.expect("the database is there");
    check::schema().create_all(&db).await.expect("the tables are made");
    Some(check::run(&db, ops).await)
}

/// What the shortest program did, and where it went wrong.
async fn report(database: Database, seed: u64, ops: &[Op]) -> String {
    let mut text = format!("session and twin differ on {database:?} (ORM_PROPERTY_SEED={seed}):\n");
    if let Some(Outcome { actions, result }) = outcome(database, ops).await {
        text += &check::shown(&actions);
        text += &result.err().map_or_else(String::new, |mismatch| mismatch.0);
    }
    text
}
