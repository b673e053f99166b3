//! A column that a load leaves out unless it is asked for.
use super::{Cell, ColumnType, IntoColumn, Key, RowReader, SqlType, Value};
use crate::error::{Error, Kind, Result};

/// A column that may be left out of a load: a long text, a picture.
///
/// SQLAlchemy calls this a deferred column. A query leaves it out; `.with(Document::body)` includes it. On an entity the method
/// of its name loads it: `document.body().await?`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deferred<T>(Option<T>);

impl<T> Deferred<T> {
    /// The value, if it was loaded or set.
    ///
    /// # Errors
    /// [`is_not_loaded`](Error::is_not_loaded) if it was not.
    pub fn loaded(&self) -> Result<&T> {
        self.0.as_ref().ok_or_else(|| {
            let message = "the deferred column was not loaded: name it in `.with(..)` of the query, or await it by the entity's \
                           method of its name";
            Error::new(Kind::NotLoaded, message)
        })
    }

    /// Whether the value is in memory.
    pub fn is_loaded(&self) -> bool {
        self.0.is_some()
    }

    /// The value, if it was loaded or set.
    pub fn into_inner(self) -> Option<T> {
        self.0
    }
}

impl<T> From<T> for Deferred<T> {
    fn from(value: T) -> Self {
        Self(Some(value))
    }
}

impl IntoColumn<Deferred<String>> for &str {
    fn into_column(self) -> Deferred<String> {
        Deferred(Some(self.into()))
    }
}

impl IntoColumn<Deferred<Option<String>>> for &str {
    fn into_column(self) -> Deferred<Option<String>> {
        Deferred(Some(Some(self.into())))
    }
}

impl<T> IntoColumn<Deferred<T>> for T {
    fn into_column(self) -> Deferred<T> {
        Deferred(Some(self))
    }
}

impl<T: ColumnType> ColumnType for Deferred<T> {
    const TYPE: SqlType = T::TYPE;
    const VARIANTS: &'static [&'static str] = T::VARIANTS;
    const DEFERRED: bool = true;
    type Null = T::Null;
    type Scalar = T::Scalar;
    type Start<F> = T::Start<F>;

    fn decode(cell: Cell<'_>) -> Result<Self> {
        T::decode(cell).map(|value| Self(Some(value)))
    }

    fn read(reader: &mut RowReader<'_>) -> Result<Self> {
        if reader.has_deferred() { Self::decode(reader.cell()) } else { Ok(Self(None)) }
    }

    fn from_value(value: Value) -> Result<Self> {
        T::from_value(value).map(|value| Self(Some(value)))
    }

    fn encode(&self) -> Value {
        self.0.as_ref().map_or_else(|| T::TYPE.null(), T::encode)
    }

    fn same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => a.same(b),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    fn key(&self) -> Key {
        self.0.as_ref().map_or(Key::Null, T::key)
    }

    fn is_loaded(&self) -> bool {
        self.0.is_some()
    }

    fn unset() -> Option<Self> {
        Some(Self(None))
    }

    fn placeholder() -> Option<Self> {
        Some(Self(None))
    }
}

/// A column that was not loaded is null, or left out with `skip_serializing_if`.
impl<T: serde::Serialize> serde::Serialize for Deferred<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// An absent column and null are not loaded.
impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Deferred<T> {
    fn deserialize<D: serde::Deserializer<'de>>(document: D) -> std::result::Result<Self, D::Error> {
        Option::deserialize(document).map(Self)
    }
}
