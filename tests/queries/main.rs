//! What queries can say, on every database: a module per theme.
mod keyset;
mod models;
