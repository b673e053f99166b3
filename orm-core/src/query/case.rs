//! A value that depends on conditions.
use super::{Expression, IntoExpression, Predicate, expr::Expr};
use crate::value::ColumnType;
use std::{fmt, marker::PhantomData};

/// A `CASE` without its first condition, made by [`case`].
#[must_use = "say what it is: `.when(condition, value)`"]
#[derive(Debug)]
pub struct NoCase<M>(PhantomData<fn() -> M>);

/// A value of type `T` that depends on conditions, made by [`case`]: the value of the first one that holds.
#[must_use = "say what it is otherwise: `.otherwise(value)`, or `.end()` for null"]
pub struct Case<M, T> {
    cases: Vec<(Expr, Expr)>,
    types: PhantomData<fn() -> (M, T)>,
}

/// A value that depends on conditions.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let size = orm::case()
///     .when(Order::total_amount.lt(dec!(10)), "small")
///     .when(Order::total_amount.lt(dec!(100)), "medium")
///     .otherwise("large");
/// assert_eq!(Order::query().select(size).all(&db).await?, ["large"]);
/// # Ok(()) }
/// ```
pub fn case<M>() -> NoCase<M> {
    NoCase(PhantomData)
}

impl<M> NoCase<M> {
    /// The value where a condition holds.
    pub fn when<V: IntoExpression<M>>(self, condition: Predicate<M>, value: V) -> Case<M, V::Type> {
        Case { cases: vec![(condition.expr, value.into_expression())], types: PhantomData }
    }
}

impl<M, T: ColumnType> Case<M, T> {
    /// The value where no condition before holds and this one does.
    pub fn when(mut self, condition: Predicate<M>, value: impl IntoExpression<M, Type = T>) -> Self {
        self.cases.push((condition.expr, value.into_expression()));
        self
    }

    /// The value where no condition holds.
    pub fn otherwise(self, value: impl IntoExpression<M, Type = T>) -> Expression<M, T> {
        Expression::new(Expr::Case(self.cases, Some(Box::new(value.into_expression()))))
    }

    /// Null where no condition holds.
    pub fn end(self) -> Expression<M, Option<T::Scalar>> {
        Expression::new(Expr::Case(self.cases, None))
    }
}

impl<M, T> Clone for Case<M, T> {
    fn clone(&self) -> Self {
        Self { cases: self.cases.clone(), types: PhantomData }
    }
}

impl<M, T> fmt::Debug for Case<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Case").field(&self.cases).finish()
    }
}
