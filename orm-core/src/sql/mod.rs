//! Statements as text.
pub mod ddl;
