//! What the derives of two models know of each other while they compile: flat data, read by constant functions that
//! stop the compilation with a sentence.
//!
//! A derive sees only its own struct. What it has to check about another model it checks by calling these functions with
//! that model's [`Shape`], in constants whose position is the field that made the claim.
mod keys;
mod links;
mod lists;
mod members;
mod model;
mod pairs;
mod sentence;

pub use keys::{attachable, belongs_to, detachable, one_sided, sets_null, unique_column};
pub use links::link;
pub use lists::ordering;
pub use members::{is_relation, member};
pub use model::model;
pub use pairs::inverse;
pub(crate) use sentence::Sentence;

use crate::{
    model::Record,
    schema::{Column, Default, Role, Unique},
    value::Nullability,
};

/// The flat description of a model.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The model's name.
    pub model: &'static str,
    /// The same with its module, which tells models of one name apart.
    pub path: &'static str,
    /// Its columns, as in the table.
    pub columns: &'static [Column],
    /// The positions of the primary key's columns.
    pub primary_key: &'static [u16],
    /// The unique constraints over several columns.
    pub uniques: &'static [Unique],
    /// Its relationships, in the order of the fields.
    pub relations: &'static [RelationShape],
}

/// What another model may ask of a relationship.
#[derive(Debug, Clone, Copy)]
pub struct RelationShape {
    /// The field's name.
    pub name: Name,
    /// `BelongsTo`, `HasOne`, `HasMany` or `ManyToMany`.
    pub kind: Kind,
    /// The path of the model that it leads to.
    pub target: &'static str,
    /// The columns of the key: on this side for a `BelongsTo`, on the target for a one-directional `HasOne` or `HasMany`,
    /// else empty.
    pub key: &'static [u16],
    /// For a `BelongsTo`: whether there may be no target.
    pub optional: bool,
    /// The name that `back_populates` gives; empty without one.
    pub inverse: Name,
    /// Whether a target taken from its owner is deleted.
    pub delete_orphan: bool,
    /// For a many-to-many: the table between.
    pub link: LinkShape,
}

/// The table between the sides of a many-to-many, as each side writes it.
#[derive(Debug, Clone, Copy)]
pub struct LinkShape {
    /// The path of the link model, or the name of the bare table.
    pub table: &'static str,
    /// The link's relationship to the owner, or the bare table's columns.
    pub near: &'static [&'static str],
    /// The link's relationship to the target, or the bare table's columns.
    pub far: &'static [&'static str],
    /// The constant columns, as written.
    pub constants: &'static str,
}

/// A name, with its hash: models with many relationships look up many names, and each comparison of texts is slow.
#[derive(Debug, Clone, Copy)]
pub struct Name {
    /// The name.
    pub text: &'static str,
    hash: u64,
}

impl Name {
    /// The name of that text.
    pub const fn new(text: &'static str) -> Self {
        let (bytes, mut hash, mut i) = (text.as_bytes(), 0xcbf2_9ce4_8422_2325_u64, 0);
        while i < bytes.len() {
            hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
            i += 1;
        }
        Self { text, hash }
    }

    const fn same(&self, other: &Self) -> bool {
        self.hash == other.hash && same(self.text, other.text)
    }

    const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

/// The four kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of the relationship fields")]
pub enum Kind {
    BelongsTo,
    HasOne,
    HasMany,
    ManyToMany,
}

impl RelationShape {
    /// A relationship without a key, an inverse or a link.
    pub const fn of<T: Record>(name: &'static str, kind: Kind) -> Self {
        let link = LinkShape { table: "", near: &[], far: &[], constants: "" };
        let (name, inverse) = (Name::new(name), Name::new(""));
        Self { name, kind, target: T::PATH, key: &[], optional: false, inverse, delete_orphan: false, link }
    }

    /// With the key's columns.
    pub const fn key(self, key: &'static [u16]) -> Self {
        Self { key, ..self }
    }

    /// Whether there may be no target.
    pub const fn optional<N: Nullability>(self) -> Self {
        Self { optional: N::NULLABLE, ..self }
    }

    /// With the name of the other side.
    pub const fn inverse(self, inverse: &'static str) -> Self {
        Self { inverse: Name::new(inverse), ..self }
    }

    /// A target taken from its owner is deleted.
    pub const fn delete_orphan(self) -> Self {
        Self { delete_orphan: true, ..self }
    }

    /// With a table between.
    pub const fn link(self, link: LinkShape) -> Self {
        Self { link, ..self }
    }
}

impl Shape {
    const fn column(&self, position: u16) -> &'static Column {
        &self.columns[position as usize]
    }

    const fn relation(&self, name: &Name) -> Option<usize> {
        let mut i = 0;
        while i < self.relations.len() {
            if self.relations[i].name.same(name) {
                return Some(i);
            }
            i += 1;
        }
        None
    }
}

/// Whether a new row must be given a value for the column.
const fn is_required(column: &Column) -> bool {
    let filled = column.generated || !matches!(column.role, Role::Plain);
    !column.nullable && !filled && matches!(column.default, Default::None)
}

/// Whether every column of an embedded group may be left out.
pub const fn group_is_optional(columns: &[Column]) -> bool {
    let mut i = 0;
    while i < columns.len() {
        if is_required(&columns[i]) {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether two texts are equal, in a constant.
pub const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

const fn same_list(a: &[&str], b: &[&str]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if !same(a[i], b[i]) {
            return false;
        }
        i += 1;
    }
    true
}

const fn contains(set: &[u16], column: u16) -> bool {
    let mut i = 0;
    while i < set.len() {
        if set[i] == column {
            return true;
        }
        i += 1;
    }
    false
}

/// Whether two lists of columns, each without repetition, are equal as sets.
const fn same_set(a: &[u16], b: &[u16]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if !contains(b, a[i]) {
            return false;
        }
        i += 1;
    }
    true
}
