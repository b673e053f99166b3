//! Queries as data: columns, predicates, orders and load options, each with its root model in its type.
mod column;
mod declare;
mod embed;
pub mod expr;

pub use column::Column;
pub use declare::{column_of, encode, encode_for, reference};
pub use embed::Embed;
