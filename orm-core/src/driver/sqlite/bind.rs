//! Values as SQLite stores them: integers, reals, text, bytes.
use crate::{
    error::{Error, Kind, Result},
    value::{Lent, Value},
};
use orm_sqlite::Bound;

/// The value as it is bound. SQLite has no unsigned integers: of those the bits are kept.
pub(super) fn bound(value: &Value) -> Result<Bound<'_>> {
    lent(Lent::of(value))
}

/// The same for a value of a set.
pub(super) fn lent(value: Lent<'_>) -> Result<Bound<'_>> {
    match value {
        Lent::Null => Ok(Bound::Null),
        Lent::Integer(number) => Ok(Bound::Integer(number)),
        Lent::Real(number) => real(number),
        Lent::Text(text) => Ok(Bound::Text(text)),
        Lent::Bytes(bytes) => Ok(Bound::Blob(bytes)),
        Lent::Other(value) => rich(value),
    }
}

/// Values that SQLite has no type for, most of them of other crates.
fn rich(value: &Value) -> Result<Bound<'_>> {
    match value {
        Value::Char(v) => Ok(text(v.map(String::from))),
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

fn real(value: f64) -> Result<Bound<'static>> {
    if value.is_nan() {
        return Err(Error::new(Kind::Unsupported, "SQLite stores NaN as null: use an `Option`, and `None` for it"));
    }
    Ok(Bound::Real(value))
}

fn text(value: Option<String>) -> Bound<'static> {
    value.map_or(Bound::Null, Bound::Made)
}
