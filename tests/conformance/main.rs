//! What the library does, one behaviour per test, on every database.
//!
//! A module lists its behaviours at the top, under the schema that they need; each is then an `async fn(TestDb)`.
mod harness;
mod models;

mod cascades;
mod flush;
mod keys;
mod links;
mod relationships;
mod states;
mod transactions;
mod values;
