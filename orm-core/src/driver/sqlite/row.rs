//! A row of SQLite. Types belong to values there, not to columns, so each value is looked at.
use crate::{
    driver::reading::{self, malformed, plain},
    error::{Error, Result},
    value::{Row, SqlType, Value},
};
use rusqlite::types::ValueRef;
use std::cell::Cell;

pub(super) struct SqliteRow<'r, 's> {
    row: &'r rusqlite::Row<'s>,
    /// The value looked at last: whether it is null and what it is are asked one after the other, and SQLite takes several
    /// calls to tell a value.
    last: Cell<Option<(usize, ValueRef<'r>)>>,
}

impl<'r, 's> SqliteRow<'r, 's> {
    pub(super) fn new(row: &'r rusqlite::Row<'s>) -> Self {
        Self { row, last: Cell::new(None) }
    }

    fn get(&self, ordinal: usize) -> Result<ValueRef<'r>> {
        if let Some((last, value)) = self.last.get()
            && last == ordinal
        {
            return Ok(value);
        }
        let value = self.row.get_ref(ordinal).map_err(super::error::translated)?;
        self.last.set(Some((ordinal, value)));
        Ok(value)
    }
}

impl Row for SqliteRow<'_, '_> {
    fn is_null(&self, ordinal: usize) -> bool {
        matches!(self.get(ordinal), Ok(ValueRef::Null))
    }

    fn i64(&self, ordinal: usize) -> Result<i64> {
        match self.get(ordinal)? {
            ValueRef::Integer(number) => Ok(number),
            // A numeric column or a sum of reals may hold a whole number as a real.
            ValueRef::Real(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => Ok(number as i64),
            other => Err(wrong(ordinal, other, "an integer")),
        }
    }

    fn f64(&self, ordinal: usize) -> Result<f64> {
        match self.get(ordinal)? {
            ValueRef::Real(number) => Ok(number),
            ValueRef::Integer(number) => Ok(number as f64),
            other => Err(wrong(ordinal, other, "a number")),
        }
    }

    fn bool(&self, ordinal: usize) -> Result<bool> {
        self.i64(ordinal).map(|number| number != 0)
    }

    fn text(&self, ordinal: usize) -> Result<&str> {
        match self.get(ordinal)? {
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_err(|error| malformed("UTF-8 text", error)),
            other => Err(wrong(ordinal, other, "text")),
        }
    }

    fn bytes(&self, ordinal: usize) -> Result<&[u8]> {
        match self.get(ordinal)? {
            ValueRef::Blob(bytes) | ValueRef::Text(bytes) => Ok(bytes),
            other => Err(wrong(ordinal, other, "bytes")),
        }
    }

    fn names(&self) -> Vec<String> {
        self.row.as_ref().column_names().into_iter().map(str::to_owned).collect()
    }

    fn ordinal_of(&self, name: &str) -> Option<usize> {
        self.row.as_ref().column_index(name).ok()
    }

    fn value(&self, ordinal: usize, sql_type: SqlType) -> Result<Value> {
        if let Some(value) = plain(self, ordinal, sql_type)? {
            return Ok(value);
        }
        match sql_type {
            #[cfg(feature = "rust_decimal")]
            SqlType::Decimal => Ok(Value::Decimal(Some(super::decimal::read(self.get(ordinal)?)?))),
            #[cfg(feature = "uuid")]
            SqlType::Uuid => Ok(Value::Uuid(Some(uuid(ordinal, self.get(ordinal)?)?))),
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
