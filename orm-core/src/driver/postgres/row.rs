//! A row of PostgreSQL: binary values, read by the kinds that were found for its statement.
use super::{columns::Kind, numeric};
use crate::{
    driver::reading::{self, malformed, plain},
    error::{Error, Result},
    value::{Row, SqlType, Value},
};
use sqlx::{
    Column as _, Row as _, ValueRef,
    postgres::{PgRow, PgValueRef},
};

pub(super) struct PostgresRow<'r> {
    pub(super) row: &'r PgRow,
    pub(super) kinds: &'r [Kind],
}

impl<'r> PostgresRow<'r> {
    fn raw(&self, ordinal: usize) -> Result<PgValueRef<'r>> {
        self.row.try_get_raw(ordinal).map_err(|error| malformed("in the result", error))
    }

    fn stored(&self, ordinal: usize) -> Result<&'r [u8]> {
        self.raw(ordinal)?.as_bytes().map_err(|error| malformed("there: it is null", error))
    }

    fn kind(&self, ordinal: usize) -> Kind {
        self.kinds.get(ordinal).copied().unwrap_or(Kind::Other)
    }

    fn wrong(&self, ordinal: usize, wanted: &str) -> Error {
        reading::wrong(ordinal, self.kind(ordinal).shown(), wanted)
    }

    fn fixed<const N: usize>(&self, ordinal: usize) -> Result<[u8; N]> {
        self.stored(ordinal)?.try_into().map_err(|error| malformed("of its type's length", error))
    }

    /// A numeric as text.
    fn numeric(&self, ordinal: usize) -> Result<String> {
        numeric::text(self.stored(ordinal)?).ok_or_else(|| malformed("a numeric", "its binary form is unknown"))
    }

    fn str(&self, ordinal: usize) -> Result<&'r str> {
        std::str::from_utf8(self.stored(ordinal)?).map_err(|error| malformed("UTF-8 text", error))
    }
}

impl Row for PostgresRow<'_> {
    fn is_null(&self, ordinal: usize) -> bool {
        self.row.try_get_raw(ordinal).is_ok_and(|value| value.is_null())
    }

    fn i64(&self, ordinal: usize) -> Result<i64> {
        match self.kind(ordinal) {
            Kind::Int8 => self.fixed(ordinal).map(i64::from_be_bytes),
            Kind::Int4 => self.fixed(ordinal).map(|bytes| i32::from_be_bytes(bytes).into()),
            Kind::Int2 => self.fixed(ordinal).map(|bytes| i16::from_be_bytes(bytes).into()),
            Kind::Oid => self.fixed(ordinal).map(|bytes| u32::from_be_bytes(bytes).into()),
            // What `sum` of integers gives.
            Kind::Numeric => whole(&self.numeric(ordinal)?),
            _ => Err(self.wrong(ordinal, "an integer")),
        }
    }

    fn f64(&self, ordinal: usize) -> Result<f64> {
        match self.kind(ordinal) {
            Kind::Float8 => self.fixed(ordinal).map(f64::from_be_bytes),
            Kind::Float4 => self.fixed(ordinal).map(|bytes| f32::from_be_bytes(bytes).into()),
            Kind::Numeric => self.numeric(ordinal)?.parse().map_err(|error| malformed("a number", error)),
            Kind::Int2 | Kind::Int4 | Kind::Int8 => self.i64(ordinal).map(|number| number as f64),
            _ => Err(self.wrong(ordinal, "a number")),
        }
    }

    fn bool(&self, ordinal: usize) -> Result<bool> {
        match self.kind(ordinal) {
            Kind::Bool => self.fixed(ordinal).map(|[byte]: [u8; 1]| byte != 0),
            Kind::Int2 | Kind::Int4 | Kind::Int8 => self.i64(ordinal).map(|number| number != 0),
            _ => Err(self.wrong(ordinal, "a boolean")),
        }
    }

    fn text(&self, ordinal: usize) -> Result<&str> {
        match self.kind(ordinal) {
            Kind::Text | Kind::Other | Kind::Json => self.str(ordinal),
            Kind::Jsonb => Ok(self.str(ordinal)?.get(1..).unwrap_or_default()),
            _ => Err(self.wrong(ordinal, "a text")),
        }
    }

    fn bytes(&self, ordinal: usize) -> Result<&[u8]> {
        match self.kind(ordinal) {
            Kind::Bytes | Kind::Text | Kind::Uuid | Kind::Other => self.stored(ordinal),
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

/// The integer of a numeric such as `6` or `6.000`.
fn whole(text: &str) -> Result<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.bytes().any(|digit| digit != b'0') {
        return Err(malformed("a whole number", text));
    }
    whole.parse().map_err(|error| malformed("an integer of 64 bits", error))
}

#[cfg(feature = "rust_decimal")]
impl PostgresRow<'_> {
    fn decimal(&self, ordinal: usize) -> Result<rust_decimal::Decimal> {
        match self.kind(ordinal) {
            Kind::Numeric => self.numeric(ordinal)?.parse().map_err(|error| malformed("a decimal of 28 digits", error)),
            Kind::Int2 | Kind::Int4 | Kind::Int8 => self.i64(ordinal).map(rust_decimal::Decimal::from),
            Kind::Float4 | Kind::Float8 => {
                self.f64(ordinal)?.try_into().map_err(|error| malformed("a decimal of 28 digits", error))
            }
            _ => Err(self.wrong(ordinal, "a decimal")),
        }
    }
}

#[cfg(feature = "uuid")]
impl PostgresRow<'_> {
    fn uuid(&self, ordinal: usize) -> Result<uuid::Uuid> {
        match self.kind(ordinal) {
            Kind::Uuid => self.fixed(ordinal).map(uuid::Uuid::from_bytes),
            Kind::Bytes => uuid::Uuid::from_slice(self.stored(ordinal)?).map_err(|error| malformed("a UUID", error)),
            Kind::Text => uuid::Uuid::parse_str(self.str(ordinal)?).map_err(|error| malformed("a UUID", error)),
            _ => Err(self.wrong(ordinal, "a UUID")),
        }
    }
}

#[cfg(feature = "json")]
impl PostgresRow<'_> {
    fn json(&self, ordinal: usize) -> Result<serde_json::Value> {
        let text = self.text(ordinal).map_err(|_| self.wrong(ordinal, "JSON"))?;
        serde_json::from_str(text).map_err(|error| malformed("JSON", error))
    }
}

#[cfg(any(feature = "chrono", feature = "time"))]
impl PostgresRow<'_> {
    fn days(&self, ordinal: usize) -> Result<i32> {
        match self.kind(ordinal) {
            Kind::Date => self.fixed(ordinal).map(i32::from_be_bytes),
            _ => Err(self.wrong(ordinal, "a date")),
        }
    }

    fn micros(&self, ordinal: usize, kind: Kind) -> Result<i64> {
        if self.kind(ordinal) == kind {
            return self.fixed(ordinal).map(i64::from_be_bytes);
        }
        Err(self.wrong(ordinal, if kind == Kind::Time { "a time" } else { "a date and a time" }))
    }
}

#[cfg(feature = "chrono")]
impl PostgresRow<'_> {
    fn chrono(&self, ordinal: usize, sql_type: SqlType) -> Result<Value> {
        use super::moment::chrono;
        let moment = || self.micros(ordinal, Kind::Timestamp).map(chrono::timestamp);
        let value = match sql_type {
            SqlType::ChronoDate => chrono::date(self.days(ordinal)?).map(|v| Value::ChronoDate(Some(v))),
            SqlType::ChronoTime => chrono::time(self.micros(ordinal, Kind::Time)?).map(|v| Value::ChronoTime(Some(v))),
            SqlType::ChronoDateTime => moment()?.map(|v| Value::ChronoDateTime(Some(v))),
            _ => moment()?.map(|v| Value::ChronoDateTimeUtc(Some(v.and_utc()))),
        };
        value.ok_or_else(|| malformed("a date or time that chrono can hold", "it is out of range, or infinite"))
    }
}

#[cfg(feature = "time")]
impl PostgresRow<'_> {
    fn time(&self, ordinal: usize, sql_type: SqlType) -> Result<Value> {
        use super::moment::time;
        let moment = || self.micros(ordinal, Kind::Timestamp).map(time::timestamp);
        let value = match sql_type {
            SqlType::TimeDate => time::date(self.days(ordinal)?).map(|v| Value::TimeDate(Some(v))),
            SqlType::TimeTime => time::time(self.micros(ordinal, Kind::Time)?).map(|v| Value::TimeTime(Some(v))),
            SqlType::TimePrimitiveDateTime => moment()?.map(|v| Value::TimeDateTime(Some(v))),
            _ => moment()?.map(|v| Value::TimeDateTimeWithTimeZone(Some(v.assume_utc()))),
        };
        value.ok_or_else(|| malformed("a date or time that `time` can hold", "it is out of range, or infinite"))
    }
}
