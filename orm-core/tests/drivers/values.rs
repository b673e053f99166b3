use crate::support::{Database, Db, on_every_database, rows, sink};
use orm_core::value::{SqlType, Value};
use serde_json::json;

/// The column type of the DDL, and values that must come back as they are.
struct Case {
    sql_type: SqlType,
    ddl: [&'static str; 3],
    values: Vec<Value>,
}

fn case(
    sql_type: SqlType,
    sqlite: &'static str,
    postgres: &'static str,
    mysql: &'static str,
    values: Vec<Value>,
) -> Case {
    Case { sql_type, ddl: [sqlite, postgres, mysql], values }
}

#[rustfmt::skip]
fn numbers() -> Vec<Case> {
    vec![
        case(SqlType::Bool, "BOOLEAN", "BOOLEAN", "BOOLEAN", vec![true.into(), false.into()]),
        case(SqlType::I8, "INTEGER", "SMALLINT", "TINYINT", vec![i8::MIN.into(), 0i8.into(), i8::MAX.into()]),
        case(SqlType::I16, "INTEGER", "SMALLINT", "SMALLINT", vec![i16::MIN.into(), i16::MAX.into()]),
        case(SqlType::I32, "INTEGER", "INTEGER", "INT", vec![i32::MIN.into(), i32::MAX.into()]),
        case(SqlType::I64, "INTEGER", "BIGINT", "BIGINT", vec![i64::MIN.into(), (-1i64).into(), i64::MAX.into()]),
        case(SqlType::U8, "INTEGER", "SMALLINT", "TINYINT UNSIGNED", vec![0u8.into(), u8::MAX.into()]),
        case(SqlType::U16, "INTEGER", "INTEGER", "SMALLINT UNSIGNED", vec![0u16.into(), u16::MAX.into()]),
        case(SqlType::U32, "INTEGER", "BIGINT", "INT UNSIGNED", vec![0u32.into(), u32::MAX.into()]),
        case(SqlType::U64, "INTEGER", "BIGINT", "BIGINT UNSIGNED", vec![0u64.into(), u64::MAX.into(), (1u64 << 63).into()]),
        case(SqlType::F32, "REAL", "REAL", "FLOAT", vec![0.1f32.into(), f32::MIN_POSITIVE.into(), (-1.5f32).into()]),
        case(SqlType::F64, "REAL", "DOUBLE PRECISION", "DOUBLE", vec![0.1f64.into(), f64::MAX.into(), f64::MIN_POSITIVE.into(), (-3.0f64).into()]),
        case(SqlType::Decimal, "NUMERIC(12, 2)", "NUMERIC(12, 2)", "DECIMAL(12, 2)", ["0", "99.99", "-0.01", "9999999999.99", "100", "-9999999999.99"].map(decimal).to_vec()),
    ]
}

#[rustfmt::skip]
fn texts() -> Vec<Case> {
    let long = "ä'\"\\;--%_ 日本 🦀".repeat(5_000);
    vec![
        case(SqlType::Text, "TEXT", "TEXT", "MEDIUMTEXT", vec!["".into(), "'; DROP TABLE v; --".into(), "🦀\n\t\\".into(), long.into()]),
        case(SqlType::Text, "VARCHAR(100)", "VARCHAR(100)", "VARCHAR(100)", vec!["".into(), "0".into(), "é".into()]),
        case(SqlType::Bytes, "BLOB", "BYTEA", "LONGBLOB", vec![Vec::<u8>::new().into(), vec![0u8, 255, 39].into(), vec![7u8; 100_000].into()]),
        case(SqlType::Uuid, "BLOB", "UUID", "BINARY(16)", vec![uuid::Uuid::nil().into(), uuid::Uuid::max().into(), uuid::Uuid::from_u128(1).into()]),
        case(SqlType::Json, "JSON", "JSONB", "JSON", vec![json!({"a": [1, null, "x'\""], "b": {"c": 1.5}}).into(), json!([]).into(), json!("text").into(), json!(null).into()]),
    ]
}

#[rustfmt::skip]
fn moments() -> Vec<Case> {
    use chrono::{NaiveDate, NaiveTime};
    use time::macros::{date, datetime, time};
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("a date");
    let clock = |h, m, s, micro| NaiveTime::from_hms_micro_opt(h, m, s, micro).expect("a time");
    let moments = [day(1970, 1, 1).and_time(clock(0, 0, 1, 0)), day(2024, 2, 29).and_time(clock(23, 59, 59, 999_999)), day(2038, 1, 1).and_time(clock(0, 0, 0, 500_000))];
    vec![
        case(SqlType::ChronoDate, "DATE", "DATE", "DATE", vec![day(1000, 1, 1).into(), day(2024, 2, 29).into(), day(9999, 12, 31).into()]),
        case(SqlType::ChronoTime, "TIME", "TIME", "TIME(6)", vec![clock(0, 0, 0, 0).into(), clock(23, 59, 59, 999_999).into()]),
        case(SqlType::ChronoDateTime, "DATETIME", "TIMESTAMP", "DATETIME(6)", moments.map(Value::from).to_vec()),
        case(SqlType::ChronoDateTimeUtc, "TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMP(6)", moments.map(|m| m.and_utc().into()).to_vec()),
        case(SqlType::TimeDate, "DATE", "DATE", "DATE", vec![date!(1000-01-01).into(), date!(2024-02-29).into(), date!(9999-12-31).into()]),
        case(SqlType::TimeTime, "TIME", "TIME", "TIME(6)", vec![time!(0:00).into(), time!(23:59:59.999_999).into()]),
        case(SqlType::TimePrimitiveDateTime, "DATETIME", "TIMESTAMP", "DATETIME(6)", vec![datetime!(2024-02-29 23:59:59.999_999).into(), datetime!(1970-01-01 0:00).into()]),
        case(SqlType::TimeOffsetDateTime, "TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMP(6)", vec![datetime!(2024-02-29 23:59:59.999_999 UTC).into(), datetime!(2001-09-09 1:46:40 UTC).into()]),
    ]
}

fn decimal(text: &str) -> Value {
    Value::Decimal(Some(text.parse().expect("a decimal")))
}

/// Writes each value, and a null, into a table of its own and reads them.
async fn round_trip(db: &Db, cases: Vec<Case>) {
    let mut connection = db.connection().await;
    for (n, case) in cases.into_iter().enumerate() {
        let ddl = case.ddl[db.database.database() as usize];
        connection.run_script(&format!("CREATE TABLE v{n} (id BIGINT PRIMARY KEY, v {ddl})")).await.expect(ddl);
        let values: Vec<Value> = case.values.into_iter().chain([case.sql_type.null()]).collect();
        for (id, value) in values.iter().enumerate() {
            let bound = vec![Value::BigInt(Some(id as i64)), value.clone()];
            let insert = format!("INSERT INTO v{n} (id, v) VALUES (?, ?)");
            db.execute(&mut *connection, &insert, bound).await.unwrap_or_else(|e| panic!("{ddl} {value:?}: {e:?}"));
        }
        let select = db.statement(&format!("SELECT v FROM v{n} ORDER BY id"), vec![]);
        let read =
            rows(connection.query(&select, sink(&[case.sql_type])).await.unwrap_or_else(|e| panic!("{ddl}: {e:?}")));
        let read: Vec<Value> = read.expect("rows").into_iter().flatten().collect();
        assert_eq!(read, values, "{ddl}");
    }
}

on_every_database! {
    async fn numbers_come_back(db: Db) {
        round_trip(db, numbers()).await;
    }

    async fn texts_and_bytes_come_back(db: Db) {
        round_trip(db, texts()).await;
    }

    async fn dates_and_times_come_back(db: Db) {
        round_trip(db, moments()).await;
    }

    async fn a_hostile_text_is_only_a_value(db: Db) {
        db.script("CREATE TABLE v (id BIGINT PRIMARY KEY, name VARCHAR(200))").await;
        let hostile = "x'); DROP TABLE v; -- \\' \" `";
        let mut connection = db.connection().await;
        db.execute(&mut *connection, "INSERT INTO v VALUES (?, ?)", vec![1i64.into(), hostile.into()]).await.expect("inserts");
        let found = db.query(&mut *connection, "SELECT id FROM v WHERE name = ?", (vec![hostile.into()], &[SqlType::I64])).await;
        assert_eq!(found.expect("finds"), [[Value::BigInt(Some(1))]]);
    }

    async fn numbers_of_the_database_are_read_as_asked(db: Db) {
        db.script("CREATE TABLE v (id BIGINT PRIMARY KEY, n INT); INSERT INTO v VALUES (1, 2), (2, 4)").await;
        let mut connection = db.connection().await;
        let text = "SELECT COUNT(*), SUM(id), SUM(n), AVG(n), MAX(n) FROM v";
        let types = [SqlType::I64, SqlType::I64, SqlType::I64, SqlType::F64, SqlType::I64];
        let read = db.query(&mut *connection, text, (vec![], &types)).await.expect("reads");
        let i64 = |n: i64| Value::BigInt(Some(n));
        assert_eq!(read, [[i64(2), i64(3), i64(6), Value::Double(Some(3.0)), i64(4)]]);
    }

    async fn the_same_text_with_other_integers_works(db: Db) {
        db.script("CREATE TABLE v (id INT PRIMARY KEY); INSERT INTO v VALUES (1)").await;
        let mut connection = db.connection().await;
        for value in [Value::Int(Some(1)), Value::Int(None), Value::Int(Some(1))] {
            let text = "SELECT COUNT(*) FROM v WHERE id = ?";
            db.query(&mut *connection, text, (vec![value], &[SqlType::I64])).await.expect("reads");
        }
    }

    async fn a_generated_key_is_told(db: Db) {
        db.script("CREATE TABLE v (id {key}, name VARCHAR(10))").await;
        let mut connection = db.connection().await;
        if db.is(Database::MySql) {
            let outcome = db.execute(&mut *connection, "INSERT INTO v (name) VALUES ('a'), ('b')", vec![]).await.expect("inserts");
            assert_eq!((outcome.rows, outcome.first_key), (2, Some(1)));
        }
        let text = "INSERT INTO v (name) VALUES (?) RETURNING id";
        let read = db.query(&mut *connection, text, (vec!["x".into()], &[SqlType::I64])).await.expect("inserts");
        assert_eq!(read, [[Value::BigInt(Some(if db.is(Database::MySql) { 3 } else { 1 }))]]);
    }

    async fn a_value_of_the_wrong_type_is_an_error(db: Db) {
        let mut connection = db.connection().await;
        for wanted in [SqlType::I64, SqlType::F64, SqlType::Bool, SqlType::Uuid, SqlType::ChronoDate, SqlType::Json] {
            let read = db.query(&mut *connection, "SELECT 'text'", (vec![], &[wanted])).await;
            read.expect_err("a text is nothing of that");
        }
        let read = db.query(&mut *connection, "SELECT 300", (vec![], &[SqlType::U8])).await;
        read.expect_err("300 is no u8");
    }
}
