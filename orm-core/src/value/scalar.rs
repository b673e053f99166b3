//! The one shape of the column types of other crates: a driver gives a value of one variant, and takes the same.

/// Implements `ColumnType` for a type that has a variant of its own: `type, SqlType, Value variant, its name in words;`.
///
/// `encode = |value| …` puts a value into the one form in which it is stored and compared, `unset = …` names the value that
/// stands for "not given" in a key.
macro_rules! scalar_column {
    ($type:ty, $sql:ident, $variant:ident, $words:literal $(, encode = $encode:expr)? $(, unset = $unset:expr)?) => {
        impl $crate::value::ColumnType for $type {
            const TYPE: $crate::value::SqlType = $crate::value::SqlType::$sql;
            type Null = $crate::value::NotNull;
            type Scalar = Self;
            type Start<F> = $crate::model::Missing<F>;

            fn decode(cell: $crate::value::Cell<'_>) -> $crate::error::Result<Self> {
                Self::from_value(cell.value(Self::TYPE)?)
            }

            fn from_value(value: $crate::value::Value) -> $crate::error::Result<Self> {
                match value {
                    $crate::value::Value::$variant(Some(value)) => Ok(value),
                    other => Err($crate::value::primitives::mismatch(&other, $words)),
                }
            }

            fn encode(&self) -> $crate::value::Value {
                let value = *self;
                $(let value = ($encode)(value);)?
                $crate::value::Value::$variant(Some(value))
            }

            fn same(&self, other: &Self) -> bool {
                self == other
            }

            $(
                fn unset() -> Option<Self> {
                    Some($unset)
                }
            )?
        }
    };
}
pub(super) use scalar_column;
