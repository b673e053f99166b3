//! A relational ORM with a session.
#[doc(hidden)]
pub use orm_core::__private;
pub use orm_core::{
    Error, Result,
    model::{Change, IntoDraft, Record},
    relation::{BelongsTo, HasMany, HasOne, IntoRelated, ManyToMany, Relation},
    query::{Column, Embed},
    value::{ColumnType, Deferred, IntoColumn},
};
pub use orm_core::entity::Model;
pub use orm_derive::Model;

/// What a program that uses this library imports: `use orm::prelude::*`.
pub mod prelude {
    pub use crate::{BelongsTo, ColumnType, Deferred, HasMany, HasOne, ManyToMany, Model};
}
