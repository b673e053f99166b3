//! A row of SQLite. Types belong to values there, not to columns, so each value is looked at.
use crate::{
    driver::reading::{self, malformed, plain},
    error::{Error, Result},
    value::{Row, SqlType, Value},
};
use rusqlite::types::ValueRef;

pub(super) struct SqliteRow<'r> {
    row: &'r orm_sqlite::Row<'r>,
}

impl<'r> SqliteRow<'r> {
    pub(super) fn new(row: &'r orm_sqlite::Row<'r>) -> Self {
        Self { row }
    }

    /// A value that is no integer.
    #[cold]
    fn whole(&self, ordinal: usize) -> Result<i64> {
        match self.row.value(ordinal) {
            // A numeric column or a sum of reals may hold a whole number as a real.
            ValueRef::Real(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => Ok(number as i64),
            other => Err(wrong(ordinal, other, "an integer")),
        }
    }
}

impl Row for SqliteRow<'_> {
    fn is_null(&self, ordinal: usize) -> bool {
        self.row.is_null(ordinal)
    }

    fn i64(&self, ordinal: usize) -> Result<i64> {
        self.row.integer(ordinal).map_or_else(|| self.whole(ordinal), Ok)
    }

    fn f64(&self, ordinal: usize) -> Result<f64> {
        match self.row.value(ordinal) {
            ValueRef::Real(number) => Ok(number),
            ValueRef::Integer(number) => Ok(number as f64),
            other => Err(wrong(ordinal, other, "a number")),
        }
    }

    fn bool(&self, ordinal: usize) -> Result<bool> {
        self.i64(ordinal).map(|number| number != 0)
    }

    fn text(&self, ordinal: usize) -> Result<&str> {
        match self.row.text(ordinal) {
            Some(bytes) => std::str::from_utf8(bytes).map_err(|error| malformed("UTF-8 text", error)),
            None => Err(wrong(ordinal, self.row.value(ordinal), "text")),
        }
    }

    fn bytes(&self, ordinal: usize) -> Result<&[u8]> {
        match self.row.value(ordinal) {
            ValueRef::Blob(bytes) | ValueRef::Text(bytes) => Ok(bytes),
            other => Err(wrong(ordinal, other, "bytes")),
        }
    }

    fn names(&self) -> Vec<String> {
        self.row.names()
    }

    fn ordinal_of(&self, name: &str) -> Option<usize> {
        self.row.names().iter().position(|column| column.eq_ignore_ascii_case(name))
    }

    fn value(&self, ordinal: usize, sql_type: SqlType) -> Result<Value> {
        if let Some(value) = plain(self, ordinal, sql_type)? {
            return Ok(value);
        }
        match sql_type {
            #[cfg(feature = "rust_decimal")]
            SqlType::Decimal => Ok(Value::Decimal(Some(super::decimal::read(self.row.value(ordinal))?))),
            #[cfg(feature = "uuid")]
            SqlType::Uuid => Ok(Value::Uuid(Some(uuid(ordinal, self.row.value(ordinal))?))),
            #[cfg(feature = "json")]
            SqlType::Json => Ok(Value::Json(Some(Box::new(json(self.text(ordinal)?)?)))),
            #[cfg(feature = "chrono")]
            SqlType::ChronoDate | SqlType::ChronoTime | SqlType::ChronoDateTime | SqlType::ChronoDateTimeUtc => {
                super::iso::chrono::value(self.text(ordinal)?, sql_type)
            }
            #[cfg(feature = "time")]
            SqlType::TimeDate | SqlType::TimeTime | SqlType::TimePrimitiveDateTime | SqlType::TimeOffsetDateTime => {
                super::iso::time::value(self.text(ordinal)?, sql_type)
            }
            other => Err(reading::unread(other)),
        }
    }
}

#[cfg(feature = "json")]
fn json(text: &str) -> Result<serde_json::Value> {
    serde_json::from_str(text).map_err(|error| malformed("JSON", error))
}

/// Sixteen bytes, as we write it, or the text that others may have written.
#[cfg(feature = "uuid")]
fn uuid(ordinal: usize, stored: ValueRef<'_>) -> Result<uuid::Uuid> {
    let parsed = match stored {
        ValueRef::Blob(bytes) => uuid::Uuid::from_slice(bytes),
        ValueRef::Text(bytes) => uuid::Uuid::try_parse_ascii(bytes),
        other => return Err(wrong(ordinal, other, "a UUID")),
    };
    parsed.map_err(|error| malformed("a UUID", error))
}

fn wrong(ordinal: usize, stored: ValueRef<'_>, wanted: &str) -> Error {
    let what = match stored {
        ValueRef::Null => "null",
        ValueRef::Integer(_) => "an integer",
        ValueRef::Real(_) => "a real",
        ValueRef::Text(_) => "a text",
        ValueRef::Blob(_) => "a blob",
    };
    reading::wrong(ordinal, what, wanted)
}
