//! One column of a table.
use super::{Action, TableRef};
use crate::value::{SqlType, Value};

/// A column, as declared by a field of a model or of an embedded group.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The name of the field, `times.created_at` for one of the group embedded as `times`.
    pub field: &'static str,
    /// The name in the database.
    pub name: &'static str,
    /// How it is bound and read.
    pub sql_type: SqlType,
    /// The database type that replaces the one chosen from `sql_type`, if any.
    pub custom_type: Option<&'static str>,
    /// Whether null is allowed.
    pub nullable: bool,
    /// Whether something can stand in a new row until the database gives the value.
    pub has_placeholder: bool,
    /// Whether the database makes the value of a new row (an integer primary key).
    pub generated: bool,
    /// Whether the column alone is unique.
    pub unique: bool,
    /// Whether the column alone has an index.
    pub index: bool,
    /// The greatest number of characters, checked at flush on every database.
    pub max_length: Option<u32>,
    /// Precision and scale of a decimal.
    pub decimal: Option<(u8, u8)>,
    /// What the column holds if nothing is given.
    pub default: Default,
    /// An SQL condition over this column.
    pub check: Option<&'static str>,
    /// The names that the column of an enum may hold; empty for others.
    pub variants: &'static [&'static str],
    /// What the session does with the column by itself.
    pub role: Role,
    /// Whether a load leaves the column out unless asked for.
    pub deferred: bool,
    /// Of such a column: the name of those that are loaded together with it.
    pub group: Option<&'static str>,
    /// The column that this one references without a relationship, if any.
    pub references: Option<Reference>,
}

/// What a column holds if nothing is given.
#[derive(Debug, Clone, Copy)]
pub enum Default {
    /// Nothing: the column is required, or null.
    None,
    /// A Rust value, made by the library; the schema has it too, where it is a plain literal.
    Value(fn() -> Value),
    /// An SQL expression, evaluated by the database.
    Sql(&'static str),
}

/// What the session does with a column by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nothing.
    Plain,
    /// Counts the changes of a row; updates and deletes compare it.
    Version,
    /// Takes the time of the insert.
    CreatedAt,
    /// Takes the time of the insert and of each update with a net change.
    UpdatedAt,
}

/// A foreign key of a single column, declared without a relationship.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    /// The referenced table.
    pub table: TableRef,
    /// The referenced column's position.
    pub column: u16,
    /// What deleting the referenced row does.
    pub on_delete: Action,
    /// What changing the referenced key does.
    pub on_update: Action,
}
