//! What queries can say, on every database: a module per theme.
mod expressions;
mod keyset;
mod log;
mod models;
mod names;
mod raw;
mod relationships;
mod set_based;
mod wholes;
