//! What the derives of two models know of each other while they compile: flat text, read by constant functions that
//! stop the compilation with a sentence.
//!
//! A derive sees only its own struct. What it has to check about another model it checks by calling these functions with
//! that model's type, in constants whose position is the field that made the claim.

/// The flat description of a model.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The model's name.
    pub model: &'static str,
    /// Its columns, embedded groups left out.
    pub columns: &'static [ColumnShape],
    /// Its relationships, in the order of the fields.
    pub relations: &'static [RelationShape],
}

/// What another model may ask of a column.
#[derive(Debug, Clone, Copy)]
pub struct ColumnShape {
    /// The field's name.
    pub field: &'static str,
    /// Whether null is allowed.
    pub nullable: bool,
    /// Whether a new row must be given a value.
    pub required: bool,
    /// Whether the column alone is unique (or the whole primary key).
    pub unique: bool,
}

/// What another model may ask of a relationship.
#[derive(Debug, Clone, Copy)]
pub struct RelationShape {
    /// The field's name.
    pub name: &'static str,
    /// `BelongsTo`, `HasOne`, `HasMany` or `ManyToMany`.
    pub kind: Kind,
    /// The fields of the key, if it is on this side; empty else.
    pub key: &'static [&'static str],
    /// The name that `back_populates` gives; empty without one.
    pub inverse: &'static str,
    /// For a many-to-many: the link's fields or columns on the near and on the far side, the bare table's name or ""
    pub link: (&'static str, &'static str, &'static str),
}

/// The four kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    BelongsTo,
    HasOne,
    HasMany,
    ManyToMany,
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
