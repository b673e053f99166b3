//! Structs of the user's own instead of rows: `derive(Projection)`, on every database.
mod columns;
mod fixtures;
mod lists;
mod models;
mod nested;
mod running;
mod sessions;
