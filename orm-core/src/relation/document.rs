//! Relationship fields in documents: what serde reads and writes.
use super::{
    BelongsTo, Content, HasMany, HasOne, ManyToMany, ToOneTarget,
    derived::{Derived, Targets},
};
use crate::model::Record;
use erased_serde::Serialize as Writable;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeOwned},
    ser,
};
use std::fmt;

/// A sequence of rows.
struct Rows<'a>(Vec<&'a dyn Writable>);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

/// An unloaded field is null; that is also how a relationship to one without target looks.
fn write<S: Serializer>(
    content: Option<&dyn Content>,
    derived: Derived,
    targets: Targets,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let Some(content) = content else { return serializer.serialize_none() };
    let write = derived.write.ok_or_else(|| ser::Error::custom("the related model is not `Serialize`"))?;
    let rows = write(content).map_err(ser::Error::custom)?;
    match (targets, rows.first()) {
        (Targets::Many, _) => serializer.serialize_some(&Rows(rows)),
        (Targets::One, Some(row)) => serializer.serialize_some(row),
        (Targets::One, None) => serializer.serialize_none(),
    }
}

/// Reads a field: null and an absent field are both unloaded.
struct Field {
    derived: Derived,
    targets: Targets,
}

impl<'de> de::Visitor<'de> for Field {
    type Value = Option<Box<dyn Content>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.targets {
            Targets::One => "a related row or null",
            Targets::Many => "a sequence of related rows or null",
        })
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, document: D) -> Result<Self::Value, D::Error> {
        let read = self.derived.read.ok_or_else(|| de::Error::custom("the related model is not `Deserialize`"))?;
        let mut document = <dyn erased_serde::Deserializer<'_>>::erase(document);
        read(&mut document, self.targets).map(Some).map_err(de::Error::custom)
    }
}

macro_rules! documents {
    ($($name:ident<$target:ident: $bound:path>, $model:ty, $targets:ident;)*) => {$(
        /// Unloaded is null, or left out with `skip_serializing_if`.
        impl<$target: $bound> Serialize for $name<$target>
        where
            $model: Serialize,
        {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let derived = <$model as Record>::table().operations.derived;
                write(self.field().content(), derived, Targets::$targets, serializer)
            }
        }

        /// An absent field and null are unloaded.
        impl<'de, $target: $bound> Deserialize<'de> for $name<$target>
        where
            $model: DeserializeOwned,
        {
            fn deserialize<D: Deserializer<'de>>(document: D) -> Result<Self, D::Error> {
                let derived = <$model as Record>::table().operations.derived;
                let content = document.deserialize_option(Field { derived, targets: Targets::$targets })?;
                let mut field = Self::default();
                if let Some(content) = content {
                    field.field_mut().fill(content);
                }
                Ok(field)
            }
        }
    )*};
}
documents! {
    HasMany<T: Record>, T, Many;
    ManyToMany<T: Record>, T, Many;
    HasOne<T: Record>, T, One;
    BelongsTo<T: ToOneTarget>, T::Model, One;
}
