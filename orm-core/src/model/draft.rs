//! A row to be inserted, and what of it was left open.
use super::{Open, Record};

/// A new row: its values, and the columns that were left to the database. Relationship fields hold what was given for them.
pub struct Draft<M> {
    /// The values; unset columns hold their type's default.
    pub value: M,
    /// What was left open in it.
    pub open: Open,
}

/// What `Session::add` and relationships take as a new row: a value, or a complete builder.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a model nor a complete builder of one",
    note = "give a value of a struct with `#[derive(Model)]`, or a builder whose required columns are all set"
)]
pub trait IntoDraft {
    /// The model.
    type Model: Record;
    /// The row.
    fn into_draft(self) -> Draft<Self::Model>;
}

impl<M: Record> IntoDraft for M {
    type Model = M;

    fn into_draft(self) -> Draft<M> {
        Draft { value: self, open: Open::default() }
    }
}
