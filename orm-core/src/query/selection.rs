//! What a query selects instead of whole rows: columns and expressions, decoded into a value or a tuple.
use super::{Column, Expression, expr::Expr};
use crate::{
    error::Result,
    model::Record,
    value::{ColumnType, RowReader},
};

/// A single selected thing of type `Type` over the rows of model `M`: a column, a path, an aggregate.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column or expression of `{M}`",
    label = "expected a column of `{M}`, a path that begins there, or an aggregate"
)]
pub trait Selectable<M> {
    /// The type of its values.
    type Type: ColumnType;
    /// As an untyped expression.
    #[doc(hidden)]
    fn into_expr(self) -> Expr;
}

impl<M: Record, T: ColumnType> Selectable<M> for Column<M, T> {
    type Type = T;
    fn into_expr(self) -> Expr {
        self.expr()
    }
}

impl<M, T: ColumnType> Selectable<M> for Expression<M, T> {
    type Type = T;
    fn into_expr(self) -> Expr {
        self.expr
    }
}

/// What `select` and `group_by` take: a column or expression, or a tuple of up to eight.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected from `{M}`",
    label = "expected a column or expression of `{M}`, or a tuple of up to eight"
)]
pub trait Selection<M> {
    /// What a row becomes.
    type Output: Send + 'static;
    /// The expressions, in their order.
    #[doc(hidden)]
    fn into_exprs(self) -> Vec<Expr>;
    /// Reads a row whose next columns are the expressions.
    ///
    /// # Errors
    /// A value is null and may not be, or is of another type.
    #[doc(hidden)]
    fn read(reader: &mut RowReader<'_>) -> Result<Self::Output>;
}

/// Reads one value; a deferred column was asked for by name, so it is there whatever the reader thinks.
fn value<T: ColumnType>(reader: &mut RowReader<'_>) -> Result<T> {
    T::decode(reader.cell())
}

impl<M: Record, T: ColumnType> Selection<M> for Column<M, T> {
    type Output = T;
    fn into_exprs(self) -> Vec<Expr> {
        vec![self.expr()]
    }
    fn read(reader: &mut RowReader<'_>) -> Result<T> {
        value(reader)
    }
}

impl<M, T: ColumnType> Selection<M> for Expression<M, T> {
    type Output = T;
    fn into_exprs(self) -> Vec<Expr> {
        vec![self.expr]
    }
    fn read(reader: &mut RowReader<'_>) -> Result<T> {
        value(reader)
    }
}

macro_rules! tuples {
    ($($($item:ident $position:tt),+;)*) => {$(
        impl<M, $($item: Selectable<M>),+> Selection<M> for ($($item,)+) {
            type Output = ($($item::Type,)+);
            fn into_exprs(self) -> Vec<Expr> {
                vec![$(self.$position.into_expr()),+]
            }
            fn read(reader: &mut RowReader<'_>) -> Result<Self::Output> {
                Ok(($(value::<$item::Type>(reader)?,)+))
            }
        }
    )*};
}
tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}
