//! Arrays, for `= ANY($1)` and `unnest($1, …)`.
use super::bind::{push, unsupported};
use crate::{
    error::{Error, Result},
    value::Value,
};
use sea_query::ArrayType;
use sqlx::postgres::PgArguments;

/// Binds `Option<Vec<Option<T>>>`, each element by the expression.
macro_rules! bind_array {
    ($arguments:ident, $elements:ident, $variant:ident => $type:ty, |$v:ident| $convert:expr) => {{
        let read = |element| match element {
            &Value::$variant(ref $v) => Ok($convert),
            other => Err(mixed(other, stringify!($variant))),
        };
        let elements: Option<Vec<Option<$type>>> =
            $elements.map(|elements| elements.iter().map(read).collect::<Result<_>>()).transpose()?;
        push($arguments, elements)
    }};
}

pub(super) fn add(arguments: &mut PgArguments, of: &ArrayType, elements: Option<&[Value]>) -> Result<()> {
    match of {
        ArrayType::Bool => bind_array!(arguments, elements, Bool => bool, |v| *v),
        ArrayType::TinyInt => bind_array!(arguments, elements, TinyInt => i16, |v| v.map(i16::from)),
        ArrayType::SmallInt => bind_array!(arguments, elements, SmallInt => i16, |v| *v),
        ArrayType::Int => bind_array!(arguments, elements, Int => i32, |v| *v),
        ArrayType::BigInt => bind_array!(arguments, elements, BigInt => i64, |v| *v),
        ArrayType::TinyUnsigned => bind_array!(arguments, elements, TinyUnsigned => i16, |v| v.map(i16::from)),
        ArrayType::SmallUnsigned => bind_array!(arguments, elements, SmallUnsigned => i32, |v| v.map(i32::from)),
        ArrayType::Unsigned => bind_array!(arguments, elements, Unsigned => i64, |v| v.map(i64::from)),
        ArrayType::BigUnsigned => bind_array!(arguments, elements, BigUnsigned => i64, |v| v.map(|v| v as i64)),
        ArrayType::Float => bind_array!(arguments, elements, Float => f32, |v| *v),
        ArrayType::Double => bind_array!(arguments, elements, Double => f64, |v| *v),
        ArrayType::String => bind_array!(arguments, elements, String => &str, |v| v.as_deref()),
        ArrayType::Bytes => bind_array!(arguments, elements, Bytes => &[u8], |v| v.as_deref()),
        other => add_rich(arguments, other, elements),
    }
}

/// The types of other crates.
fn add_rich(arguments: &mut PgArguments, of: &ArrayType, elements: Option<&[Value]>) -> Result<()> {
    let _ = &arguments;
    match of {
        #[cfg(feature = "uuid")]
        ArrayType::Uuid => bind_array!(arguments, elements, Uuid => uuid::Uuid, |v| *v),
        #[cfg(feature = "json")]
        ArrayType::Json => bind_array!(arguments, elements, Json => &serde_json::Value, |v| v.as_deref()),
        #[cfg(feature = "rust_decimal")]
        ArrayType::Decimal => bind_array!(arguments, elements, Decimal => rust_decimal::Decimal, |v| *v),
        #[cfg(feature = "chrono")]
        ArrayType::ChronoDate => bind_array!(arguments, elements, ChronoDate => chrono::NaiveDate, |v| *v),
        #[cfg(feature = "chrono")]
        ArrayType::ChronoTime => bind_array!(arguments, elements, ChronoTime => chrono::NaiveTime, |v| *v),
        #[cfg(feature = "chrono")]
        ArrayType::ChronoDateTime => bind_array!(arguments, elements, ChronoDateTime => chrono::NaiveDateTime, |v| *v),
        #[cfg(feature = "chrono")]
        ArrayType::ChronoDateTimeUtc => {
            bind_array!(arguments, elements, ChronoDateTimeUtc => chrono::DateTime<chrono::Utc>, |v| *v)
        }
        #[cfg(feature = "time")]
        ArrayType::TimeDate => bind_array!(arguments, elements, TimeDate => time::Date, |v| *v),
        #[cfg(feature = "time")]
        ArrayType::TimeTime => bind_array!(arguments, elements, TimeTime => time::Time, |v| *v),
        #[cfg(feature = "time")]
        ArrayType::TimeDateTime => bind_array!(arguments, elements, TimeDateTime => time::PrimitiveDateTime, |v| *v),
        #[cfg(feature = "time")]
        ArrayType::TimeDateTimeWithTimeZone => {
            bind_array!(arguments, elements, TimeDateTimeWithTimeZone => time::OffsetDateTime, |v| *v)
        }
        other => Err(unsupported(&Value::Array(other.clone(), elements.map(|_| Box::default())))),
    }
}

fn mixed(element: &Value, wanted: &str) -> Error {
    Error::usage(format!("an array of {wanted} holds {element:?}: all elements of an array are of one type"))
}
