//! What reading a row has in common in every database.
use crate::{
    error::{Error, Kind, Result},
    value::{Row, SqlType, Value},
};

/// A value, null or not, of a type that the row's own functions read; `None` for the types of other crates.
pub(super) fn plain(row: &dyn Row, ordinal: usize, sql_type: SqlType) -> Result<Option<Value>> {
    Ok(Some(match sql_type {
        _ if row.is_null(ordinal) => sql_type.null(),
        SqlType::Bool => Value::Bool(Some(row.bool(ordinal)?)),
        SqlType::I8 => Value::TinyInt(Some(fitting(row.i64(ordinal)?)?)),
        SqlType::I16 => Value::SmallInt(Some(fitting(row.i64(ordinal)?)?)),
        SqlType::I32 => Value::Int(Some(fitting(row.i64(ordinal)?)?)),
        SqlType::I64 => Value::BigInt(Some(row.i64(ordinal)?)),
        SqlType::U8 => Value::TinyUnsigned(Some(fitting(row.i64(ordinal)?)?)),
        SqlType::U16 => Value::SmallUnsigned(Some(fitting(row.i64(ordinal)?)?)),
        SqlType::U32 => Value::Unsigned(Some(fitting(row.i64(ordinal)?)?)),
        SqlType::U64 => Value::BigUnsigned(Some(row.i64(ordinal)? as u64)),
        SqlType::F32 => Value::Float(Some(row.f64(ordinal)? as f32)),
        SqlType::F64 => Value::Double(Some(row.f64(ordinal)?)),
        SqlType::Text => Value::String(Some(row.text(ordinal)?.to_owned())),
        SqlType::Bytes => Value::Bytes(Some(row.bytes(ordinal)?.to_vec())),
        #[cfg(any(feature = "rust_decimal", feature = "uuid", feature = "json", feature = "chrono", feature = "time"))]
        _ => return Ok(None),
    }))
}

/// The number in a narrower type.
pub(super) fn fitting<N: Copy + std::fmt::Display, T: TryFrom<N>>(number: N) -> Result<T> {
    T::try_from(number).map_err(|_| {
        let wanted = std::any::type_name::<T>();
        Error::new(Kind::Decode, format!("the stored number {number} does not fit into {wanted}"))
    })
}

/// A column that cannot be read as the field wants it.
pub(super) fn wrong(ordinal: usize, stored: &str, wanted: &str) -> Error {
    Error::new(
        Kind::Decode,
        format!("column {} of the result holds {stored}, where the field is {wanted}", ordinal + 1),
    )
}

/// Stored bytes that are not what they should be.
pub(super) fn malformed(wanted: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::with_source(Kind::Decode, format!("the stored value is not {wanted}"), source)
}

/// A type that no driver reads: there is none unless one was forgotten.
pub(super) fn unread(sql_type: SqlType) -> Error {
    Error::new(Kind::Unsupported, format!("{sql_type:?} cannot be read from this database"))
}
