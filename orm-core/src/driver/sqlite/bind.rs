//! Values as SQLite stores them: integers, reals, text, bytes.
use crate::{
    error::{Error, Kind, Result},
    value::{Lent, Value},
};
use orm_sqlite::Bound;

/// The value as it is bound.
pub(super) fn bound(value: &Value) -> Result<Bound<'_>> {
    Ok(match value {
        Value::Bool(v) => integer(v.map(i64::from)),
        Value::TinyInt(v) => integer(v.map(i64::from)),
        Value::SmallInt(v) => integer(v.map(i64::from)),
        Value::Int(v) => integer(v.map(i64::from)),
        Value::BigInt(v) => integer(*v),
        Value::TinyUnsigned(v) => integer(v.map(i64::from)),
        Value::SmallUnsigned(v) => integer(v.map(i64::from)),
        Value::Unsigned(v) => integer(v.map(i64::from)),
        // SQLite has no unsigned integers: the bits are kept.
        Value::BigUnsigned(v) => integer(v.map(|v| v as i64)),
        Value::Float(v) => real(v.map(f64::from))?,
        Value::Double(v) => real(*v)?,
        Value::String(v) => v.as_deref().map_or(Bound::Null, Bound::Text),
        Value::Char(v) => text(v.map(String::from)),
        Value::Bytes(v) => v.as_deref().map_or(Bound::Null, Bound::Blob),
        other => return rich(other),
    })
}

/// The same for a value of a set.
pub(super) fn lent(value: Lent<'_>) -> Result<Bound<'_>> {
    Ok(match value {
        Lent::Null => Bound::Null,
        Lent::Integer(number) => Bound::Integer(number),
        Lent::Real(number) => return real(Some(number)),
        Lent::Text(text) => Bound::Text(text),
        Lent::Bytes(bytes) => Bound::Blob(bytes),
        Lent::Other(value) => return bound(value),
    })
}

/// The types of other crates.
fn rich(value: &Value) -> Result<Bound<'_>> {
    match value {
        #[cfg(feature = "uuid")]
        Value::Uuid(v) => Ok(v.as_ref().map_or(Bound::Null, |v| Bound::Blob(v.as_bytes()))),
        #[cfg(feature = "json")]
        Value::Json(v) => Ok(text(v.as_ref().map(|v| v.to_string()))),
        #[cfg(feature = "rust_decimal")]
        Value::Decimal(v) => Ok(v.map(super::decimal::bound).transpose()?.unwrap_or(Bound::Null)),
        #[cfg(feature = "chrono")]
        Value::ChronoDate(_) | Value::ChronoTime(_) | Value::ChronoDateTime(_) | Value::ChronoDateTimeUtc(_) => {
            super::iso::chrono::text(value).map(text)
        }
        #[cfg(feature = "time")]
        Value::TimeDate(_) | Value::TimeTime(_) | Value::TimeDateTime(_) | Value::TimeDateTimeWithTimeZone(_) => {
            super::iso::time::text(value).map(text)
        }
        other => Err(unsupported(other)),
    }
}

fn unsupported(value: &Value) -> Error {
    let debug = format!("{:?}", value.as_null());
    let variant = debug.split(['(', ' ']).next().unwrap_or_default();
    Error::new(Kind::Unsupported, format!("SQLite has no type for a value of the kind `{variant}`"))
}

fn integer(value: Option<i64>) -> Bound<'static> {
    value.map_or(Bound::Null, Bound::Integer)
}

fn real(value: Option<f64>) -> Result<Bound<'static>> {
    match value {
        Some(value) if value.is_nan() => {
            Err(Error::new(Kind::Unsupported, "SQLite stores NaN as null: use an `Option`, and `None` for it"))
        }
        value => Ok(value.map_or(Bound::Null, Bound::Real)),
    }
}

fn text(value: Option<String>) -> Bound<'static> {
    value.map_or(Bound::Null, Bound::Made)
}
