//! What a query selects instead of whole rows: columns and expressions, decoded into a value or a tuple.
use super::{Column, Expression, WholeRow, expr::Expr};
use crate::{
    error::Result,
    model::Record,
    value::{ColumnType, Nullable, RowReader},
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

/// One thing among those that are selected: a column or expression, or a whole row ([`row`](super::row)).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected from `{M}`",
    label = "expected a column or expression of `{M}`, or a whole row"
)]
pub trait SelectItem<M> {
    /// What is read.
    type Output: Send + 'static;
    /// Appends the expressions.
    #[doc(hidden)]
    fn push_exprs(self, expressions: &mut Vec<Expr>);
    /// Reads them.
    ///
    /// # Errors
    /// A value is null and may not be, or is of another type.
    #[doc(hidden)]
    fn read_item(reader: &mut RowReader<'_>) -> Result<Self::Output>;
}

impl<M: Record, T: ColumnType> SelectItem<M> for Column<M, T> {
    type Output = T;
    fn push_exprs(self, expressions: &mut Vec<Expr>) {
        expressions.push(self.expr());
    }
    fn read_item(reader: &mut RowReader<'_>) -> Result<T> {
        // A deferred column was asked for by name, so it is there whatever the reader thinks.
        T::decode(reader.cell())
    }
}

impl<M, T: ColumnType> SelectItem<M> for Expression<M, T> {
    type Output = T;
    fn push_exprs(self, expressions: &mut Vec<Expr>) {
        expressions.push(self.expr);
    }
    fn read_item(reader: &mut RowReader<'_>) -> Result<T> {
        T::decode(reader.cell())
    }
}

/// What `select` and `group_by` take: a column, an expression or a whole row, or a tuple of up to eight.
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

macro_rules! single {
    ($(<$($parameter:ident $(: $bound:ident)?),*> $item:ty;)*) => {$(
        impl<$($parameter $(: $bound)?),*> Selection<M> for $item {
            type Output = <Self as SelectItem<M>>::Output;
            fn into_exprs(self) -> Vec<Expr> {
                let mut expressions = Vec::with_capacity(1);
                self.push_exprs(&mut expressions);
                expressions
            }
            fn read(reader: &mut RowReader<'_>) -> Result<Self::Output> {
                Self::read_item(reader)
            }
        }
    )*};
}
single! {
    <M: Record, T: ColumnType> Column<M, T>;
    <M, T: ColumnType> Expression<M, T>;
    <M, T: Record> WholeRow<M, T>;
    <M, T: Record> WholeRow<M, T, Nullable>;
}

macro_rules! tuples {
    ($($($item:ident $position:tt),+;)*) => {$(
        impl<M, $($item: SelectItem<M>),+> Selection<M> for ($($item,)+) {
            type Output = ($($item::Output,)+);
            fn into_exprs(self) -> Vec<Expr> {
                let mut expressions = Vec::new();
                $(self.$position.push_exprs(&mut expressions);)+
                expressions
            }
            fn read(reader: &mut RowReader<'_>) -> Result<Self::Output> {
                Ok(($($item::read_item(reader)?,)+))
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
