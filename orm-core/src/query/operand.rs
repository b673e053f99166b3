//! What a column can be compared with: values, other columns, the values of a query.
use super::{Column, Expression, Projected, Tuples, expr::Expr};
use crate::{
    model::Record,
    value::{ColumnType, IntoColumn, Value},
};

/// The right side of a comparison is a value.
#[derive(Debug, Clone, Copy)]
pub enum ByValue {}
/// The right side of a comparison is a column or an expression.
#[derive(Debug, Clone, Copy)]
pub enum ByExpression {}
/// The right side of a comparison is a column that may not be null, the left one may.
#[derive(Debug, Clone, Copy)]
pub enum ByScalar {}

/// The right side of a comparison is a column that may be null, the left one may not.
#[derive(Debug, Clone, Copy)]
pub enum ByNullable {}

/// The right side of a comparison with a column of type `T` of model `M`: a value, or another column of that model.
///
/// `Kind` tells which; it is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with a column of type `{T}`",
    label = "expected a value of type `{T}`, or a column of `{M}` of that type",
    note = "columns of another model are reached by a path: `Order::user.path(User::email)`"
)]
pub trait IntoOperand<M, T, Kind> {
    /// As an expression.
    fn into_operand(self) -> Expr;
}

impl<M, T: ColumnType, V: IntoColumn<T>> IntoOperand<M, T, ByValue> for V {
    fn into_operand(self) -> Expr {
        Expr::Value(self.into_column().encode())
    }
}

impl<M: Record, T> IntoOperand<M, T, ByExpression> for Column<M, T> {
    fn into_operand(self) -> Expr {
        self.expr()
    }
}

impl<M, T> IntoOperand<M, T, ByExpression> for Expression<M, T> {
    fn into_operand(self) -> Expr {
        self.expr
    }
}

impl<M: Record, T> IntoOperand<M, Option<T>, ByScalar> for Column<M, T> {
    fn into_operand(self) -> Expr {
        self.expr()
    }
}

impl<M, T> IntoOperand<M, Option<T>, ByScalar> for Expression<M, T> {
    fn into_operand(self) -> Expr {
        self.expr
    }
}

impl<M: Record, T> IntoOperand<M, T, ByNullable> for Column<M, Option<T>> {
    fn into_operand(self) -> Expr {
        self.expr()
    }
}

impl<M, T> IntoOperand<M, T, ByNullable> for Expression<M, Option<T>> {
    fn into_operand(self) -> Expr {
        self.expr
    }
}

/// What `is_in` takes: an array, a `Vec`, any iterator of values, or a query of one column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of values of type `{T}`",
    label = "expected an array or another iterator of `{T}`, or a query of one such column",
    note = "a query is narrowed to one column by `.select(User::id)`"
)]
pub trait IntoList<T, Kind> {
    /// The list.
    fn into_list(self) -> List;
}

impl<M, T> IntoList<T, ByNullable> for Projected<M, Option<T>> {
    fn into_list(self) -> List {
        List::Query(Box::new(self.tuples))
    }
}

/// What a column may be one of.
#[derive(Debug, Clone)]
pub enum List {
    /// Values, null or not.
    Values(Vec<Value>),
    /// The rows of a query of one column.
    Query(Box<Tuples>),
}

impl<T: ColumnType, I: IntoIterator<Item: IntoColumn<T>>> IntoList<T, ByValue> for I {
    fn into_list(self) -> List {
        List::Values(self.into_iter().map(|value| value.into_column().encode()).collect())
    }
}

impl<M, T> IntoList<T, ByExpression> for Projected<M, T> {
    fn into_list(self) -> List {
        List::Query(Box::new(self.tuples))
    }
}

impl<M, T> IntoList<Option<T>, ByScalar> for Projected<M, T> {
    fn into_list(self) -> List {
        List::Query(Box::new(self.tuples))
    }
}
