//! A row of MySQL: binary values, read by the kinds that were found for its statement.
use super::columns::Kind;
use crate::{
    driver::reading::{self, malformed, plain},
    error::{Error, Result},
    value::{Row, SqlType, Value},
};
use sqlx::{
    Column as _, Decode, MySql, Row as _, ValueRef,
    mysql::{self, MySqlValueRef},
};

pub(super) struct MySqlRow<'r> {
    pub(super) row: &'r mysql::MySqlRow,
    pub(super) kinds: &'r [Kind],
}

impl<'r> MySqlRow<'r> {
    fn raw(&self, ordinal: usize) -> Result<MySqlValueRef<'r>> {
        self.row.try_get_raw(ordinal).map_err(|error| malformed("in the result", error))
    }

    fn kind(&self, ordinal: usize) -> Kind {
        self.kinds.get(ordinal).copied().unwrap_or(Kind::Other)
    }

    fn wrong(&self, ordinal: usize, wanted: &str) -> Error {
        reading::wrong(ordinal, self.kind(ordinal).shown(), wanted)
    }

    /// By sqlx, without its check of the column's type: that was made by the kind.
    fn decoded<T: Decode<'r, MySql>>(&self, ordinal: usize, what: &str) -> Result<T> {
        T::decode(self.raw(ordinal)?).map_err(|error| malformed(what, error))
    }

    /// The text of a decimal, and of what is text.
    fn str(&self, ordinal: usize) -> Result<&'r str> {
        self.decoded(ordinal, "UTF-8 text")
    }

    fn unsigned(&self, ordinal: usize) -> Result<u64> {
        match self.kind(ordinal) {
            Kind::Unsigned | Kind::Bit => self.decoded(ordinal, "an integer"),
            _ => self.i64(ordinal).map(|number| number as u64),
        }
    }
}

impl Row for MySqlRow<'_> {
    fn is_null(&self, ordinal: usize) -> bool {
        self.row.try_get_raw(ordinal).is_ok_and(|value| value.is_null())
    }

    fn i64(&self, ordinal: usize) -> Result<i64> {
        match self.kind(ordinal) {
            Kind::Signed => self.decoded(ordinal, "an integer"),
            Kind::Unsigned | Kind::Bit => self.unsigned(ordinal).map(|bits| bits as i64),
            // What `SUM` of integers gives.
            Kind::Decimal => whole(self.str(ordinal)?),
            _ => Err(self.wrong(ordinal, "an integer")),
        }
    }

    fn f64(&self, ordinal: usize) -> Result<f64> {
        match self.kind(ordinal) {
            Kind::Float => self.decoded(ordinal, "a number"),
            Kind::Decimal => self.str(ordinal)?.parse().map_err(|error| malformed("a number", error)),
            Kind::Signed => self.i64(ordinal).map(|number| number as f64),
            Kind::Unsigned => self.unsigned(ordinal).map(|number| number as f64),
            _ => Err(self.wrong(ordinal, "a number")),
        }
    }

    fn bool(&self, ordinal: usize) -> Result<bool> {
        self.i64(ordinal).map(|number| number != 0)
    }

    fn text(&self, ordinal: usize) -> Result<&str> {
        match self.kind(ordinal) {
            // Text of a binary collation is told as bytes.
            Kind::Text | Kind::Json | Kind::Bytes => self.str(ordinal),
            _ => Err(self.wrong(ordinal, "a text")),
        }
    }

    fn bytes(&self, ordinal: usize) -> Result<&[u8]> {
        match self.kind(ordinal) {
            Kind::Bytes | Kind::Text | Kind::Json => self.decoded(ordinal, "bytes"),
            _ => Err(self.wrong(ordinal, "bytes")),
        }
    }

    fn names(&self) -> Vec<String> {
        self.row.columns().iter().map(|column| column.name().to_owned()).collect()
    }

    fn ordinal_of(&self, name: &str) -> Option<usize> {
        self.row.columns().iter().position(|column| column.name() == name)
    }

    fn value(&self, ordinal: usize, sql_type: SqlType) -> Result<Value> {
        if let Some(value) = plain(self, ordinal, sql_type)? {
            return Ok(value);
        }
        match sql_type {
            #[cfg(feature = "rust_decimal")]
            SqlType::Decimal => Ok(Value::Decimal(Some(self.decimal(ordinal)?))),
            #[cfg(feature = "uuid")]
            SqlType::Uuid => Ok(Value::Uuid(Some(self.uuid(ordinal)?))),
            #[cfg(feature = "json")]
            SqlType::Json => Ok(Value::Json(Some(Box::new(self.json(ordinal)?)))),
            #[cfg(feature = "chrono")]
            SqlType::ChronoDate | SqlType::ChronoTime | SqlType::ChronoDateTime | SqlType::ChronoDateTimeUtc => {
                self.chrono(ordinal, sql_type)
            }
            #[cfg(feature = "time")]
            SqlType::TimeDate | SqlType::TimeTime | SqlType::TimePrimitiveDateTime | SqlType::TimeOffsetDateTime => {
                self.time(ordinal, sql_type)
            }
            other => Err(reading::unread(other)),
        }
    }
}

/// The integer of a decimal such as `6` or `6.000`.
fn whole(text: &str) -> Result<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.bytes().any(|digit| digit != b'0') {
        return Err(malformed("a whole number", text));
    }
    whole.parse().map_err(|error| malformed("an integer of 64 bits", error))
}

#[cfg(feature = "rust_decimal")]
impl MySqlRow<'_> {
    fn decimal(&self, ordinal: usize) -> Result<rust_decimal::Decimal> {
        match self.kind(ordinal) {
            Kind::Decimal => self.str(ordinal)?.parse().map_err(|error| malformed("a decimal of 28 digits", error)),
            Kind::Signed => self.i64(ordinal).map(rust_decimal::Decimal::from),
            Kind::Unsigned => self.unsigned(ordinal).map(rust_decimal::Decimal::from),
            Kind::Float => self.f64(ordinal)?.try_into().map_err(|error| malformed("a decimal of 28 digits", error)),
            _ => Err(self.wrong(ordinal, "a decimal")),
        }
    }
}

#[cfg(feature = "uuid")]
impl MySqlRow<'_> {
    fn uuid(&self, ordinal: usize) -> Result<uuid::Uuid> {
        let parsed = match self.kind(ordinal) {
            Kind::Bytes => uuid::Uuid::from_slice(self.bytes(ordinal)?),
            // MariaDB's own type UUID is told as text.
            Kind::Text => uuid::Uuid::parse_str(self.str(ordinal)?),
            _ => return Err(self.wrong(ordinal, "a UUID")),
        };
        parsed.map_err(|error| malformed("a UUID", error))
    }
}

#[cfg(feature = "json")]
impl MySqlRow<'_> {
    fn json(&self, ordinal: usize) -> Result<serde_json::Value> {
        let text = self.text(ordinal).map_err(|_| self.wrong(ordinal, "JSON"))?;
        serde_json::from_str(text).map_err(|error| malformed("JSON", error))
    }
}

#[cfg(feature = "chrono")]
impl MySqlRow<'_> {
    fn chrono(&self, ordinal: usize, sql_type: SqlType) -> Result<Value> {
        Ok(match (sql_type, self.kind(ordinal)) {
            (SqlType::ChronoDate, Kind::Date) => Value::ChronoDate(Some(self.decoded(ordinal, "a date")?)),
            (SqlType::ChronoTime, Kind::Time) => Value::ChronoTime(Some(self.decoded(ordinal, "a time of day")?)),
            (SqlType::ChronoDateTime, Kind::DateTime) => {
                Value::ChronoDateTime(Some(self.decoded(ordinal, "a date and a time")?))
            }
            (SqlType::ChronoDateTimeUtc, Kind::DateTime) => {
                Value::ChronoDateTimeUtc(Some(self.decoded(ordinal, "a date and a time")?))
            }
            _ => return Err(self.wrong(ordinal, "a date or time")),
        })
    }
}

#[cfg(feature = "time")]
impl MySqlRow<'_> {
    fn time(&self, ordinal: usize, sql_type: SqlType) -> Result<Value> {
        Ok(match (sql_type, self.kind(ordinal)) {
            (SqlType::TimeDate, Kind::Date) => Value::TimeDate(Some(self.decoded(ordinal, "a date")?)),
            (SqlType::TimeTime, Kind::Time) => Value::TimeTime(Some(self.decoded(ordinal, "a time of day")?)),
            (SqlType::TimePrimitiveDateTime, Kind::DateTime) => {
                Value::TimeDateTime(Some(self.decoded(ordinal, "a date and a time")?))
            }
            (SqlType::TimeOffsetDateTime, Kind::DateTime) => {
                Value::TimeDateTimeWithTimeZone(Some(self.decoded(ordinal, "a date and a time")?))
            }
            _ => return Err(self.wrong(ordinal, "a date or time")),
        })
    }
}
