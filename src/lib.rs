//! A relational ORM with a session.
#[doc(hidden)]
pub use orm_core::__private;
pub use orm_core::{
    Error, Result,
    entity::Model,
    model::{Change, Embedded, IntoDraft, Record},
    query::{Column, Embed},
    relation::{BelongsTo, HasMany, HasOne, IntoRelated, ManyToMany, Relation},
    value::{ColumnType, Deferred, IntoColumn},
};
pub use orm_derive::{ColumnEnum, ColumnType, Embedded, Model};

#[cfg(feature = "rust_decimal")]
pub use orm_core::dec;

/// What a program that uses this library imports: `use orm::prelude::*`.
pub mod prelude {
    pub use crate::{
        BelongsTo, Change, ColumnEnum, ColumnType, Deferred, Embedded, HasMany, HasOne, ManyToMany, Model,
    };

    #[cfg(feature = "uuid")]
    pub use orm_core::__private::Uuid;
    #[cfg(feature = "json")]
    pub use orm_core::value::Json;
    #[cfg(feature = "rust_decimal")]
    pub use orm_core::{__private::Decimal, dec};
}
