//! Prepared statements of a rusqlite connection, stepped through SQLite's own interface.
//!
//! rusqlite opens, sets up, interrupts and closes connections here as everywhere. What it does for each value and each row
//! is safe for any use, and costs about a fifth of a scan: a bound text is copied, a value that is read is looked up in up
//! to four calls. With exclusive access to the connection, which [`Database`] has, neither is needed. This is the one crate
//! of the project with `unsafe` code, and has nothing else in it.
//!
//! ```
//! use orm_sqlite::{Bound, Database};
//!
//! let mut database = Database::new(rusqlite::Connection::open_in_memory()?, 16);
//! database.execute_batch("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")?;
//!
//! let mut run = database.run("INSERT INTO users (name) VALUES (?)")?;
//! for name in ["Ada", "Grace"] {
//!     run.restart();
//!     run.bind(Bound::Text(name))?;
//!     run.step()?;
//! }
//! assert_eq!(run.last_insert_rowid(), 2);
//! drop(run);
//!
//! let mut run = database.run("SELECT name FROM users WHERE id = ?")?;
//! run.bind(Bound::Integer(1))?;
//! let row = run.step()?.expect("a row");
//! assert_eq!(row.text(0), Some("Ada".as_bytes()));
//! # Ok::<_, rusqlite::Error>(())
//! ```
#![warn(missing_docs, unreachable_pub)]
mod database;
mod row;
mod run;
mod statement;
#[cfg(test)]
mod tests;

pub use database::Database;
pub use row::Row;
pub use run::{Bound, Run};
