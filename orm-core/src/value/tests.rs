//! The column types of other crates, through a row that holds one value.
use super::{Cell, ColumnType, IntoColumn, Json, Key, Row, SqlType, Value};
use crate::error::{Error, Result};
use ::chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use ::rust_decimal::{Decimal, dec};
use ::time::{OffsetDateTime, UtcOffset, macros};
use ::uuid::Uuid;
use std::collections::BTreeMap;

/// One value, given out as the variant that was asked for.
struct OneValue(Value);

impl OneValue {
    fn wrong<T>(&self) -> Result<T> {
        Err(Error::usage(format!("not read by value: {:?}", self.0)))
    }
}

impl Row for OneValue {
    fn is_null(&self, _: usize) -> bool {
        super::is_null(&self.0)
    }
    fn i64(&self, _: usize) -> Result<i64> {
        self.wrong()
    }
    fn f64(&self, _: usize) -> Result<f64> {
        self.wrong()
    }
    fn bool(&self, _: usize) -> Result<bool> {
        self.wrong()
    }
    fn text(&self, _: usize) -> Result<&str> {
        self.wrong()
    }
    fn bytes(&self, _: usize) -> Result<&[u8]> {
        self.wrong()
    }
    fn value(&self, _: usize, sql_type: SqlType) -> Result<Value> {
        if sql_type.null() == self.0.as_null() { Ok(self.0.clone()) } else { self.wrong() }
    }
}

/// Writes and reads a value, and null where null may and may not be.
fn round_trip<T: ColumnType<Null = super::NotNull> + PartialEq + std::fmt::Debug>(value: T) {
    let read = T::decode(Cell::new(&OneValue(value.encode()), 0)).expect("reads what it wrote");
    assert_eq!(read, value);
    assert!(read.same(&value));
    assert_eq!(read.key(), value.key());
    assert_eq!(Key::from(&value.encode()), value.key());
    assert_eq!(T::from_value(value.encode()).expect("takes its own value"), value);
    let null = OneValue(T::TYPE.null());
    assert_eq!(Option::<T>::decode(Cell::new(&null, 0)).expect("null is nothing"), None);
    assert!(T::decode(Cell::new(&null, 0)).is_err());
    assert!(T::from_value(Value::Bool(Some(true))).is_err());
}

#[test]
fn every_type_reads_what_it_wrote() {
    let date = NaiveDate::from_ymd_opt(2024, 2, 29).expect("a date");
    let time = NaiveTime::from_hms_micro_opt(23, 59, 59, 123_456).expect("a time");
    round_trip(Uuid::from_u128(7));
    round_trip(dec!(99.90));
    round_trip::<NaiveDate>(date);
    round_trip::<NaiveTime>(time);
    round_trip::<NaiveDateTime>(date.and_time(time));
    round_trip::<DateTime<Utc>>(date.and_time(time).and_utc());
    round_trip(macros::date!(2024 - 02 - 29));
    round_trip(macros::time!(23:59:59.123456));
    round_trip(macros::datetime!(2024-02-29 23:59:59.123456));
    round_trip(macros::datetime!(2024-02-29 23:59:59.123456 UTC));
    round_trip(Json(BTreeMap::from([("a".to_owned(), vec![1, 2])])));
}

#[test]
fn only_a_nil_uuid_stands_for_not_given() {
    assert_eq!(Uuid::unset(), Some(Uuid::nil()));
    assert_eq!(Decimal::unset(), None);
    assert_eq!(DateTime::<Utc>::unset(), None);
    assert_eq!(OffsetDateTime::unset(), None);
    assert!(Json::<Vec<i32>>::unset().is_none());
}

#[test]
fn equal_decimals_are_one_key() {
    assert_eq!(dec!(1.50).key(), dec!(1.5).key());
    assert_ne!(dec!(1.50).key(), dec!(15).key());
}

#[test]
fn a_uuid_is_its_bytes_as_a_key() {
    assert_eq!(Uuid::from_u128(1).key(), Key::Bytes(Uuid::from_u128(1).as_bytes().as_slice().into()));
}

#[test]
fn the_offset_of_a_point_in_time_says_nothing() {
    let utc = macros::datetime!(2024-02-29 12:00 UTC);
    let elsewhere = utc.to_offset(UtcOffset::from_hms(2, 0, 0).expect("an offset"));
    assert!(utc.same(&elsewhere));
    assert_eq!(utc.key(), elsewhere.key());
}

#[test]
fn json_compares_what_is_stored() {
    let a: Json<serde_json::Value> = serde_json::from_str(r#"{"a": 1, "b": [2]}"#).expect("JSON");
    let b: Json<serde_json::Value> = serde_json::from_str(r#"{"b": [2], "a": 1}"#).expect("JSON");
    assert!(a.same(&b));
    assert!(!a.same(&Json(serde_json::Value::Null)));
}

#[test]
fn json_of_another_shape_says_which_type_was_expected() {
    let error = Json::<Vec<i32>>::from_value(Json("text".to_owned()).encode()).expect_err("a text is no list");
    assert!(error.to_string().starts_with("the stored JSON is no `alloc::vec::Vec<i32>`"), "{error}");
}

/// Stands for a setter or a comparison.
fn give<T>(value: impl IntoColumn<T>) -> T {
    value.into_column()
}

#[test]
fn literals_become_what_the_column_is() {
    assert_eq!(give::<i64>(1), 1);
    assert_eq!(give::<Option<u8>>(1), Some(1));
    assert_eq!(give::<Decimal>(1), dec!(1));
    assert_eq!(give::<Option<Decimal>>(1), Some(dec!(1)));
    assert_eq!(give::<Decimal>(dec!(1.5)), dec!(1.5));
    assert_eq!(give::<Json<Vec<i32>>>(vec![1]).0, [1]);
    assert_eq!(give::<Option<Json<Vec<i32>>>>(Json(vec![1])).map(Json::into_inner), Some(vec![1]));
}
