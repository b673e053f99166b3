use crate::support::{Db, on_every_database, rows, sink};
use orm_core::value::{SqlType, Value};

const NUMBERS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n";

on_every_database! {
    async fn a_stream_gives_all_rows_in_batches(db: Db) {
        let mut connection = db.connection().await;
        let statement = db.statement(NUMBERS, vec![]);
        let mut stream = connection.stream(&statement, 300).await.expect("starts");
        let (mut batches, mut numbers) = (Vec::new(), Vec::new());
        loop {
            let (sink, more) = stream.next(sink(&[SqlType::I64])).await.expect("a batch");
            let batch = rows(sink).expect("rows");
            batches.push(batch.len());
            numbers.extend(batch.into_iter().flatten());
            if !more {
                break;
            }
        }
        drop(stream);
        assert_eq!(batches, [300, 300, 300, 100]);
        assert_eq!(numbers.last(), Some(&Value::BigInt(Some(1000))));
        assert_eq!(connection.statement_count(), 1);
        assert_eq!(crate::support::number(&mut *connection, "SELECT 7").await.expect("usable"), 7);
    }

    async fn after_the_last_row_a_stream_gives_nothing(db: Db) {
        let mut connection = db.connection().await;
        let statement = db.statement("SELECT 1 WHERE 1 = 0", vec![]);
        let mut stream = connection.stream(&statement, 10).await.expect("starts");
        for _ in 0..2 {
            let (sink, more) = stream.next(sink(&[SqlType::I64])).await.expect("an empty batch");
            assert!(!more && rows(sink).expect("rows").is_empty());
        }
    }

    async fn a_stream_that_is_dropped_leaves_the_connection_usable(db: Db) {
        let mut connection = db.connection().await;
        let statement = db.statement(NUMBERS, vec![]);
        let mut stream = connection.stream(&statement, 10).await.expect("starts");
        stream.next(sink(&[SqlType::I64])).await.expect("a batch");
        drop(stream);
        assert_eq!(crate::support::number(&mut *connection, "SELECT 7").await.expect("usable"), 7);
    }

    async fn an_error_ends_a_stream(db: Db) {
        let mut connection = db.connection().await;
        let statement = db.statement("SELECT 'text'", vec![]);
        let mut stream = connection.stream(&statement, 10).await.expect("starts");
        stream.next(sink(&[SqlType::I64])).await.err().expect("a text is no number");
        drop(stream);
        let statement = db.statement("SELECT nothing FROM nowhere", vec![]);
        let mut stream = connection.stream(&statement, 10).await.expect("starts");
        stream.next(sink(&[SqlType::I64])).await.err().expect("there is no such table");
        drop(stream);
        assert_eq!(crate::support::number(&mut *connection, "SELECT 7").await.expect("usable"), 7);
    }
}
