//! Column types of the standard library.
use super::{
    Cell, ColumnType, Key, NotNull, Sets, SqlType, Value,
    cell::{out_of_range, unexpected_null},
    column_type::required,
    is_null,
};
use crate::{
    error::{Error, Kind, Result},
    model::Missing,
};

pub(crate) fn mismatch(value: &Value, wanted: &str) -> Error {
    if is_null(value) {
        return unexpected_null();
    }
    Error::new(Kind::Decode, format!("expected {wanted}, got {value:?}"))
}

/// Any integer value, whatever its width. Unsigned 64-bit numbers keep their bits.
fn integer(value: &Value) -> Option<i64> {
    match *value {
        Value::TinyInt(v) => v.map(i64::from),
        Value::SmallInt(v) => v.map(i64::from),
        Value::Int(v) => v.map(i64::from),
        Value::BigInt(v) => v,
        Value::TinyUnsigned(v) => v.map(i64::from),
        Value::SmallUnsigned(v) => v.map(i64::from),
        Value::Unsigned(v) => v.map(i64::from),
        Value::BigUnsigned(v) => v.map(|v| v as i64),
        _ => None,
    }
}

macro_rules! integers {
    ($($type:ty, $sql:ident, $variant:ident;)*) => {$(
        impl ColumnType for $type {
            const TYPE: SqlType = SqlType::$sql;
            type Null = NotNull;
            type Scalar = Self;
            type Start<F> = Missing<F>;
            fn decode(cell: Cell<'_>) -> Result<Self> {
                let number = required(cell, Cell::i64)?;
                <$type>::try_from(number).map_err(|_| out_of_range(number, stringify!($type)))
            }
            fn from_value(value: Value) -> Result<Self> {
                let number = integer(&value).ok_or_else(|| mismatch(&value, stringify!($type)))?;
                <$type>::try_from(number).map_err(|_| out_of_range(number, stringify!($type)))
            }
            fn encode(&self) -> Value {
                Value::$variant(Some(*self))
            }
            fn same(&self, other: &Self) -> bool {
                self == other
            }
            fn key(&self) -> Key {
                Key::Int(*self as i64)
            }
            fn unset() -> Option<Self> {
                Some(0)
            }
        }
    )*};
}
integers! {
    i8, I8, TinyInt;
    i16, I16, SmallInt;
    i32, I32, Int;
    i64, I64, BigInt;
    u8, U8, TinyUnsigned;
    u16, U16, SmallUnsigned;
    u32, U32, Unsigned;
}

/// Numbers from 2^63 on are stored as they are where the database has unsigned columns, else as negative ones.
impl ColumnType for u64 {
    const TYPE: SqlType = SqlType::U64;
    type Null = NotNull;
    type Scalar = Self;
    type Start<F> = Missing<F>;
    fn decode(cell: Cell<'_>) -> Result<Self> {
        required(cell, Cell::i64).map(|bits| bits as u64)
    }
    fn from_value(value: Value) -> Result<Self> {
        integer(&value).map(|bits| bits as u64).ok_or_else(|| mismatch(&value, "u64"))
    }
    fn encode(&self) -> Value {
        Value::BigUnsigned(Some(*self))
    }
    fn same(&self, other: &Self) -> bool {
        self == other
    }
    fn key(&self) -> Key {
        Key::Int(*self as i64)
    }
    fn unset() -> Option<Self> {
        Some(0)
    }
}

macro_rules! floats {
    ($($type:ty, $sql:ident, $variant:ident;)*) => {$(
        impl ColumnType for $type {
            const TYPE: SqlType = SqlType::$sql;
            type Null = NotNull;
            type Scalar = Self;
            type Start<F> = Missing<F>;
            fn decode(cell: Cell<'_>) -> Result<Self> {
                required(cell, Cell::f64).map(|number| number as $type)
            }
            fn from_value(value: Value) -> Result<Self> {
                match value {
                    Value::Float(Some(number)) => Ok(number as $type),
                    Value::Double(Some(number)) => Ok(number as $type),
                    other => Err(mismatch(&other, stringify!($type))),
                }
            }
            fn encode(&self) -> Value {
                Value::$variant(Some(*self))
            }
            fn same(&self, other: &Self) -> bool {
                self.to_bits() == other.to_bits()
            }
            fn unset() -> Option<Self> {
                Some(0.0)
            }
        }
    )*};
}
floats! {
    f32, F32, Float;
    f64, F64, Double;
}

impl ColumnType for bool {
    const TYPE: SqlType = SqlType::Bool;
    type Null = NotNull;
    type Scalar = Self;
    type Start<F> = Missing<F>;
    fn decode(cell: Cell<'_>) -> Result<Self> {
        required(cell, Cell::bool)
    }
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Bool(Some(flag)) => Ok(flag),
            other => Err(mismatch(&other, "bool")),
        }
    }
    fn encode(&self) -> Value {
        Value::Bool(Some(*self))
    }
    fn same(&self, other: &Self) -> bool {
        self == other
    }
    fn key(&self) -> Key {
        Key::Int(i64::from(*self))
    }
    fn unset() -> Option<Self> {
        Some(false)
    }
}

impl ColumnType for String {
    const TYPE: SqlType = SqlType::Text;
    type Null = NotNull;
    type Scalar = Self;
    type Start<F> = Missing<F>;
    fn decode(cell: Cell<'_>) -> Result<Self> {
        required(cell, Cell::text).map(str::to_owned)
    }
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::String(Some(text)) => Ok(text),
            other => Err(mismatch(&other, "text")),
        }
    }
    fn encode(&self) -> Value {
        Value::String(Some(self.clone()))
    }
    fn pack(&self, sets: &mut Sets) {
        sets.push_text(self);
    }
    fn same(&self, other: &Self) -> bool {
        self == other
    }
    fn is_stored_as(&self, cell: Cell<'_>) -> bool {
        !cell.is_null() && cell.text().is_ok_and(|text| text == self)
    }
    fn key(&self) -> Key {
        Key::Text(self.as_str().into())
    }
    fn unset() -> Option<Self> {
        Some(String::new())
    }
}

impl ColumnType for Vec<u8> {
    const TYPE: SqlType = SqlType::Bytes;
    type Null = NotNull;
    type Scalar = Self;
    type Start<F> = Missing<F>;
    fn decode(cell: Cell<'_>) -> Result<Self> {
        required(cell, Cell::bytes).map(<[u8]>::to_vec)
    }
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Bytes(Some(bytes)) => Ok(bytes),
            other => Err(mismatch(&other, "bytes")),
        }
    }
    fn encode(&self) -> Value {
        Value::Bytes(Some(self.clone()))
    }
    fn pack(&self, sets: &mut Sets) {
        sets.push_bytes(self);
    }
    fn same(&self, other: &Self) -> bool {
        self == other
    }
    fn is_stored_as(&self, cell: Cell<'_>) -> bool {
        !cell.is_null() && cell.bytes().is_ok_and(|bytes| bytes == self)
    }
    fn key(&self) -> Key {
        Key::Bytes(self.as_slice().into())
    }
    fn unset() -> Option<Self> {
        Some(Vec::new())
    }
}
