//! Statements as text: what a query, a load or a write says in the dialect of each database.
//!
//! Everything here is a pure function from plain data to a [`Statement`]: nothing is executed, nothing is remembered, the
//! same data gives the same text. Values are always bound, in the type of their column; names are always quoted.
mod dialect;
mod lower;
mod select;
pub mod write;

pub use dialect::{bind_limit, chunks, key_chunks, returns_rows};
pub use lower::{count, count_near, delete_rows, exists, select, tables, tuples, update_rows};
pub use select::{JoinNode, Near, NearKeys, Select};
