//! The benchmarks of `orm-bench` by toasty, with floors of its own: its SQLite cannot be linked beside that of the others.
//!
//! What is the same there and here is taken from there, file by file: the databases, their keepers, and the floors.
mod contender;
mod postgres;
mod sqlite;

pub use orm_bench::{Result, data, harness};
pub use postgres::Postgres;
pub use sqlite::Sqlite;
