//! Columns that hold JSON.
use super::{Cell, ColumnType, IntoColumn, NotNull, SqlType, Value, primitives::mismatch};
use crate::{
    error::{Error, Kind, Result},
    model::Missing,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use std::ops::{Deref, DerefMut};

/// A column that holds any serializable value as JSON.
///
/// Derefs to the value, and is the value itself for serde. `Option<Json<T>>` is a column that may be null; a
/// `Json<Option<T>>` stores JSON's own `null`, which is a value. SQLAlchemy's `JSON` type.
///
/// ```
/// use orm_core::value::Json;
/// let tags = Json(vec!["a", "b"]);
/// assert_eq!(tags.len(), 2);
/// ```
///
/// # Panics
/// A value that JSON cannot express (a map whose keys are no texts or numbers) panics when it is compared or written: it
/// cannot be stored, and nothing else may be stored in its place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Json<T>(pub T);

impl<T> Json<T> {
    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> IntoColumn<Json<T>> for T {
    fn into_column(self) -> Json<T> {
        Json(self)
    }
}

impl<T> IntoColumn<Option<Json<T>>> for T {
    fn into_column(self) -> Option<Json<T>> {
        Some(Json(self))
    }
}

impl<T: Serialize> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Json<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

impl<T: Serialize> Json<T> {
    fn document(&self) -> serde_json::Value {
        match serde_json::to_value(&self.0) {
            Ok(document) => document,
            Err(error) => panic!("a `{}` cannot be stored as JSON: {error}", std::any::type_name::<T>()),
        }
    }
}

impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> ColumnType for Json<T> {
    const TYPE: SqlType = SqlType::Json;
    // A null need not be readable as a `T`.
    const HAS_PLACEHOLDER: bool = false;
    type Null = NotNull;
    type Scalar = Self;
    type Start<F> = Missing<F>;

    fn decode(cell: Cell<'_>) -> Result<Self> {
        Self::from_value(cell.value(SqlType::Json)?)
    }

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Json(Some(document)) => serde_json::from_value(*document).map(Self).map_err(unreadable::<T>),
            other => Err(mismatch(&other, "JSON")),
        }
    }

    fn encode(&self) -> Value {
        Value::Json(Some(Box::new(self.document())))
    }

    /// Compares what is stored: the order of an object's members says nothing.
    fn same(&self, other: &Self) -> bool {
        self.document() == other.document()
    }
}

fn unreadable<T>(error: serde_json::Error) -> Error {
    let message = format!("the stored JSON is no `{}`: {error}", std::any::type_name::<T>());
    Error::with_source(Kind::Decode, message, error)
}
