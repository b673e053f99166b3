//! A relational ORM with a session.
#![warn(missing_docs, unreachable_pub)]
#[doc(hidden)]
pub use orm_core::__private;
pub use orm_core::{
    Error, Predicate, Query, RelationQuery, Result, count,
    db::Db,
    driver::{DbOptions, Isolation},
    entity::{Collection, Entity, Model, Partial},
    model::{Change, Embedded, Handle, IntoDraft, Record},
    query::{Column, Embed},
    relation::{BelongsTo, HasMany, HasOne, IntoRelated, ManyToMany, Relation},
    schema,
    session::{EntityState, Executor, Loading, Page, Session, ValueStream},
    unit_of_work::Plan,
    value::{ColumnType, Deferred, IntoColumn, Value},
};
pub use orm_derive::{ColumnEnum, ColumnType, Embedded, Model};

#[cfg(feature = "rust_decimal")]
pub use orm_core::dec;

/// What a program that uses this library imports: `use orm::prelude::*`.
pub mod prelude {
    pub use crate::{
        BelongsTo, Change, ColumnEnum, ColumnType, Db, Deferred, Embedded, Entity, HasMany, HasOne, ManyToMany, Model,
        Predicate, Query, RelationQuery, Session,
    };

    #[cfg(feature = "uuid")]
    pub use orm_core::__private::Uuid;
    #[cfg(feature = "json")]
    pub use orm_core::value::Json;
    #[cfg(feature = "rust_decimal")]
    pub use orm_core::{__private::Decimal, dec};
}
