use crate::support::{BEGIN, rows, sink};
use orm_core::{
    driver::{
        Connection, Control, Dialect, Driver, Length, Outcome, Statement,
        recorder::{Answer, Call, Failure, Interruption, Recorder},
    },
    value::{SqlType, Value},
};
use std::time::Duration;

fn statement(sql: &str) -> Statement {
    Statement { sql: sql.into(), values: vec![7i64.into()], length: Length::Short }
}

async fn connection(recorder: &Recorder) -> Box<dyn Connection> {
    recorder.acquire().await.expect("a connection")
}

#[tokio::test]
async fn calls_are_written_down_in_order() {
    let recorder = Recorder::new(Dialect::Sqlite);
    let mut connection = connection(&recorder).await;
    connection.control(BEGIN).await.expect("begins");
    connection.execute(&statement("UPDATE")).await.expect("updates");
    connection.run_script("CREATE").await.expect("creates");
    assert_eq!(connection.statement_count(), 2);
    drop(connection);
    let expected = [
        Call::Acquire,
        Call::Control(BEGIN),
        Call::Execute(statement("UPDATE")),
        Call::Script("CREATE".into()),
        Call::Return,
    ];
    assert_eq!(recorder.calls(), expected);
}

#[tokio::test]
async fn statements_are_answered_from_the_script() {
    let recorder = Recorder::new(Dialect::MySql);
    let row = vec![Value::Int(Some(1)), Value::String(Some("a".into())), Value::BigInt(None)];
    recorder.answer(Answer::Rows(vec![row])).answer(Answer::Done(Outcome { rows: 3, first_key: Some(9) }));
    let mut connection = connection(&recorder).await;
    let types = [SqlType::I64, SqlType::Text, SqlType::I64];
    let read = rows(connection.query(&statement("SELECT"), sink(&types)).await.expect("reads")).expect("rows");
    assert_eq!(read, [[Value::BigInt(Some(1)), Value::String(Some("a".into())), Value::BigInt(None)]]);
    let outcome = connection.execute(&statement("INSERT")).await.expect("inserts");
    assert_eq!(outcome, Outcome { rows: 3, first_key: Some(9) });
    assert_eq!(recorder.statements(), ["SELECT", "INSERT"]);
}

#[tokio::test]
async fn a_call_can_fail_or_never_end() {
    let recorder = Recorder::new(Dialect::Postgres);
    recorder.interrupt(1, Interruption::Fail(Failure::Unique)).interrupt(2, Interruption::Pend);
    recorder.answer(Answer::Rows(vec![vec![1i64.into()]]));
    let mut connection = connection(&recorder).await;
    assert!(connection.execute(&statement("INSERT")).await.expect_err("planned").is_unique_violation());
    let pending = tokio::time::timeout(Duration::from_millis(10), connection.control(Control::Commit)).await;
    pending.expect_err("it never ends");
    let read = connection.query(&statement("SELECT"), sink(&[SqlType::I64])).await.expect("the answer is still there");
    assert_eq!(rows(read).expect("rows").len(), 1);
}
