//! Partial input: for each column of a model nothing, or a new value.
use super::ColumnValue;
use crate::value::ColumnType;
use serde::{
    Deserializer, Serialize, Serializer,
    de::{self, DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess},
    ser::{self, SerializeMap},
};
use std::{fmt, marker::PhantomData};

/// Changes of some columns of a model: what `derive(Patch)` makes, `UserPatch` for `User`.
///
/// Each column of the struct is an `Option` of its type: `None` leaves the column as it is. Of a column that may be null
/// the type is an `Option` itself, so that `Some(None)` sets it to null. Primary keys, relationships, and the columns that the
/// session fills by itself (`version`, `created_at`, `updated_at`) are not part of it. A group of columns is a patch of its own.
///
/// In documents a column that is not named is left as it is, and null is null; names and `skip` are those of the struct's
/// own serde attributes.
///
/// ```
/// use orm::prelude::*;
///
/// #[derive(Model, Patch, Clone, Debug)]
/// struct User {
///     #[orm(primary_key)]
///     id: i64,
///     email: String,
///     nickname: Option<String>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let db = Db::connect("sqlite::memory:").await?;
/// # orm::schema![User].create_all(&db).await?;
/// let session = db.session();
/// let user = session.add(User::builder().email("a@x").nickname("Al"));
/// let patch: UserPatch = serde_json::from_str(r#"{"nickname": null}"#).map_err(orm::Error::other)?;
/// user.apply(patch);
/// assert_eq!((user.email.as_str(), user.nickname.as_deref()), ("a@x", None));
/// user.apply(UserPatch::default().email("b@x"));
/// assert_eq!(user.email, "b@x");
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a patch",
    label = "not a patch",
    note = "put `#[derive(Patch)]` on the model `User`, and give a `UserPatch`"
)]
pub trait Patch: Default + Sized + 'static {
    /// The model, or the group of columns.
    type Of;

    /// The columns that it may change.
    #[doc(hidden)]
    const FIELDS: &'static [PatchField<Self>];

    /// Whether the struct says `deny_unknown_fields`.
    #[doc(hidden)]
    const STRICT: bool;

    /// Changes the columns of a row that were given.
    fn apply_to(self, row: &mut Self::Of);

    /// Whether nothing was given.
    fn is_empty(&self) -> bool {
        !Self::FIELDS.iter().any(|field| (field.is_given)(self))
    }
}

/// A struct whose patch is applied to entities.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model, so that nothing can be patched",
    label = "not a model",
    note = "put `#[derive(Model, Patch)]` on the struct"
)]
pub trait IsModel {}
#[diagnostic::do_not_recommend]
impl<M: super::Record> IsModel for M {}

/// A struct whose patch is part of a model's.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a model nor a group of columns, so that nothing can be patched",
    label = "no primary key, and not a group of columns",
    note = "put `#[derive(Model, Patch)]` on a struct with a `#[orm(primary_key)]`, `#[derive(Embedded, Patch)]` on a group of columns"
)]
pub trait IsGroup {}
#[diagnostic::do_not_recommend]
impl<G: super::Embedded> IsGroup for G {}

/// Checks that a struct is a model.
pub const fn is_model<M: IsModel>() {}

/// Checks that a struct is a group of columns.
pub const fn is_group<G: IsGroup>() {}

/// One column of a patch, without its type.
pub struct PatchField<P> {
    /// The field's name in the struct.
    pub field: &'static str,
    /// The name that is written to documents.
    pub writes: Option<&'static str>,
    /// The names that are read from documents.
    pub reads: &'static [&'static str],
    /// Whether the column was given.
    pub is_given: fn(&P) -> bool,
    /// The column as it is written to a document.
    pub write: for<'a> fn(&'a P) -> Option<&'a dyn erased_serde::Serialize>,
    /// Reads the column from a document.
    pub read: ReadField<P>,
}

/// Reads a column of a patch from a document.
pub type ReadField<P> = fn(&mut P, &mut dyn erased_serde::Deserializer<'_>) -> Result<(), erased_serde::Error>;

/// Asks what a column's type can: its own constants are there if it has serde's traits, those of [`NotInDocuments`] if not.
pub struct InDocuments<T>(PhantomData<T>);

/// How a value is written to a document.
pub type WriteColumn<T> = for<'a> fn(&'a T) -> &'a dyn erased_serde::Serialize;

/// How a value is read from a document.
pub type ReadColumn<T> = fn(&mut dyn erased_serde::Deserializer<'_>) -> Result<T, erased_serde::Error>;

/// The answers for a type without serde's traits.
pub trait NotInDocuments<T> {
    /// It cannot be written.
    const WRITE: Option<WriteColumn<T>> = None;
    /// It cannot be read.
    const READ: Option<ReadColumn<T>> = None;
}

impl<T> NotInDocuments<T> for InDocuments<T> {}

impl<T: Serialize> InDocuments<T> {
    /// Writes a value.
    pub const WRITE: Option<WriteColumn<T>> = Some(|value| value);
}

impl<T: DeserializeOwned> InDocuments<T> {
    /// Reads a value.
    pub const READ: Option<ReadColumn<T>> = Some(|document| T::deserialize(document));
}

/// Sets a column, if it was given. A deferred column that is not loaded says nothing.
pub fn set<T: ColumnType>(column: &mut T, given: Option<T>) {
    if let Some(given) = given.filter(|given| ColumnValue::is_loaded(given)) {
        *column = given;
    }
}

/// A column that was given, to be written.
pub fn write<T>(how: Option<WriteColumn<T>>, given: Option<&T>) -> Option<&dyn erased_serde::Serialize> {
    given.map(|given| how.map_or(&Unwritable as &dyn erased_serde::Serialize, |how| how(given)))
}

/// A group of which something was given, to be written.
pub fn write_group<P: Patch + Serialize>(group: &P) -> Option<&dyn erased_serde::Serialize> {
    (!group.is_empty()).then_some(group)
}

/// Reads a column. Null for a deferred column that may be null is null, not "not loaded".
///
/// # Errors
/// The document does not fit the column.
pub fn read<T: ColumnType>(
    how: Option<ReadColumn<T>>,
    given: &mut Option<T>,
    document: &mut dyn erased_serde::Deserializer<'_>,
) -> Result<(), erased_serde::Error> {
    let how = how.ok_or_else(|| de::Error::custom("the type of this column is not `Deserialize`"))?;
    let value = how(document)?;
    let value = match value.is_loaded() {
        true => value,
        false => T::from_value(T::TYPE.null()).map_err(de::Error::custom)?,
    };
    *given = Some(value);
    Ok(())
}

/// Reads a group.
///
/// # Errors
/// The document does not fit the group.
pub fn read_group<P: DeserializeOwned>(
    group: &mut P,
    document: &mut dyn erased_serde::Deserializer<'_>,
) -> Result<(), erased_serde::Error> {
    *group = P::deserialize(document)?;
    Ok(())
}

/// Stands for a value whose type is not `Serialize`.
struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(ser::Error::custom("the type of this column is not `Serialize`"))
    }
}

/// Writes what was given.
///
/// # Errors
/// Those of the serializer, and a column whose type is not `Serialize`.
pub fn serialize<P: Patch, S: Serializer>(patch: &P, serializer: S) -> Result<S::Ok, S::Error> {
    let named = |field: &PatchField<P>| field.writes.zip((field.write)(patch));
    let given: Vec<_> = P::FIELDS.iter().filter_map(named).collect();
    let mut map = serializer.serialize_map(Some(given.len()))?;
    for (name, value) in given {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

/// Prints the names of the columns that were given; their values may be secrets.
///
/// # Errors
/// Those of the formatter.
pub fn debug<P: Patch>(patch: &P, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let given = P::FIELDS.iter().filter(|field| (field.is_given)(patch)).map(|field| field.field);
    write!(f, "{name} {{ {} }}", given.collect::<Vec<_>>().join(", "))
}

/// Reads a patch from a document.
///
/// # Errors
/// Those of the deserializer, and what does not fit a column.
pub fn deserialize<'de, P: Patch, D: Deserializer<'de>>(document: D) -> Result<P, D::Error> {
    document.deserialize_map(Document(PhantomData))
}

struct Document<P>(PhantomData<P>);

impl<'de, P: Patch> de::Visitor<'de> for Document<P> {
    type Value = P;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the columns to change")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<P, A::Error> {
        let mut patch = P::default();
        while let Some(name) = map.next_key::<String>()? {
            match P::FIELDS.iter().find(|field| field.reads.contains(&name.as_str())) {
                Some(field) => map.next_value_seed(OneField { patch: &mut patch, read: field.read })?,
                None if P::STRICT => return Err(de::Error::custom(format_args!("there is no column `{name}`"))),
                None => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(patch)
    }
}

struct OneField<'p, P> {
    patch: &'p mut P,
    read: ReadField<P>,
}

impl<'de, P> DeserializeSeed<'de> for OneField<'_, P> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, document: D) -> Result<(), D::Error> {
        let mut document = <dyn erased_serde::Deserializer<'_>>::erase(document);
        (self.read)(self.patch, &mut document).map_err(de::Error::custom)
    }
}
