use crate::{Bound, Database};
use rusqlite::{Connection, Error, ErrorCode, types::ValueRef};

fn empty() -> Database {
    Database::new(Connection::open_in_memory().expect("a database"), 4)
}

/// The first column of each row.
fn texts(database: &mut Database, sql: &str) -> Vec<String> {
    let mut run = database.run(sql).expect("a statement");
    let mut texts = Vec::new();
    while let Some(row) = run.step().expect("a row") {
        texts.push(format!("{:?}", row.value(0)));
    }
    texts
}

fn fails(database: &mut Database, sql: &str) -> Error {
    match database.run(sql) {
        Ok(mut run) => run.step().expect_err("an error"),
        Err(error) => error,
    }
}

#[test]
fn each_type_comes_back_as_it_was_bound() {
    let mut database = empty();
    let sql = "SELECT ?, ?, ?, ?, ?, ?, ?, ?";
    let long = "ä".repeat(10_000);
    let mut run = database.run(sql).expect("a statement");
    let values = [
        Bound::Null,
        Bound::Integer(i64::MIN),
        Bound::Real(-0.5),
        Bound::Text(&long),
        Bound::Text(""),
        Bound::Blob(&[0, 255, 0]),
        Bound::Blob(&[]),
        Bound::Made("made".to_owned()),
    ];
    values.into_iter().for_each(|value| run.bind(value).expect("bound"));
    let row = run.step().expect("a row").expect("one");
    assert!(row.is_null(0) && row.is_null(8) && !row.is_null(4));
    assert_eq!((row.integer(1), row.integer(2), row.integer(3)), (Some(i64::MIN), None, None));
    assert_eq!((row.real(2), row.real(1)), (Some(-0.5), None));
    assert_eq!((row.text(3), row.text(4), row.text(5)), (Some(long.as_bytes()), Some(&[][..]), None));
    assert_eq!((row.value(5), row.value(6)), (ValueRef::Blob(&[0, 255, 0]), ValueRef::Blob(&[])));
    assert_eq!((row.value(7), row.value(1)), (ValueRef::Text(b"made"), ValueRef::Integer(i64::MIN)));
    assert_eq!(row.names().len(), 8);
    assert!(run.step().expect("the end").is_none());
    assert!(run.step().expect("the end").is_none(), "it does not start again");
}

#[test]
fn a_statement_runs_for_many_sets_of_values() {
    let mut database = empty();
    database.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE)").expect("a table");
    let sql = "INSERT INTO t (name) VALUES (?)";
    let mut run = database.run(sql).expect("a statement");
    for (key, name) in ["a", "b", "c"].into_iter().enumerate() {
        run.restart();
        run.bind(Bound::Text(name)).expect("bound");
        assert!(run.step().expect("inserted").is_none());
        assert_eq!((run.changes(), run.last_insert_rowid()), (1, key as i64 + 1));
    }
    run.restart();
    run.bind(Bound::Text("b")).expect("bound");
    let error = run.step().expect_err("a second b");
    assert_eq!(error.sqlite_error_code(), Some(ErrorCode::ConstraintViolation));
    assert_eq!(error.to_string(), "UNIQUE constraint failed: t.name");
    assert_eq!(run.total_changes(), 3);
    drop(run);
    assert_eq!(texts(&mut database, "SELECT count(*) FROM t"), ["Integer(3)"]);
}

#[test]
fn every_placeholder_must_be_bound_and_no_more() {
    let mut database = empty();
    let sql = "SELECT ?, ?";
    let mut run = database.run(sql).expect("a statement");
    run.bind(Bound::Integer(1)).expect("bound");
    assert!(matches!(run.step(), Err(Error::InvalidParameterCount(1, 2))));
    run.bind(Bound::Integer(2)).expect("bound");
    assert_eq!(
        run.bind(Bound::Integer(3)).expect_err("no third").sqlite_error_code(),
        Some(ErrorCode::ParameterOutOfRange)
    );
    assert!(run.step().expect("a row").is_some());
    assert!(run.bind(Bound::Null).expect_err("it runs").to_string().contains("restart"));
    run.restart();
    assert!(matches!(run.step(), Err(Error::InvalidParameterCount(0, 2))), "what was bound before does not count");
}

#[test]
fn a_run_that_was_forgotten_leaves_nothing_that_is_read() {
    let mut database = empty();
    let sql = "SELECT ? UNION ALL SELECT 'more'";
    {
        let gone = "gone".repeat(100);
        let mut run = database.run(sql).expect("a statement");
        run.bind(Bound::Text(&gone)).expect("bound");
        run.step().expect("a row");
        std::mem::forget(run);
    }
    let mut run = database.run(sql).expect("the same statement");
    assert!(run.step().is_err(), "it was not bound again");
    run.bind(Bound::Integer(7)).expect("bound");
    assert_eq!(run.step().expect("a row").and_then(|row| row.integer(0)), Some(7));
}

#[test]
fn the_least_recently_used_statement_goes_first() {
    let mut database = empty();
    for number in [1, 2, 3, 1, 4, 5, 1] {
        assert_eq!(texts(&mut database, &format!("SELECT {number}")), [format!("Integer({number})")]);
    }
    assert!(database.prepared() <= 5, "one more than the capacity at most");
}

#[test]
fn a_statement_outlives_a_change_of_the_schema() {
    let mut database = empty();
    database.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").expect("a table");
    let read = |database: &mut Database| {
        let sql = "SELECT * FROM t";
        let mut run = database.run(sql).expect("a statement");
        run.step().expect("a row").map(|row| row.names())
    };
    assert_eq!(read(&mut database), Some(vec!["a".to_owned()]));
    database.execute_batch("ALTER TABLE t ADD COLUMN b").expect("altered");
    assert_eq!(read(&mut database), Some(vec!["a".to_owned(), "b".to_owned()]));
}

#[test]
fn what_is_no_statement_is_refused_in_words() {
    let mut database = empty();
    assert!(fails(&mut database, "SELEC 1").to_string().starts_with("near \"SELEC\": syntax error"));
    assert!(matches!(fails(&mut database, "SELECT 1; SELECT 2"), Error::MultipleStatement));
    assert!(fails(&mut database, "-- nothing").to_string().contains("holds no statement"));
    assert!(fails(&mut database, "").to_string().contains("holds no statement"));
    assert_eq!(texts(&mut database, "SELECT 1; -- and nothing else"), ["Integer(1)"]);
    assert_eq!(database.prepared(), 1);
}

#[test]
fn texts_of_another_encoding_are_converted() {
    let mut database = empty();
    database.execute_batch("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a)").expect("a table");
    let sql = "INSERT INTO t VALUES (?)";
    let mut run = database.run(sql).expect("a statement");
    run.bind(Bound::Text("grün")).expect("bound");
    run.step().expect("inserted");
    drop(run);
    let sql = "SELECT a FROM t";
    let mut run = database.run(sql).expect("a statement");
    let row = run.step().expect("a row").expect("one");
    let (first, second) = (row.text(0), row.text(0));
    assert_eq!((first, second), (Some("grün".as_bytes()), Some("grün".as_bytes())));
}

#[test]
fn a_database_moves_to_another_thread_and_back() {
    let mut database = empty();
    assert_eq!(texts(&mut database, "SELECT 'here'").len(), 1);
    let moved = std::thread::spawn(move || {
        assert_eq!(texts(&mut database, "SELECT 'here'").len(), 1);
        database
    });
    let mut database = moved.join().expect("a database");
    assert_eq!(texts(&mut database, "SELECT 'here'").len(), 1);
}

#[test]
fn a_file_is_closed_with_its_statements() {
    let file = std::env::temp_dir().join(format!("orm-sqlite-{}.db", std::process::id()));
    let mut database = Database::new(Connection::open(&file).expect("a file"), 4);
    database
        .execute_batch("PRAGMA journal_mode = wal; CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)")
        .expect("a table");
    let sql = "SELECT a FROM t";
    database.run(sql).expect("a statement").step().expect("a row");
    drop(database);
    // The last connection of a log takes it along, if nothing was left open.
    assert!(!file.with_extension("db-wal").exists());
    std::fs::remove_file(&file).expect("removed");
}
