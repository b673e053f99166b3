//! Queries as data: columns, predicates, orders and load options, each with its root model in its type.
mod column;
pub mod expr;

pub use column::Column;
