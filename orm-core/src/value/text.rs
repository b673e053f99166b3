//! Values as text and back, for what leaves the program and comes back: cursors of pages.
use super::{SqlType, Value};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// A value as text that [`from_text`] reads back exactly; `None` for a null, and for types that have no order (JSON).
pub(crate) fn to_text(value: &Value) -> Option<String> {
    match value {
        Value::Bool(v) => v.map(|v| v.to_string()),
        Value::TinyInt(v) => v.map(|v| v.to_string()),
        Value::SmallInt(v) => v.map(|v| v.to_string()),
        Value::Int(v) => v.map(|v| v.to_string()),
        Value::BigInt(v) => v.map(|v| v.to_string()),
        Value::TinyUnsigned(v) => v.map(|v| v.to_string()),
        Value::SmallUnsigned(v) => v.map(|v| v.to_string()),
        Value::Unsigned(v) => v.map(|v| v.to_string()),
        Value::BigUnsigned(v) => v.map(|v| v.to_string()),
        Value::Float(v) => v.map(|v| v.to_string()),
        Value::Double(v) => v.map(|v| v.to_string()),
        Value::String(v) => v.clone(),
        Value::Bytes(v) => v.as_ref().map(|v| BASE64_URL_SAFE_NO_PAD.encode(v)),
        #[cfg(feature = "rust_decimal")]
        Value::Decimal(v) => v.map(|v| v.to_string()),
        #[cfg(feature = "uuid")]
        Value::Uuid(v) => v.map(|v| v.to_string()),
        #[cfg(feature = "chrono")]
        Value::ChronoDate(v) => v.map(|v| format!("{v:?}")),
        #[cfg(feature = "chrono")]
        Value::ChronoTime(v) => v.map(|v| format!("{v:?}")),
        #[cfg(feature = "chrono")]
        Value::ChronoDateTime(v) => v.map(|v| format!("{v:?}")),
        #[cfg(feature = "chrono")]
        Value::ChronoDateTimeUtc(v) => v.map(|v| format!("{v:?}")),
        #[cfg(feature = "time")]
        Value::TimeDate(v) => v.map(|v| v.to_julian_day().to_string()),
        #[cfg(feature = "time")]
        Value::TimeTime(v) => v.map(|v| v.duration_since(::time::Time::MIDNIGHT).whole_nanoseconds().to_string()),
        #[cfg(feature = "time")]
        Value::TimeDateTime(v) => v.map(|v| v.assume_utc().unix_timestamp_nanos().to_string()),
        #[cfg(feature = "time")]
        Value::TimeDateTimeWithTimeZone(v) => v.map(|v| v.unix_timestamp_nanos().to_string()),
        _ => None,
    }
}

/// Whether values of the type are written as text, and have an order.
pub(crate) fn has_text(sql_type: SqlType) -> bool {
    match sql_type {
        #[cfg(feature = "json")]
        SqlType::Json => false,
        _ => true,
    }
}

/// The value of that type whose text it is, if there is one.
pub(crate) fn from_text(sql_type: SqlType, text: &str) -> Option<Value> {
    Some(match sql_type {
        SqlType::Bool => Value::Bool(Some(text.parse().ok()?)),
        SqlType::I8 => Value::TinyInt(Some(text.parse().ok()?)),
        SqlType::I16 => Value::SmallInt(Some(text.parse().ok()?)),
        SqlType::I32 => Value::Int(Some(text.parse().ok()?)),
        SqlType::I64 => Value::BigInt(Some(text.parse().ok()?)),
        SqlType::U8 => Value::TinyUnsigned(Some(text.parse().ok()?)),
        SqlType::U16 => Value::SmallUnsigned(Some(text.parse().ok()?)),
        SqlType::U32 => Value::Unsigned(Some(text.parse().ok()?)),
        SqlType::U64 => Value::BigUnsigned(Some(text.parse().ok()?)),
        SqlType::F32 => Value::Float(Some(text.parse().ok()?)),
        SqlType::F64 => Value::Double(Some(text.parse().ok()?)),
        SqlType::Text => Value::String(Some(text.to_owned())),
        SqlType::Bytes => Value::Bytes(Some(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?)),
        #[cfg(feature = "rust_decimal")]
        SqlType::Decimal => Value::Decimal(Some(text.parse().ok()?)),
        #[cfg(feature = "uuid")]
        SqlType::Uuid => Value::Uuid(Some(text.parse().ok()?)),
        #[cfg(feature = "json")]
        SqlType::Json => return None,
        #[cfg(feature = "chrono")]
        SqlType::ChronoDate => Value::ChronoDate(Some(text.parse().ok()?)),
        #[cfg(feature = "chrono")]
        SqlType::ChronoTime => Value::ChronoTime(Some(text.parse().ok()?)),
        #[cfg(feature = "chrono")]
        SqlType::ChronoDateTime => Value::ChronoDateTime(Some(text.parse().ok()?)),
        #[cfg(feature = "chrono")]
        SqlType::ChronoDateTimeUtc => Value::ChronoDateTimeUtc(Some(text.parse().ok()?)),
        #[cfg(feature = "time")]
        SqlType::TimeDate => Value::TimeDate(Some(::time::Date::from_julian_day(text.parse().ok()?).ok()?)),
        #[cfg(feature = "time")]
        SqlType::TimeTime => {
            let since = ::time::Duration::nanoseconds(text.parse().ok()?);
            Value::TimeTime(Some(::time::Time::MIDNIGHT + since))
        }
        #[cfg(feature = "time")]
        SqlType::TimePrimitiveDateTime => {
            let point = ::time::OffsetDateTime::from_unix_timestamp_nanos(text.parse().ok()?).ok()?;
            Value::TimeDateTime(Some(::time::PrimitiveDateTime::new(point.date(), point.time())))
        }
        #[cfg(feature = "time")]
        SqlType::TimeOffsetDateTime => {
            let point = ::time::OffsetDateTime::from_unix_timestamp_nanos(text.parse().ok()?).ok()?;
            Value::TimeDateTimeWithTimeZone(Some(point))
        }
    })
}
