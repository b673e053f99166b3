//! The library behind the crate `orm`: read that crate's documentation; this one is its inside.
//!
//! The modules are in the order of the layers; each imports only from those above it.
#![warn(missing_docs, unreachable_pub, clippy::print_stdout)]
// Vocabulary
pub mod error;

mod fast;

pub mod value;

pub mod schema;

pub mod model;

pub mod relation;

pub mod query;

// Wire
pub mod driver;
pub mod sql;

// Memory
mod memory;

// Work
mod load;
pub mod unit_of_work;

// Handle
pub mod db;
pub mod entity;
pub mod session;

pub use error::{Error, Result};
pub use query::{
    Predicate, Query, RelationQuery, Sql, alias, case, count, dense_rank, exists, first_value, function, lag,
    last_value, lead, rank, row, row_number, scalar, value, window,
};

/// What generated code names. Not part of the public interface: it changes without notice.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "rust_decimal")]
    pub use crate::value::decimal;
    pub use crate::{
        entity::{DeferredValue, ManyRelation, Member, Model, OneRelation, Proxy, Raw},
        error::{Error, Result},
        model::{
            ColumnAt, ColumnSet, ColumnValue, Draft, Embedded, FilledBy, Given, GivenUnless, IntoDraft, KeyColumns,
            Missing, Open, Patch, Record, StartIf, operations, patch, row,
        },
        query::{
            Column, Embed, FromRow, Projection, RelationQuery, column_of, criterion, encode, encode_for, foreign_key,
            names_of, projection, reference,
        },
        relation::{
            Answer, BelongsTo, Derived, DerivedOf, HasMany, HasOne, IntoRelated, IntoUnique, Many, ManyToMany,
            NotDerived, One, OrConnect, OrderedList, References, Related, Relation, RelationAt, RelationField, Reverse,
            ToOneTarget, Yes, describe, index_of, path_of, same_type, shape_of, table_of,
        },
        schema::{self, groups, shape},
        value::{
            self, Cell, ColumnType, IntoColumn, Key, NotNull, Nullability, Nullable, RowReader, SqlType, Value,
            enumeration,
        },
    };
    #[cfg(feature = "rust_decimal")]
    pub use rust_decimal::Decimal;
    pub use serde;
    pub use std::{
        self,
        clone::Clone,
        iter::IntoIterator,
        marker::{Copy, PhantomData},
        option::Option::{self, None, Some},
    };
    #[cfg(feature = "uuid")]
    pub use uuid::Uuid;
}
