//! Queries as data: columns, predicates, orders and load options, each with its root model in its type.
//!
//! Nothing here knows SQL or a database. The types are thin: inside, a query is [`Parts`], conditions and values are
//! [`expr::Expr`], and what is loaded along is a tree of [`Include`]s.
mod aggregate;
mod column;
mod compute;
mod declare;
mod embed;
pub mod expr;
mod expression;
mod include;
mod insert;
mod keyset;
mod load;
mod operand;
mod order;
mod path;
mod predicate;
mod projected;
mod raw;
mod relation;
mod rows;
mod selection;
mod set_rows;
mod sorting;
#[cfg(test)]
mod tests;

pub use aggregate::{Number, count};
pub use column::Column;
pub use declare::{KeyOf, column_of, encode, encode_for, foreign_key, reference};
pub use embed::Embed;
pub use expression::Expression;
pub use include::Include;
pub(crate) use insert::Meeting;
pub use insert::{ColumnList, InsertMany, OnConflict, Upsert, given};
pub use keyset::{Cursor, Keyset};
pub(crate) use keyset::{Direction, TotalOrder};
pub use load::{Includes, IntoInclude, Load};
pub use operand::{ByExpression, ByScalar, ByValue, IntoList, IntoOperand, List};
pub use order::{IntoOrder, OrderBy};
pub(crate) use path::same_path;
pub use predicate::Predicate;
pub use projected::{Projected, Tuples};
pub use raw::{FromRow, IntoBound, Sql, names_of, sql};
pub use relation::{RelationQuery, Seen, Through};
pub use rows::{Lock, Parts, Query};
pub use selection::{Selectable, Selection};
pub use set_rows::SetRows;
pub use sorting::Sorting;
