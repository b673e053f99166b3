//! The identity of a row within its table, whatever the types of its key columns.
use super::{SqlType, Value, is_null};
use std::fmt;

/// The values of key columns, comparable and hashable.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// Null, in which case no row is meant.
    Null,
    /// Any integer or boolean; an unsigned 64-bit number by its bits.
    Int(i64),
    /// A text.
    Text(Box<str>),
    /// Bytes, also those of a UUID.
    Bytes(Box<[u8]>),
    /// Several columns, in their order.
    Tuple(Box<[Key]>),
}

impl Key {
    /// Whether any part is null, so that it names no row.
    pub fn has_null(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Int(_) | Self::Text(_) | Self::Bytes(_) => false,
            Self::Tuple(parts) => parts.iter().any(Self::has_null),
        }
    }

    /// The key of several columns; of one, that column's.
    pub fn of(parts: impl IntoIterator<Item = Key>) -> Self {
        let mut parts = parts.into_iter();
        match (parts.next(), parts.next()) {
            (Some(only), None) => only,
            (first, second) => Self::Tuple(first.into_iter().chain(second).chain(parts).collect()),
        }
    }
}

impl From<&Value> for Key {
    fn from(value: &Value) -> Self {
        match value {
            Value::Bool(v) => v.map_or(Self::Null, |v| Self::Int(i64::from(v))),
            Value::TinyInt(v) => v.map_or(Self::Null, |v| Self::Int(i64::from(v))),
            Value::SmallInt(v) => v.map_or(Self::Null, |v| Self::Int(i64::from(v))),
            Value::Int(v) => v.map_or(Self::Null, |v| Self::Int(i64::from(v))),
            Value::BigInt(v) => v.map_or(Self::Null, Self::Int),
            Value::TinyUnsigned(v) => v.map_or(Self::Null, |v| Self::Int(i64::from(v))),
            Value::SmallUnsigned(v) => v.map_or(Self::Null, |v| Self::Int(i64::from(v))),
            Value::Unsigned(v) => v.map_or(Self::Null, |v| Self::Int(i64::from(v))),
            Value::BigUnsigned(v) => v.map_or(Self::Null, |v| Self::Int(v as i64)),
            Value::String(v) => v.as_deref().map_or(Self::Null, |v| Self::Text(v.into())),
            Value::Bytes(v) => v.as_deref().map_or(Self::Null, |v| Self::Bytes(v.into())),
            #[cfg(feature = "uuid")]
            Value::Uuid(v) => v.map_or(Self::Null, |v| Self::Bytes(v.as_bytes().as_slice().into())),
            // Equal decimals are one key, however many zeros they end in.
            #[cfg(feature = "rust_decimal")]
            Value::Decimal(v) => v.map_or(Self::Null, |v| Self::Text(v.normalize().to_string().into())),
            // Dates and the like: their text is canonical. As keys they are rare.
            other if is_null(other) => Self::Null,
            other => Self::Text(format!("{other:?}").into()),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Bytes(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
            Self::Tuple(parts) => {
                f.write_str("(")?;
                for (i, part) in parts.iter().enumerate() {
                    write!(f, "{}{part}", if i > 0 { ", " } else { "" })?;
                }
                f.write_str(")")
            }
        }
    }
}

/// Whether a value stands for "not given" in a key: null, 0, an empty text, nil.
pub(crate) fn is_unset(value: &Value, sql_type: SqlType) -> bool {
    // Most keys.
    if let Value::BigInt(number) = value {
        return number.is_none_or(|number| number == 0);
    }
    if is_null(value) {
        return true;
    }
    match Key::from(value) {
        Key::Null => true,
        Key::Int(number) => number == 0 && sql_type != SqlType::Bool,
        Key::Text(text) => text.is_empty(),
        Key::Bytes(bytes) => bytes.iter().all(|byte| *byte == 0),
        Key::Tuple(_) => false,
    }
}
