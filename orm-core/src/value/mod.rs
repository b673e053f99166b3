//! Values of columns: how a Rust type is stored, read from a row, bound to a statement and compared.
mod cell;
mod column_type;
mod deferred;
pub mod enumeration;
mod into_column;
mod key;
mod key_map;
mod placeholder;
mod primitives;
#[cfg(any(feature = "chrono", feature = "rust_decimal", feature = "time", feature = "uuid"))]
mod scalar;
mod sets;
mod text;

#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "rust_decimal")]
mod literal;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;
#[cfg(feature = "time")]
mod time;
#[cfg(feature = "uuid")]
mod uuid;

#[cfg(all(test, feature = "chrono", feature = "json", feature = "rust_decimal", feature = "time", feature = "uuid"))]
mod tests;

pub(crate) use cell::Rearranged;
pub use cell::{Cell, Row, RowReader};
pub use column_type::{ColumnType, Facts, LeftOut, NotNull, Nullability, Nullable, SqlType};
pub use deferred::Deferred;
pub use into_column::IntoColumn;
#[cfg(feature = "json")]
pub use json::Json;
pub use key::Key;
pub(crate) use key::is_unset;
pub(crate) use key_map::KeyMap;
#[cfg(feature = "rust_decimal")]
pub use literal::decimal;
/// A value of any column type, as it is bound to a statement: the variant tells the type, also of a null.
pub use sea_query::Value;
pub use sets::{Lent, Sets};
pub(crate) use text::{from_text, has_text, to_text};

/// Whether a value is a null, of whatever type.
pub(crate) fn is_null(value: &Value) -> bool {
    *value == value.as_null()
}
