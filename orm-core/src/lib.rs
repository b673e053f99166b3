//! The library behind the crate `orm`: read that crate's documentation; this one is its inside.
//!
//! The modules are in the order of the layers; each imports only from those above it.
pub mod error;
pub mod value;
pub mod schema;
pub mod model;
pub mod relation;
pub mod query;
pub mod driver;
pub mod entity;

pub use error::{Error, Result};

/// What generated code names. Not part of the public interface: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::{
        entity::{ManyRelation, Model, OneRelation, Raw},
        error::{Error, Result},
        model::{
            ColumnAt, ColumnSet, ColumnValue, Draft, Embedded, FilledBy, Given, GivenUnless, IntoDraft, KeyColumns, Missing,
            Open, Record, StartIf, operations, row,
        },
        query::{Column, Embed, column_of, encode, encode_for, foreign_key, reference},
        relation::{
            Answer, BelongsTo, HasMany, HasOne, IntoRelated, Many, ManyToMany, One, Related, Relation, RelationAt,
            RelationField, Reverse, ToOneTarget, Yes, References, index_of, path_of, same_type, shape_of, table_of,
        },
        schema::{self, groups, shape},
        value::{self, enumeration, Cell, ColumnType, IntoColumn, Key, NotNull, Nullability, Nullable, RowReader, SqlType, Value},
    };
    #[cfg(feature = "rust_decimal")]
    pub use crate::value::decimal;
    #[cfg(feature = "rust_decimal")]
    pub use rust_decimal::Decimal;
    #[cfg(feature = "uuid")]
    pub use uuid::Uuid;
    pub use std;
}
