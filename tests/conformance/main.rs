//! What the library does, one behaviour per test, on every database.
//!
//! A module lists its behaviours at the top, under the schema that they need; each is then an `async fn(TestDb)`.
mod beside;
mod cascades;
mod fixtures;
mod flush;
mod freshness;
mod harness;
mod json;
mod keys;
mod links;
mod loading_attributes;
mod loading_eager;
mod loading_eager_rules;
mod loading_lazy;
mod loading_lazy_shapes;
mod loading_partial;
mod loading_values;
mod models;
mod queries;
mod queries_expressions;
mod queries_joins;
mod queries_links;
mod queries_recursive;
mod queries_results;
mod relationships;
mod savepoints;
mod sessions;
mod states;
mod transactions;
mod unwritten;
mod values;
