//! Relationship fields in documents: what serde reads and writes.
//!
//! A field reads and writes its targets through functions in the table of their model, which derive put there. So the
//! fields of related models do not call each other's code, and a chain of models is no chain of generic functions.
use super::{
    BelongsTo, Content, HasMany, HasOne, ManyToMany, RelationField, ToOneTarget, content::Values, field::rows_of,
};
use crate::{error::Error, model::Record};
use erased_serde::Serialize as Writable;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeOwned},
    ser,
};
use std::{fmt, marker::PhantomData};

/// The targets in a field as rows to be written.
pub type Write = for<'a> fn(&'a dyn Content) -> Result<Vec<&'a dyn Writable>, Error>;

/// Reads one target, or, if so asked, a sequence of them.
pub type Read = fn(&mut dyn erased_serde::Deserializer<'_>, Targets) -> Result<Box<dyn Content>, erased_serde::Error>;

/// How many targets a document has in one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Targets {
    /// A row.
    One,
    /// A sequence of rows.
    Many,
}

/// How rows of a model are read from documents and written to them.
#[derive(Clone, Copy)]
pub struct Documents {
    /// Where the model is `Serialize`.
    pub write: Option<Write>,
    /// Where the model is `Deserialize`.
    pub read: Option<Read>,
}

impl Documents {
    /// Of a model that is neither.
    pub const NONE: Self = Self { write: None, read: None };
}

/// Asks whether a model is `Serialize` and `Deserialize`: its own constants are there if so, those of [`NoDocuments`]
/// if not.
pub struct DocumentsOf<M>(PhantomData<M>);

/// The answer for a model without serde.
pub trait NoDocuments {
    /// It cannot be written.
    const WRITE: Option<Write> = None;
    /// It cannot be read.
    const READ: Option<Read> = None;
}

impl<M> NoDocuments for DocumentsOf<M> {}

impl<M: Record + Serialize> DocumentsOf<M> {
    /// Writes rows of the model.
    pub const WRITE: Option<Write> = Some(|content| {
        let rows: &[M] = rows_of(content)?;
        Ok(rows.iter().map(|row| row as &dyn Writable).collect())
    });
}

impl<M: Record + DeserializeOwned> DocumentsOf<M> {
    /// Reads rows of the model.
    pub const READ: Option<Read> = Some(|document, targets| {
        let rows = match targets {
            Targets::One => vec![M::deserialize(document)?],
            Targets::Many => Vec::<M>::deserialize(document)?,
        };
        Ok(Box::new(Values { rows, partial: false }))
    });
}

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
    documents: Documents,
    targets: Targets,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let Some(content) = content else { return serializer.serialize_none() };
    let write = documents.write.ok_or_else(|| ser::Error::custom("the related model is not `Serialize`"))?;
    let rows = write(content).map_err(ser::Error::custom)?;
    match (targets, rows.first()) {
        (Targets::Many, _) => serializer.serialize_some(&Rows(rows)),
        (Targets::One, Some(row)) => serializer.serialize_some(row),
        (Targets::One, None) => serializer.serialize_none(),
    }
}

/// Reads a field: null and an absent field are both unloaded.
struct Field {
    documents: Documents,
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
        let read = self.documents.read.ok_or_else(|| de::Error::custom("the related model is not `Deserialize`"))?;
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
                let documents = <$model as Record>::table().operations.documents;
                write(self.content(), documents, Targets::$targets, serializer)
            }
        }

        /// An absent field and null are unloaded.
        impl<'de, $target: $bound> Deserialize<'de> for $name<$target>
        where
            $model: DeserializeOwned,
        {
            fn deserialize<D: Deserializer<'de>>(document: D) -> Result<Self, D::Error> {
                let documents = <$model as Record>::table().operations.documents;
                let content = document.deserialize_option(Field { documents, targets: Targets::$targets })?;
                let mut field = Self::default();
                if let Some(content) = content {
                    field.fill(content);
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
