//! Functions of texts, numbers and dates, and those that the library does not know.
use super::{
    Column, Expression, IntoExpression, IntoOperand, Number, Through,
    expr::{Expr, Function},
};
use crate::{
    model::Record,
    value::{ColumnType, SqlType},
};

fn call<M, T>(function: Function, arguments: Vec<Expr>) -> Expression<M, T> {
    Expression::new(Expr::Function(function, arguments))
}

fn number(number: i32) -> Expr {
    Expr::Value(number.encode())
}

/// Integers are rounded already, and databases would make other numbers of them.
fn rounded<M, T>(sql_type: SqlType, function: Function, mut arguments: Vec<Expr>) -> Expression<M, T> {
    if sql_type.is_integer() { Expression::new(arguments.swap_remove(0)) } else { call(function, arguments) }
}

/// A date, or a date with a time.
#[diagnostic::on_unimplemented(message = "`{Self}` is no date", note = "`year`, `month` and `day` are for dates")]
pub trait Date: ColumnType {}

/// A date with a time, or a time of day.
#[diagnostic::on_unimplemented(message = "`{Self}` has no time of day")]
pub trait Time: ColumnType {}

#[cfg(feature = "chrono")]
mod of_chrono {
    use super::{Date, Time};
    use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
    impl Date for NaiveDate {}
    impl Date for NaiveDateTime {}
    impl Date for DateTime<Utc> {}
    impl Time for NaiveTime {}
    impl Time for NaiveDateTime {}
    impl Time for DateTime<Utc> {}
}
#[cfg(feature = "time")]
mod of_time {
    use super::{Date, Time};
    impl Date for time::Date {}
    impl Date for time::PrimitiveDateTime {}
    impl Date for time::OffsetDateTime {}
    impl Time for time::Time {}
    impl Time for time::PrimitiveDateTime {}
    impl Time for time::OffsetDateTime {}
}

macro_rules! functions {
    ($name:ident $(: $bound:ident)?) => {
        impl<M $(: $bound)?, T: ColumnType<Scalar = String>> $name<M, T> {
            /// In lower case. SQLite does so with ASCII letters only.
            pub fn lower(self) -> Expression<M, T> {
                call(Function::Lower, vec![self.into_expr()])
            }

            /// In upper case. SQLite does so with ASCII letters only.
            pub fn upper(self) -> Expression<M, T> {
                call(Function::Upper, vec![self.into_expr()])
            }

            /// Without spaces at both ends.
            pub fn trim(self) -> Expression<M, T> {
                call(Function::Trim, vec![self.into_expr()])
            }

            /// The number of characters.
            pub fn length(self) -> Expression<M, <T::Null as Through<i64>>::Seen>
            where
                T::Null: Through<i64>,
            {
                call(Function::Length, vec![self.into_expr()])
            }

            /// With another text behind it. Null if either is null.
            pub fn concat<K>(self, other: impl IntoOperand<M, T, K>) -> Expression<M, T> {
                call(Function::Concat, vec![self.into_expr(), other.into_operand()])
            }

            /// So many characters from a position on, which is counted from 1.
            pub fn substring(self, start: u32, length: u32) -> Expression<M, T> {
                let place = |place: u32| number(i32::try_from(place).unwrap_or(i32::MAX));
                call(Function::Substring, vec![self.into_expr(), place(start), place(length)])
            }

            /// With one text instead of another, everywhere.
            pub fn replace(self, text: impl Into<String>, by: impl Into<String>) -> Expression<M, T> {
                let [text, by] = [text.into(), by.into()].map(|text| Expr::Value(text.encode()));
                call(Function::Replace, vec![self.into_expr(), text, by])
            }
        }

        impl<M $(: $bound)?, T: ColumnType<Scalar: Number>> $name<M, T> {
            /// Without its sign.
            pub fn abs(self) -> Expression<M, T> {
                call(Function::Abs, vec![self.into_expr()])
            }

            /// Rounded to so many digits behind the point. Where a half of a floating-point number goes is the database's.
            pub fn round(self, digits: u8) -> Expression<M, T> {
                let float = matches!(T::TYPE, SqlType::F32 | SqlType::F64);
                let function = if float { Function::RoundFloat } else { Function::Round };
                rounded(T::TYPE, function, vec![self.into_expr(), number(digits.into())])
            }

            /// The greatest whole number that is not greater.
            pub fn floor(self) -> Expression<M, T> {
                rounded(T::TYPE, Function::Floor, vec![self.into_expr()])
            }

            /// The smallest whole number that is not smaller.
            pub fn ceil(self) -> Expression<M, T> {
                rounded(T::TYPE, Function::Ceiling, vec![self.into_expr()])
            }
        }

        impl<M $(: $bound)?, T: ColumnType<Scalar: Date, Null: Through<i32>>> $name<M, T> {
            /// The year.
            pub fn year(self) -> Expression<M, <T::Null as Through<i32>>::Seen> {
                call(Function::Year, vec![self.into_expr()])
            }

            /// The month, from 1 to 12.
            pub fn month(self) -> Expression<M, <T::Null as Through<i32>>::Seen> {
                call(Function::Month, vec![self.into_expr()])
            }

            /// The day of the month.
            pub fn day(self) -> Expression<M, <T::Null as Through<i32>>::Seen> {
                call(Function::Day, vec![self.into_expr()])
            }
        }

        impl<M $(: $bound)?, T: ColumnType<Scalar: Time, Null: Through<i32>>> $name<M, T> {
            /// The hour, from 0 to 23.
            pub fn hour(self) -> Expression<M, <T::Null as Through<i32>>::Seen> {
                call(Function::Hour, vec![self.into_expr()])
            }

            /// The minute.
            pub fn minute(self) -> Expression<M, <T::Null as Through<i32>>::Seen> {
                call(Function::Minute, vec![self.into_expr()])
            }
        }

        impl<M $(: $bound)?, T: ColumnType> $name<M, T> {
            /// The value, or another one where it is null.
            pub fn coalesce<K>(self, other: impl IntoOperand<M, T::Scalar, K>) -> Expression<M, T::Scalar> {
                call(Function::Coalesce, vec![self.into_expr(), other.into_operand()])
            }

            /// Null where it is that value, so that a division by zero can be left out: `a / b.null_if(0)`.
            pub fn null_if<K>(self, value: impl IntoOperand<M, T, K>) -> Expression<M, Option<T::Scalar>> {
                call(Function::NullIf, vec![self.into_expr(), value.into_operand()])
            }

            /// The value turned into another type by the database: `Order::total.cast::<f64>()`.
            pub fn cast<U: ColumnType>(self) -> Expression<M, <T::Null as Through<U>>::Seen>
            where
                T::Null: Through<U>,
            {
                Expression::new(Expr::Convert(Box::new(self.into_expr()), U::TYPE))
            }
        }
    };
}
functions!(Column: Record);
functions!(Expression);

/// What [`function`] takes: a tuple of up to six columns, expressions and values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no arguments of a function over `{M}`",
    note = "arguments are a tuple, a single one too: `(User::email,)`"
)]
pub trait Arguments<M> {
    /// As untyped expressions.
    #[doc(hidden)]
    fn into_arguments(self) -> Vec<Expr>;
}

macro_rules! tuples {
    ($($($item:ident $position:tt)*;)*) => {$(
        impl<M, $($item: IntoExpression<M>),*> Arguments<M> for ($($item,)*) {
            fn into_arguments(self) -> Vec<Expr> {
                vec![$(self.$position.into_expression()),*]
            }
        }
    )*};
}
tuples! {
    ;
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
}

/// Any function of the database, with the type that it gives. SQLAlchemy's `func`.
///
/// A name that is not made of letters, digits and `_` (and `.` behind a schema) is an error when the query is executed.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let place = orm::function::<i64, _>("instr", (User::email, "@"));
/// assert_eq!(User::query().select(place).one(&db).await?, 4);
/// # Ok(()) }
/// ```
#[doc(alias = "func")]
pub fn function<T: ColumnType, M>(name: &'static str, arguments: impl Arguments<M>) -> Expression<M, T> {
    call(Function::Named(name), arguments.into_arguments())
}
