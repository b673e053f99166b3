//! What an expression can be made of: columns, other expressions, values.
use super::{Column, Expression, expr::Expr};
use crate::{model::Record, value::ColumnType};

/// A column or expression of `M`, or a value, as a part of an expression: `OrderItem::quantity * 2`.
///
/// Values are numbers, texts, `bool`, and the types of the optional features; any other column type (an enum, a newtype) is
/// wrapped by [`value`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no part of an expression of `{M}`",
    label = "expected a column or expression of `{M}`, or a value",
    note = "a value of an enum or a newtype is wrapped: `orm::value(Status::Open)`"
)]
pub trait IntoExpression<M> {
    /// The type of its values.
    type Type: ColumnType;
    /// As an untyped expression.
    #[doc(hidden)]
    fn into_expression(self) -> Expr;
}

impl<M: Record, T: ColumnType> IntoExpression<M> for Column<M, T> {
    type Type = T;
    fn into_expression(self) -> Expr {
        self.expr()
    }
}

impl<M, T: ColumnType> IntoExpression<M> for Expression<M, T> {
    type Type = T;
    fn into_expression(self) -> Expr {
        self.expr
    }
}

/// A value as an expression.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let rows = User::query().select((orm::value("user".to_owned()), User::id)).all(&db).await?;
/// assert_eq!(rows, [("user".to_owned(), 1)]);
/// # Ok(()) }
/// ```
pub fn value<M, T: ColumnType>(value: T) -> Expression<M, T> {
    Expression::new(Expr::Value(value.encode()))
}

macro_rules! values {
    ($($type:ty),* $(,)?) => {$(
        impl<M> IntoExpression<M> for $type {
            type Type = $type;
            fn into_expression(self) -> Expr {
                Expr::Value(self.encode())
            }
        }
    )*};
}
values!(i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, bool, String, Vec<u8>);
#[cfg(feature = "rust_decimal")]
values!(rust_decimal::Decimal);
#[cfg(feature = "uuid")]
values!(uuid::Uuid);
#[cfg(feature = "chrono")]
values!(chrono::NaiveDate, chrono::NaiveTime, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>);
#[cfg(feature = "time")]
values!(time::Date, time::Time, time::PrimitiveDateTime, time::OffsetDateTime);

impl<M> IntoExpression<M> for &str {
    type Type = String;
    fn into_expression(self) -> Expr {
        Expr::Value(self.to_owned().encode())
    }
}
