//! The programs of `session_properties` against SQLAlchemy: the tables must be the same after every flush, commit and rollback.
//!
//! It needs Python 3 and SQLAlchemy, and says so where they are missing; `ORM_TEST_ORACLE=1` gets SQLAlchemy by pip, and makes it
//! a failure that it is missing. `README.md` beside this file says how a program is run again, and what is left out.
#[path = "../session_properties/check/mod.rs"]
mod check;

use check::{Action, Op, Outcome};
use orm::Db;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, TestRunner},
};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

/// The programs that are compared where nobody says how many.
const CASES: u64 = 150;

#[test]
fn the_tables_are_those_of_sqlalchemy() {
    let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/run");
    if !is_there(&run) {
        return;
    }
    let programs = programs();
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("oracle.jsonl");
    fs::write(&file, programs).expect("the programs are written");
    let output = Command::new(&run).arg(&file).output().expect("the oracle runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{errors}");
    assert!(!text.starts_with("0 programs"), "nothing was compared: {text}");
}

/// Whether SQLAlchemy can be asked. It is installed only if that was asked for.
fn is_there(run: &Path) -> bool {
    let wanted = std::env::var("ORM_TEST_ORACLE").is_ok_and(|value| value == "1");
    if wanted {
        let made = Command::new(run).output().expect("the environment is made");
        assert!(made.status.success(), "no SQLAlchemy: {}", String::from_utf8_lossy(&made.stderr));
        return true;
    }
    let environment = std::env::var("ORM_ORACLE_ENVIRONMENT").map(PathBuf::from);
    let python =
        environment.unwrap_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/oracle")).join("bin/python");
    let found = Command::new(python).args(["-c", "import sqlalchemy"]).output().is_ok_and(|done| done.status.success());
    if !found {
        // Not by a print macro: the test passes, and its captured output would not be shown.
        let _ = writeln!(
            std::io::stderr(),
            "left out SQLAlchemy, which is not there: `tests/oracle/run` or ORM_TEST_ORACLE=1 gets it"
        );
    }
    found
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// What the programs of a seed did, a line for each.
fn programs() -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let seed = number("ORM_PROPERTY_SEED").unwrap_or(0);
    let mut runner = TestRunner::new_with_rng(Config::default(), check::generator(seed));
    let strategy = check::programs(check::LONGEST);
    let mut text = String::new();
    for _ in 0..number("ORM_PROPERTY_CASES").unwrap_or(CASES) {
        let ops = strategy.new_tree(&mut runner).expect("a program").current();
        let actions = runtime.block_on(actions(&comparable(ops)));
        text += &serde_json::to_string(&actions).expect("a program is written as JSON");
        text.push('\n');
    }
    text
}

/// A program without what means something else there, as the table in `README.md` says.
fn comparable(ops: Vec<Op>) -> Vec<Op> {
    let kept = ops.into_iter().filter(|op| match op {
        Op::Expunge { .. } | Op::AddAgain { .. } | Op::Refresh { .. } | Op::Merge { .. } => false,
        Op::UpdateAll { .. } | Op::DeleteAll { .. } => false,
        Op::SetKey { edge, .. } => !edge.is_single(),
        Op::Add { kind, by_key, .. } => !by_key || kind.edges().iter().all(|edge| !edge.is_single()),
        _ => true,
    });
    let inner = kept.map(|op| match op {
        Op::Savepoint { ops, ok } => Op::Savepoint { ops: comparable(ops), ok },
        op => op,
    });
    inner.collect()
}

async fn actions(ops: &[Op]) -> Vec<Action> {
    let db = Db::connect("sqlite::memory:").await.expect("a database");
    check::schema().create_all(&db).await.expect("the tables are made");
    let Outcome { actions, result } = check::run(&db, ops).await;
    if let Err(mismatch) = result {
        panic!("session and twin differ, see `session_properties`: {}\n{}", mismatch.0, check::shown(&actions));
    }
    actions
}
