//! Queries as data: columns, predicates, orders and load options, each with its root model in its type.
mod column;
mod declare;
mod embed;
pub mod expr;

pub use column::Column;
pub use declare::{column_of, KeyOf, encode, encode_for, foreign_key, reference};
pub use embed::Embed;
