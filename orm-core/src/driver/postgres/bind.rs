//! Values in the types of PostgreSQL, the same for a null and a number of one variant: statements are cached by text alone.
//!
//! There are no unsigned integers and none of 8 bits: each goes into the next wider type, `u64` by its bits.
use super::array;
use crate::{
    error::{Error, Kind, Result},
    value::Value,
};
use sqlx::{Arguments as _, Encode, Postgres, Type, postgres::PgArguments};

pub(super) fn arguments(values: &[Value]) -> Result<PgArguments> {
    let mut arguments = PgArguments::default();
    arguments.reserve(values.len(), values.len() * 16);
    for value in values {
        add(&mut arguments, value)?;
    }
    Ok(arguments)
}

pub(super) fn push<'v, T: Encode<'v, Postgres> + Type<Postgres>>(arguments: &mut PgArguments, value: T) -> Result<()> {
    arguments.add(value).map_err(|error| {
        let message = format!("a value cannot be sent to PostgreSQL: {error}");
        Error::with_source(Kind::Unsupported, message, error)
    })
}

fn add(arguments: &mut PgArguments, value: &Value) -> Result<()> {
    match value {
        Value::Bool(v) => push(arguments, *v),
        Value::TinyInt(v) => push(arguments, v.map(i16::from)),
        Value::SmallInt(v) => push(arguments, *v),
        Value::Int(v) => push(arguments, *v),
        Value::BigInt(v) => push(arguments, *v),
        Value::TinyUnsigned(v) => push(arguments, v.map(i16::from)),
        Value::SmallUnsigned(v) => push(arguments, v.map(i32::from)),
        Value::Unsigned(v) => push(arguments, v.map(i64::from)),
        Value::BigUnsigned(v) => push(arguments, v.map(|v| v as i64)),
        Value::Float(v) => push(arguments, *v),
        Value::Double(v) => push(arguments, *v),
        Value::String(v) => push(arguments, v.as_deref()),
        Value::Char(v) => push(arguments, v.map(String::from)),
        Value::Bytes(v) => push(arguments, v.as_deref()),
        Value::Array(of, elements) => array::add(arguments, of, elements.as_deref().map(Vec::as_slice)),
        other => add_rich(arguments, other),
    }
}

/// The types of other crates.
fn add_rich(arguments: &mut PgArguments, value: &Value) -> Result<()> {
    let _ = &arguments;
    match value {
        #[cfg(feature = "uuid")]
        Value::Uuid(v) => push(arguments, *v),
        #[cfg(feature = "json")]
        Value::Json(v) => push(arguments, v.as_deref()),
        #[cfg(feature = "rust_decimal")]
        Value::Decimal(v) => push(arguments, *v),
        #[cfg(feature = "chrono")]
        Value::ChronoDate(v) => push(arguments, *v),
        #[cfg(feature = "chrono")]
        Value::ChronoTime(v) => push(arguments, *v),
        #[cfg(feature = "chrono")]
        Value::ChronoDateTime(v) => push(arguments, *v),
        #[cfg(feature = "chrono")]
        Value::ChronoDateTimeUtc(v) => push(arguments, *v),
        #[cfg(feature = "time")]
        Value::TimeDate(v) => push(arguments, *v),
        #[cfg(feature = "time")]
        Value::TimeTime(v) => push(arguments, *v),
        #[cfg(feature = "time")]
        Value::TimeDateTime(v) => push(arguments, *v),
        #[cfg(feature = "time")]
        Value::TimeDateTimeWithTimeZone(v) => push(arguments, *v),
        other => Err(unsupported(other)),
    }
}

pub(super) fn unsupported(value: &Value) -> Error {
    let debug = format!("{:?}", value.as_null());
    let variant = debug.split(['(', ' ']).next().unwrap_or_default();
    Error::new(Kind::Unsupported, format!("a value of the kind `{variant}` cannot be sent to PostgreSQL"))
}
