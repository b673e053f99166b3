//! What only servers do.
use crate::support::{BEGIN, Database, Db, number, rows, sink};
use orm_core::{
    Error,
    driver::{Begin, Connection, Control, Isolation},
    value::{SqlType, Value},
};

const SERVERS: [Database; 2] = [Database::Postgres, Database::MySql];

async fn update(db: &Db, connection: &mut dyn Connection, id: i64) -> Result<(), Error> {
    db.execute(connection, "UPDATE t SET n = n + 1 WHERE id = ?", vec![id.into()]).await.map(drop)
}

#[tokio::test]
async fn of_two_transactions_in_a_deadlock_one_may_be_run_again() {
    for server in SERVERS {
        let Some(db) = Db::new(server).await else { continue };
        db.script("CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT); INSERT INTO t VALUES (1, 0), (2, 0)").await;
        let (mut one, mut other) = (db.connection().await, db.connection().await);
        one.control(BEGIN).await.expect("begins");
        other.control(BEGIN).await.expect("begins");
        update(&db, &mut *one, 1).await.expect("nobody has it");
        update(&db, &mut *other, 2).await.expect("nobody has it");
        let (first, second) = tokio::join!(
            async {
                let updated = update(&db, &mut *one, 2).await;
                (updated, one.control(Control::Rollback).await)
            },
            async {
                let updated = update(&db, &mut *other, 1).await;
                (updated, other.control(Control::Rollback).await)
            }
        );
        let errors: Vec<Error> = [first.0, second.0].into_iter().filter_map(Result::err).collect();
        assert!(!errors.is_empty() && errors.iter().all(Error::is_retryable), "{server:?}: {errors:?}");
        first.1.and(second.1).expect("both roll back");
        update(&db, &mut *one, 1).await.expect("usable");
    }
}

#[tokio::test]
async fn no_statement_runs_outside_a_transaction_that_a_deadlock_ended() {
    let Some(db) = Db::new(Database::MySql).await else { return };
    db.script("CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT); INSERT INTO t VALUES (1, 0), (2, 0)").await;
    let (mut one, mut other) = (db.connection().await, db.connection().await);
    one.control(BEGIN).await.expect("begins");
    other.control(BEGIN).await.expect("begins");
    update(&db, &mut *one, 1).await.expect("nobody has it");
    update(&db, &mut *other, 2).await.expect("nobody has it");
    let (first, second) = tokio::join!(update(&db, &mut *one, 2), update(&db, &mut *other, 1));
    let loser = if first.is_err() { &mut one } else { &mut other };
    assert!(first.is_err() || second.is_err());
    assert!(!loser.is_usable());
    let refused = update(&db, &mut **loser, 2).await.expect_err("its transaction is gone");
    assert!(refused.to_string().contains("call `rollback`"), "{refused}");
    loser.control(Control::Rollback).await.expect("nothing to undo");
    assert!(loser.is_usable());
}

#[tokio::test]
async fn a_serialization_failure_may_be_run_again() {
    let Some(db) = Db::new(Database::Postgres).await else { return };
    db.script("CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT); INSERT INTO t VALUES (1, 0)").await;
    let (mut one, mut other) = (db.connection().await, db.connection().await);
    let begin = Control::Begin(Begin { isolation: Some(Isolation::Serializable), read_only: false });
    one.control(begin).await.expect("begins");
    number(&mut *one, "SELECT n FROM t").await.expect("reads");
    update(&db, &mut *other, 1).await.expect("autocommit");
    let error = update(&db, &mut *one, 1).await.expect_err("it changed");
    assert!(error.is_retryable(), "{error:?}");
}

#[tokio::test]
async fn a_transaction_with_a_failed_statement_is_not_committed_on_postgres() {
    let Some(db) = Db::new(Database::Postgres).await else { return };
    db.script("CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT)").await;
    let mut connection = db.connection().await;
    connection.control(BEGIN).await.expect("begins");
    db.execute(&mut *connection, "INSERT INTO t VALUES (1, 0)", vec![]).await.expect("inserts");
    db.execute(&mut *connection, "INSERT INTO t VALUES (1, 0)", vec![]).await.expect_err("twice");
    let error = connection.control(Control::Commit).await.expect_err("PostgreSQL would roll back and say nothing");
    assert!(error.to_string().contains("cannot be committed"), "{error}");
    connection.control(Control::Rollback).await.expect("rolls back");
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_replaced() {
    for server in SERVERS {
        let Some(db) = Db::new(server).await else { continue };
        let (mut one, mut killer) = (db.connection().await, db.connection().await);
        let id = if server == Database::Postgres {
            "SELECT CAST(pg_backend_pid() AS BIGINT)"
        } else {
            "SELECT CONNECTION_ID()"
        };
        let id = number(&mut *one, id).await.expect("its number");
        one.control(BEGIN).await.expect("begins");
        let kill = if server == Database::Postgres {
            format!("SELECT pg_terminate_backend({id})")
        } else {
            format!("KILL {id}")
        };
        killer.run_script(&kill).await.expect("kills");
        let error = number(&mut *one, "SELECT 1").await.expect_err("it is gone");
        assert!(error.is_connection(), "{server:?}: {error:?}");
        number(&mut *one, "SELECT 1").await.expect_err("not outside the transaction");
        one.control(Control::Rollback).await.expect("the server did");
        assert_eq!(number(&mut *one, "SELECT 1").await.expect("a new connection"), 1);
    }
}

#[tokio::test]
async fn arrays_are_bound_to_postgres() {
    let Some(db) = Db::new(Database::Postgres).await else { return };
    let mut connection = db.connection().await;
    db.script(
        "CREATE TABLE t (id BIGINT PRIMARY KEY, name TEXT, price NUMERIC(10, 2), key UUID, at TIMESTAMPTZ, day DATE)",
    )
    .await;
    let at = chrono::DateTime::from_timestamp(1_000_000, 0).expect("a moment");
    let null = |of: sea_query::ArrayType, values: Vec<Value>| Value::Array(of, Some(Box::new(values)));
    let values = vec![
        vec![1i64, 2].into(),
        null(sea_query::ArrayType::String, vec!["a'; --".into(), Value::String(None)]),
        vec![rust_decimal::dec!(1.50), rust_decimal::dec!(-2)].into(),
        vec![uuid::Uuid::nil(), uuid::Uuid::max()].into(),
        vec![at, at].into(),
        vec![at.date_naive(), at.date_naive()].into(),
    ];
    let insert = "INSERT INTO t SELECT * FROM UNNEST(?, ?, ?, ?, ?, ?) RETURNING id";
    let read = rows(connection.query(&db.statement(insert, values), sink(&[SqlType::I64])).await.expect("inserts"));
    assert_eq!(read.expect("rows").len(), 2);
    let any = db.statement("SELECT id FROM t WHERE id = ANY(?)", vec![vec![2i64, 9].into()]);
    let read = rows(connection.query(&any, sink(&[SqlType::I64])).await.expect("reads")).expect("rows");
    assert_eq!(read, [[Value::BigInt(Some(2))]]);
}

#[tokio::test]
async fn infinity_is_an_error_and_no_panic() {
    let Some(db) = Db::new(Database::Postgres).await else { return };
    let mut connection = db.connection().await;
    let texts = ["SELECT 'infinity'::timestamptz", "SELECT '-infinity'::timestamp"];
    for (text, wanted) in texts.into_iter().flat_map(|text| {
        [SqlType::ChronoDateTimeUtc, SqlType::ChronoDateTime, SqlType::TimeOffsetDateTime].map(|wanted| (text, wanted))
    }) {
        db.query(&mut *connection, text, (vec![], &[wanted])).await.expect_err("chrono has no infinity");
    }
    db.query(&mut *connection, "SELECT 'infinity'::date", (vec![], &[SqlType::ChronoDate]))
        .await
        .expect_err("nor here");
    db.query(&mut *connection, "SELECT 'NaN'::numeric", (vec![], &[SqlType::Decimal])).await.expect_err("no decimal");
    db.query(&mut *connection, "SELECT 1e30::numeric", (vec![], &[SqlType::I64])).await.expect_err("too large");
}

#[tokio::test]
async fn mysql_refuses_what_it_would_have_to_cut() {
    let Some(db) = Db::new(Database::MySql).await else { return };
    db.script("CREATE TABLE t (name VARCHAR(3), n TINYINT)").await;
    let mut connection = db.connection().await;
    db.execute(&mut *connection, "INSERT INTO t (name) VALUES (?)", vec!["long".into()]).await.expect_err("too long");
    db.execute(&mut *connection, "INSERT INTO t (n) VALUES (?)", vec![300i64.into()]).await.expect_err("too large");
    db.execute(&mut *connection, "INSERT INTO t (n) VALUES (?)", vec![f64::NAN.into()]).await.expect_err("no number");
}
