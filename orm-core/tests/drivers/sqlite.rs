//! What only SQLite does.
use crate::support::{BEGIN, Database, Db, number, sink};
use orm_core::{
    Result,
    driver::{self, Begin, Connection, Control, DbOptions, Length, RunStatements, Sink, Statement},
    value::{Row, SqlType, Value},
};
use std::{
    any::Any,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

async fn sqlite(options: impl FnOnce(DbOptions) -> DbOptions) -> Db {
    Db::with(Database::Sqlite, options).await.expect("SQLite is always there")
}

async fn file(connection: &mut dyn Connection) -> PathBuf {
    let text = "SELECT file FROM pragma_database_list WHERE name = 'main'";
    let statement = Statement { sql: text.into(), values: vec![], length: Length::Short };
    let rows = crate::support::rows(connection.query(&statement, sink(&[SqlType::Text])).await.expect("reads"));
    match &rows.expect("rows")[0][0] {
        Value::String(Some(path)) => path.into(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_file_of_a_memory_database_goes_with_the_last_handle() {
    let driver = driver::connect("sqlite::memory:").await.expect("opens");
    let mut connection = driver.acquire().await.expect("a connection");
    connection.run_script("CREATE TABLE t (id INTEGER)").await.expect("creates");
    let path = file(&mut *connection).await;
    assert!(path.exists());
    drop(driver);
    assert!(path.exists(), "a connection still uses it");
    drop(connection);
    assert!(!path.exists() && !path.with_extension("db-wal").exists());
}

#[tokio::test]
async fn two_memory_databases_share_nothing() {
    let (one, other) = (sqlite(|options| options).await, sqlite(|options| options).await);
    one.script("CREATE TABLE t (id INTEGER)").await;
    other.script("CREATE TABLE t (id INTEGER)").await;
}

#[tokio::test]
async fn readers_do_not_block_the_writer() {
    let db = sqlite(|options| options.busy_timeout(Duration::ZERO)).await;
    db.script("CREATE TABLE t (id INTEGER)").await;
    let (mut reader, mut writer) = (db.connection().await, db.connection().await);
    reader.control(Control::Begin(Begin { read_only: true, isolation: None })).await.expect("begins");
    assert_eq!(number(&mut *reader, "SELECT COUNT(*) FROM t").await.expect("reads"), 0);
    writer.control(BEGIN).await.expect("begins");
    db.execute(&mut *writer, "INSERT INTO t VALUES (1)", vec![]).await.expect("writes");
    writer.control(Control::Commit).await.expect("commits");
    assert_eq!(number(&mut *reader, "SELECT COUNT(*) FROM t").await.expect("its snapshot"), 0);
}

#[tokio::test]
async fn a_busy_database_is_waited_for_while_other_tasks_run() {
    let db = sqlite(|options| options).await;
    db.script("CREATE TABLE t (id INTEGER)").await;
    let (mut first, mut second) = (db.connection().await, db.connection().await);
    first.control(BEGIN).await.expect("begins");
    let ticks = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&ticks);
    // One thread runs all of this: a blocked one would not tick.
    let ticking = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(5)).await;
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    let waiting = tokio::spawn(async move { second.control(BEGIN).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished());
    first.control(Control::Commit).await.expect("commits");
    waiting.await.expect("no panic").expect("its turn");
    ticking.abort();
    assert!(ticks.load(Ordering::Relaxed) > 5, "{ticks:?}");
}

#[tokio::test]
async fn statements_outside_transactions_wait_too() {
    let db = sqlite(|options| options).await;
    db.script("CREATE TABLE t (id INTEGER)").await;
    let (mut first, mut second) = (db.connection().await, db.connection().await);
    for length in [Length::Short, Length::Unknown] {
        first.control(BEGIN).await.expect("begins");
        let insert = Statement { sql: "INSERT INTO t VALUES (1)".into(), values: vec![], length };
        let release = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            first.control(Control::Commit).await
        };
        let (inserted, committed) = tokio::join!(second.execute(&insert), release);
        assert_eq!(inserted.expect("its turn").rows, 1);
        committed.expect("commits");
    }
}

#[tokio::test]
async fn a_database_that_stays_busy_is_a_retryable_error() {
    let db = sqlite(|options| options.busy_timeout(Duration::from_millis(50))).await;
    let (mut first, mut second) = (db.connection().await, db.connection().await);
    first.control(BEGIN).await.expect("begins");
    let start = Instant::now();
    let error = second.control(BEGIN).await.expect_err("busy");
    assert!(error.is_retryable() && error.to_string().contains("busy_timeout"), "{error:?}");
    assert!(start.elapsed() >= Duration::from_millis(50));
}

#[tokio::test]
async fn a_long_statement_does_not_hold_up_the_runtime() {
    let db = sqlite(|options| options).await;
    let ticks = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&ticks);
    let ticking = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(2)).await;
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    let text =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000) SELECT COUNT(*) FROM n";
    let statement = Statement { sql: text.into(), values: vec![], length: Length::Unknown };
    let mut connection = db.connection().await;
    for _ in 0..3 {
        connection.query(&statement, sink(&[SqlType::I64])).await.expect("counts");
    }
    ticking.abort();
    // A thread that is held up ticks once between two statements.
    assert!(ticks.load(Ordering::Relaxed) > 10, "{ticks:?}");
}

#[tokio::test]
async fn a_statement_that_was_refused_is_not_taken_for_a_short_one() {
    let db = sqlite(|options| options).await;
    db.script("CREATE TABLE t (id INTEGER)").await;
    let (mut first, mut second) = (db.connection().await, db.connection().await);
    first.control(BEGIN).await.expect("begins");
    let text = "INSERT INTO t VALUES (1) RETURNING id";
    let insert = Statement { sql: text.into(), values: vec![], length: Length::Unknown };
    // It is refused at once, and tried again until the other transaction has ended.
    let release = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        first.control(Control::Commit).await.expect("commits");
    };
    let (inserted, ()) = tokio::join!(second.query(&insert, Box::new(Threads::default())), release);
    assert!(!Threads::are_this(inserted.expect("inserts")));
}

#[tokio::test]
async fn statements_run_wherever_they_are_told() {
    use RunStatements::{Auto, Blocking, InPlace};
    // By key; of any number of rows; the same again, when it is known to be short.
    let lengths = [Length::Short, Length::Unknown, Length::Unknown];
    let all = [(InPlace, [true, true, true]), (Blocking, [false, false, false]), (Auto, [true, false, true])];
    for (place, in_place) in all {
        let db = sqlite(|options| options.run_statements(place)).await;
        let mut connection = db.connection().await;
        connection.control(BEGIN).await.expect("begins");
        for (length, in_place) in lengths.into_iter().zip(in_place) {
            let statement = Statement { sql: "SELECT 1".into(), values: vec![], length };
            let sink = connection.query(&statement, Box::new(Threads::default())).await.expect("reads");
            assert_eq!(Threads::are_this(sink), in_place, "{place:?} {length:?}");
        }
        connection.control(Control::Commit).await.expect("commits");
    }
}

/// The threads on which rows came.
#[derive(Default)]
struct Threads(Vec<ThreadId>);

impl Threads {
    /// Whether the only row came on this thread.
    fn are_this(sink: Box<dyn Sink>) -> bool {
        let sink: Box<dyn Any> = sink;
        sink.downcast::<Self>().expect("the sink that was given").0 == [thread::current().id()]
    }
}

impl Sink for Threads {
    fn row(&mut self, _: &dyn Row) -> Result<()> {
        self.0.push(thread::current().id());
        Ok(())
    }
}

#[tokio::test]
async fn no_statement_runs_outside_a_transaction_that_sqlite_rolled_back() {
    let db = sqlite(|options| options).await;
    db.script("CREATE TABLE t (id INTEGER PRIMARY KEY)").await;
    let mut connection = db.connection().await;
    connection.control(BEGIN).await.expect("begins");
    db.execute(&mut *connection, "INSERT INTO t VALUES (1)", vec![]).await.expect("inserts");
    db.execute(&mut *connection, "INSERT OR ROLLBACK INTO t VALUES (1)", vec![]).await.expect_err("rolls back");
    assert!(!connection.is_usable());
    let error = db.execute(&mut *connection, "INSERT INTO t VALUES (2)", vec![]).await.expect_err("not outside");
    assert!(error.to_string().contains("call `rollback`"), "{error}");
    connection.control(Control::Rollback).await.expect("nothing to undo");
    db.execute(&mut *connection, "INSERT INTO t VALUES (3)", vec![]).await.expect("usable");
}

#[tokio::test]
async fn a_large_commit_is_a_commit() {
    let db = sqlite(|options| options).await;
    db.script("CREATE TABLE t (id INTEGER PRIMARY KEY)").await;
    let mut connection = db.connection().await;
    connection.control(BEGIN).await.expect("begins");
    let text =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i FROM n";
    assert_eq!(db.execute(&mut *connection, text, vec![]).await.expect("inserts").rows, 5000);
    connection.control(Control::Commit).await.expect("commits");
    drop(connection);
    assert_eq!(db.number("SELECT COUNT(*) FROM t").await, 5000);
}

#[tokio::test]
async fn foreign_keys_can_be_left_unchecked() {
    let db = sqlite(|options| options.foreign_keys(false)).await;
    db.script("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p (id))").await;
    db.execute(&mut *db.connection().await, "INSERT INTO c VALUES (9)", vec![]).await.expect("unchecked");
}

#[tokio::test]
async fn what_sqlite_cannot_store_is_an_error() {
    let db = sqlite(|options| options).await;
    db.script("CREATE TABLE t (v NUMERIC)").await;
    let mut connection = db.connection().await;
    let decimal = "1234567890.123456789".parse::<rust_decimal::Decimal>().expect("a decimal");
    for value in [Value::Decimal(Some(decimal)), f64::NAN.into(), Value::from(vec![1i64])] {
        let error = db.execute(&mut *connection, "INSERT INTO t VALUES (?)", vec![value]).await.expect_err("refused");
        assert!(error.to_string().contains("SQLite"), "{error}");
    }
}

#[tokio::test]
async fn one_file_is_shared_by_two_databases() {
    let path = std::env::temp_dir().join(format!("orm-two-{}.db", std::process::id()));
    let url = format!("sqlite://{}", path.display());
    let one = driver::connect(url.as_str()).await.expect("opens");
    let other = driver::connect(format!("{url}?mode=rw")).await.expect("opens");
    one.acquire().await.expect("free").run_script("CREATE TABLE t (id INTEGER)").await.expect("creates");
    assert_eq!(number(&mut *other.acquire().await.expect("free"), "SELECT COUNT(*) FROM t").await.expect("reads"), 0);
    let read_only = driver::connect(format!("{url}?mode=ro")).await.expect("opens");
    let refused = read_only.acquire().await.expect("free").run_script("DROP TABLE t").await;
    refused.expect_err("read only");
    drop((one, other, read_only));
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
}
