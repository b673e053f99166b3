//! Aggregates: numbers over many rows.
use super::{
    Column, Expression,
    expr::{Expr, Function},
};
use crate::{
    model::Record,
    value::{ColumnType, NotNull},
};

/// The number of rows: `Order::query().select((Order::status, orm::count()))`.
pub fn count<M>() -> Expression<M, i64> {
    Expression::new(Expr::Function(Function::Count, Vec::new()))
}

/// A type whose values can be added up.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number",
    note = "`sum` and `avg` are for columns of numbers"
)]
pub trait Number: ColumnType<Null = NotNull> {
    /// The type of a sum: wide enough for many values.
    type Sum: ColumnType<Null = NotNull>;
    /// The type of an average.
    type Average: ColumnType<Null = NotNull>;
}

macro_rules! numbers {
    ($($type:ty => $sum:ty, $average:ty;)*) => {$(
        impl Number for $type {
            type Sum = $sum;
            type Average = $average;
        }
    )*};
}
numbers! {
    i8 => i64, f64;
    i16 => i64, f64;
    i32 => i64, f64;
    i64 => i64, f64;
    u8 => i64, f64;
    u16 => i64, f64;
    u32 => i64, f64;
    u64 => u64, f64;
    f32 => f64, f64;
    f64 => f64, f64;
}
#[cfg(feature = "rust_decimal")]
numbers! {
    rust_decimal::Decimal => rust_decimal::Decimal, rust_decimal::Decimal;
}

pub(super) fn cast<T: ColumnType>(function: Function, argument: Expr) -> Expr {
    Expr::Cast(Box::new(Expr::Function(function, vec![argument])), T::TYPE)
}

macro_rules! aggregates {
    ($name:ident $(: $bound:ident)?) => {
        impl<M $(: $bound)?, T: ColumnType> $name<M, T> {
            /// The number of rows in which the column is not null.
            pub fn count(self) -> Expression<M, i64> {
                Expression::new(Expr::Function(Function::Count, vec![self.into_expr()]))
            }

            /// The number of different values, nulls left out.
            pub fn count_distinct(self) -> Expression<M, i64> {
                Expression::new(Expr::Function(Function::CountDistinct, vec![self.into_expr()]))
            }

            /// The smallest value; `None` of no rows.
            pub fn min(self) -> Expression<M, Option<T::Scalar>> {
                Expression::new(Expr::Function(Function::Minimum, vec![self.into_expr()]))
            }

            /// The greatest value; `None` of no rows.
            pub fn max(self) -> Expression<M, Option<T::Scalar>> {
                Expression::new(Expr::Function(Function::Maximum, vec![self.into_expr()]))
            }

            /// The sum; `None` of no rows. Integers add up to `i64` (`u64` to `u64`), floats to `f64`.
            pub fn sum(self) -> Expression<M, Option<<T::Scalar as Number>::Sum>>
            where
                T::Scalar: Number,
            {
                Expression::new(cast::<<T::Scalar as Number>::Sum>(Function::Sum, self.into_expr()))
            }

            /// The average; `None` of no rows. Of decimals it is a decimal, of other numbers an `f64`.
            pub fn avg(self) -> Expression<M, Option<<T::Scalar as Number>::Average>>
            where
                T::Scalar: Number,
            {
                Expression::new(cast::<<T::Scalar as Number>::Average>(Function::Average, self.into_expr()))
            }
        }
    };
}
aggregates!(Column: Record);
aggregates!(Expression);
