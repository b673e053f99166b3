//! Statements as text: what a query, a load or a write says in the dialect of each database.
//!
//! Everything here is a pure function from plain data to a [`Statement`](crate::driver::Statement): nothing is executed, the
//! same data gives the same text, and the texts of the shapes that come again and again are kept. Values are always bound, in the type of their column; names are
//! always quoted.
mod computed;
mod condition;
pub mod ddl;
mod dialect;
mod effect;
mod exists;
mod function;
mod joined;
mod level;
mod link;
mod names;
mod near;
mod plain;
mod projected;
mod raw;
mod render;
mod rows;
mod select;
mod set_based;
mod source;
#[cfg(test)]
pub(crate) mod tests;
mod texts;
mod touched;
mod tuples;
pub mod write;

pub(crate) use dialect::rows_of_statement;
pub use dialect::{bind_limit, chunks, key_chunks, returns_rows, statements};
pub use effect::{Effect, changes_tables, effect};
pub use projected::tuples_near;
pub use raw::raw;
pub use rows::{by_key, select};
pub(crate) use select::selected;
pub use select::{JoinNode, Near, NearKeys, Select};
pub use set_based::{RowsUpdate, delete_rows, hit_keys, is_plain, returns_hit_rows, with_returning};
pub use touched::Touched;
pub use tuples::{count, count_near, count_tuples, exists, tuples};
