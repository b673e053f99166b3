//! (bodies follow)
use super::Select;
use crate::{
    driver::{Dialect, Statement},
    query::{Parts, Tuples, expr::Expr},
    schema::Table,
};

/// The rows of a [`Select`].
pub fn select(_dialect: Dialect, _select: &Select) -> Statement {
    todo!()
}
/// The number of rows of a query, limit and offset applied; what is loaded along does not matter. One row of one integer.
pub fn count(_dialect: Dialect, _parts: &Parts) -> Statement {
    todo!()
}
/// Whether a query has a row: one row of one boolean.
pub fn exists(_dialect: Dialect, _parts: &Parts) -> Statement {
    todo!()
}
/// For a [`Select`] with `near`: the number of rows for each owner that has any: the near key's columns, then the number.
pub fn count_near(_dialect: Dialect, _select: &Select) -> Statement {
    todo!()
}
/// The rows of a query of columns and expressions, which are its columns.
pub fn tuples(_dialect: Dialect, _tuples: &Tuples) -> Statement {
    todo!()
}
/// A set-based update.
pub fn update_rows(_dialect: Dialect, _parts: &Parts, _values: &[(u16, Expr)]) -> Statement {
    todo!()
}
/// A set-based delete.
pub fn delete_rows(_dialect: Dialect, _parts: &Parts) -> Statement {
    todo!()
}
/// The tables that a query reads, those of link models and of conditions on related rows included, each once.
pub fn tables(_select: &Select) -> Vec<&'static Table> {
    todo!()
}
