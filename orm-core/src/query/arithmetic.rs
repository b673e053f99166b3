//! Calculating with numbers: `+ - * / %` on columns and expressions.
//!
//! Integers are divided towards zero, and a remainder has the sign of what is divided, on every database. A division by zero is
//! null on SQLite and MySQL and an error on PostgreSQL: `a / b.null_if(0)` is null on all of them.
use super::{
    Column, Expression, IntoExpression, Through,
    expr::{Expr, Function, Operator},
};
use crate::value::{ColumnType, NotNull, Nullability, Nullable};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

/// A number that can be calculated with an `R`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{R}` cannot be calculated with each other",
    note = "turn one of them into the other's type: `Order::quantity.cast::<f64>()`"
)]
pub trait Arithmetic<R>: ColumnType {
    /// The type of the result.
    type Output: ColumnType<Null = NotNull>;
    /// Whether both are integers, so that a division cuts off the fraction.
    const WHOLE: bool;
}

/// Integers of which one can be divided by the other with a remainder.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{R}` have no remainder",
    note = "`%` is for integers, as not every database has it for other numbers"
)]
pub trait Whole<R>: Arithmetic<R> {}

macro_rules! pairs {
    ($whole:tt: $($left:ty, $right:ty => $output:ty;)*) => {$(
        impl Arithmetic<$right> for $left {
            type Output = $output;
            const WHOLE: bool = $whole;
        }
        pairs!(@$whole $left, $right);
    )*};
    (@true $left:ty, $right:ty) => { impl Whole<$right> for $left {} };
    (@false $left:ty, $right:ty) => {};
}
macro_rules! both {
    ($whole:tt: $($left:ty, $right:ty => $output:ty;)*) => {
        pairs! { $whole: $($left, $right => $output; $right, $left => $output;)* }
    };
}
pairs! { true:
    i8, i8 => i8; i16, i16 => i16; i32, i32 => i32; i64, i64 => i64;
    u8, u8 => u8; u16, u16 => u16; u32, u32 => u32; u64, u64 => u64;
}
both! { true:
    i8, i32 => i32; i16, i32 => i32; i64, i32 => i64;
    u8, i32 => i32; u16, i32 => i32; u32, i32 => i64; u64, i32 => u64;
    i8, i64 => i64; i16, i64 => i64; u8, i64 => i64; u16, i64 => i64; u32, i64 => i64; u64, i64 => i64;
}
pairs! { false: f32, f32 => f32; f64, f64 => f64; }
both! { false:
    f32, f64 => f64; f32, i32 => f64;
    f64, i8 => f64; f64, i16 => f64; f64, i32 => f64; f64, i64 => f64;
    f64, u8 => f64; f64, u16 => f64; f64, u32 => f64; f64, u64 => f64;
}
#[cfg(feature = "rust_decimal")]
pairs! { false: rust_decimal::Decimal, rust_decimal::Decimal => rust_decimal::Decimal; }
#[cfg(feature = "rust_decimal")]
both! { false:
    rust_decimal::Decimal, i8 => rust_decimal::Decimal; rust_decimal::Decimal, i16 => rust_decimal::Decimal;
    rust_decimal::Decimal, i32 => rust_decimal::Decimal; rust_decimal::Decimal, i64 => rust_decimal::Decimal;
    rust_decimal::Decimal, u8 => rust_decimal::Decimal; rust_decimal::Decimal, u16 => rust_decimal::Decimal;
    rust_decimal::Decimal, u32 => rust_decimal::Decimal; rust_decimal::Decimal, u64 => rust_decimal::Decimal;
}

/// Whether a result may be null: if either side may.
pub trait EitherNull<N> {
    /// [`Nullable`] if one of them is.
    type Null: Nullability;
}
impl<N: Nullability> EitherNull<N> for NotNull {
    type Null = N;
}
impl<N> EitherNull<N> for Nullable {
    type Null = Nullable;
}

/// A column type that can be calculated with a column type `R`, either of them an `Option` or not.
pub trait Calculate<R> {
    /// The type of the result: an `Option` if one of them is.
    type Output;
    /// Whether both are integers.
    const WHOLE: bool;
}

impl<T, R> Calculate<R> for T
where
    T: ColumnType<Scalar: Arithmetic<R::Scalar>, Null: EitherNull<R::Null>>,
    R: ColumnType,
    <T::Null as EitherNull<R::Null>>::Null: Through<<T::Scalar as Arithmetic<R::Scalar>>::Output>,
{
    type Output =
        <<T::Null as EitherNull<R::Null>>::Null as Through<<T::Scalar as Arithmetic<R::Scalar>>::Output>>::Seen;
    const WHOLE: bool = <T::Scalar as Arithmetic<R::Scalar>>::WHOLE;
}

fn binary(left: Expr, operator: Operator, right: Expr) -> Expr {
    Expr::Binary(Box::new(left), operator, Box::new(right))
}

fn division(whole: bool) -> Operator {
    if whole { Operator::DivideWhole } else { Operator::Divide }
}

macro_rules! operators {
    ($name:ident: $($operation:ident $method:ident $operator:expr;)*) => {
        $(
            impl<M, T: Calculate<R::Type>, R: IntoExpression<M>> $operation<R> for $name<M, T>
            where
                Self: IntoExpression<M>,
            {
                type Output = Expression<M, T::Output>;
                fn $method(self, other: R) -> Self::Output {
                    let operator: fn(bool) -> Operator = $operator;
                    let operator = operator(<T as Calculate<R::Type>>::WHOLE);
                    Expression::new(binary(self.into_expression(), operator, other.into_expression()))
                }
            }
        )*
        impl<M, T: Calculate<R::Type>, R: IntoExpression<M>> Rem<R> for $name<M, T>
        where
            Self: IntoExpression<M>,
            T: ColumnType<Scalar: Whole<<R::Type as ColumnType>::Scalar>>,
        {
            type Output = Expression<M, T::Output>;
            fn rem(self, other: R) -> Self::Output {
                Expression::new(binary(self.into_expression(), Operator::Remainder, other.into_expression()))
            }
        }
        impl<M, T: ColumnType<Scalar: Arithmetic<T::Scalar>>> Neg for $name<M, T>
        where
            Self: IntoExpression<M>,
        {
            type Output = Expression<M, T>;
            fn neg(self) -> Self::Output {
                Expression::new(Expr::Function(Function::Negate, vec![self.into_expression()]))
            }
        }
    };
}
operators! { Column:
    Add add |_| Operator::Add;
    Sub sub |_| Operator::Subtract;
    Mul mul |_| Operator::Multiply;
    Div div division;
}
operators! { Expression:
    Add add |_| Operator::Add;
    Sub sub |_| Operator::Subtract;
    Mul mul |_| Operator::Multiply;
    Div div division;
}
