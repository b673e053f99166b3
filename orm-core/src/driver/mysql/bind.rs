//! Values in the types of MySQL, the same for a null and a number of one variant.
use crate::{
    error::{Error, Kind, Result},
    value::Value,
};
use sqlx::{Arguments as _, Encode, MySql, Type, mysql::MySqlArguments};

pub(super) fn arguments(values: &[Value]) -> Result<MySqlArguments> {
    let mut arguments = MySqlArguments::default();
    arguments.reserve(values.len(), values.len() * 16);
    for value in values {
        add(&mut arguments, value)?;
    }
    Ok(arguments)
}

fn push<'v, T: Encode<'v, MySql> + Type<MySql>>(arguments: &mut MySqlArguments, value: T) -> Result<()> {
    arguments.add(value).map_err(|error| {
        let message = format!("a value cannot be sent to MySQL: {error}");
        Error::with_source(Kind::Unsupported, message, error)
    })
}

fn add(arguments: &mut MySqlArguments, value: &Value) -> Result<()> {
    match value {
        Value::Bool(v) => push(arguments, *v),
        Value::TinyInt(v) => push(arguments, *v),
        Value::SmallInt(v) => push(arguments, *v),
        Value::Int(v) => push(arguments, *v),
        Value::BigInt(v) => push(arguments, *v),
        Value::TinyUnsigned(v) => push(arguments, *v),
        Value::SmallUnsigned(v) => push(arguments, *v),
        Value::Unsigned(v) => push(arguments, *v),
        Value::BigUnsigned(v) => push(arguments, *v),
        Value::Float(v) => push(arguments, finite(*v, f32::is_finite)?),
        Value::Double(v) => push(arguments, finite(*v, f64::is_finite)?),
        Value::String(v) => push(arguments, v.as_deref()),
        Value::Char(v) => push(arguments, v.map(String::from)),
        Value::Bytes(v) => push(arguments, v.as_deref()),
        other => add_rich(arguments, other),
    }
}

/// MySQL has no such numbers, and not all versions say so.
fn finite<T: Copy>(value: Option<T>, is_finite: impl Fn(T) -> bool) -> Result<Option<T>> {
    match value {
        Some(number) if !is_finite(number) => Err(Error::new(
            Kind::Unsupported,
            "MySQL can store neither NaN nor infinity: use an `Option`, and `None` for it",
        )),
        value => Ok(value),
    }
}

/// The types of other crates.
fn add_rich(arguments: &mut MySqlArguments, value: &Value) -> Result<()> {
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

fn unsupported(value: &Value) -> Error {
    let debug = format!("{:?}", value.as_null());
    let variant = debug.split(['(', ' ']).next().unwrap_or_default();
    Error::new(Kind::Unsupported, format!("a value of the kind `{variant}` cannot be sent to MySQL"))
}
