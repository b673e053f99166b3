//! A row to be inserted, and what of it was left open.
use super::{ColumnSet, Existing, Record};

/// A new row: its values, and the columns that were left to the database. Relationship fields hold what was given for them.
pub struct Draft<M> {
    /// The values; unset columns hold their type's default.
    pub value: M,
    /// The columns that were not given and have no Rust default.
    pub unset: ColumnSet,
    /// The columns that were given, also if their value looks unset.
    pub given: ColumnSet,
}

/// What `Session::add` takes: a value, a complete builder, or an entity that a rollback or `expunge` took out of the session.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a model nor a complete builder of one",
    note = "give a value of a struct with `#[derive(Model)]`, or a builder whose required columns are all set"
)]
pub trait IntoDraft {
    /// The model.
    type Model: Record;
    /// The row.
    fn into_draft(self) -> Draft<Self::Model>;
    /// The entity that it is; only what is none is a new row.
    #[doc(hidden)]
    fn existing(&self) -> Option<Existing> {
        None
    }
}

impl<M: Record> IntoDraft for M {
    type Model = M;

    fn into_draft(self) -> Draft<M> {
        Draft { value: self, unset: ColumnSet::EMPTY, given: ColumnSet::EMPTY }
    }
}
