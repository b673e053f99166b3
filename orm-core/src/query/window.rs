//! Functions over the rows around each row.
use super::{
    Expression, IntoExpression, IntoOrder, Selection,
    expr::{Expr, Function, WindowParts},
};
use crate::value::ColumnType;
use std::{fmt, marker::PhantomData};

/// Which rows around each row of `M` a function is computed from, made by [`window`].
#[must_use = "give it to `over`"]
pub struct Window<M> {
    parts: WindowParts,
    model: PhantomData<fn() -> M>,
}

/// All rows of the query, until it is said which of them and in which order.
///
/// A condition cannot ask for a function over a window; [`rows`](super::Projected::rows) makes its value a column that can be
/// asked for.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let of_user = || orm::window().partition_by(Order::user_id).order_by(Order::id);
/// let orders: Vec<(i64, i64, Option<Decimal>)> = Order::query()
///     .select((Order::id, orm::row_number().over(of_user()), Order::total_amount.sum().over(of_user())))
///     .all(&db)
///     .await?;
/// assert_eq!(orders, [(1, 1, Some(dec!(999.50)))]);
/// # Ok(()) }
/// ```
pub fn window<M>() -> Window<M> {
    Window { parts: WindowParts::default(), model: PhantomData }
}

impl<M> Window<M> {
    /// Only the rows that have the same values of these.
    pub fn partition_by(mut self, by: impl Selection<M>) -> Self {
        self.parts.partition.extend(by.into_exprs());
        self
    }

    /// Adds to the order. Without [`rows`](Self::rows) an aggregate is then computed from the rows up to this one.
    pub fn order_by(mut self, order: impl IntoOrder<M>) -> Self {
        order.push_terms(&mut self.parts.order);
        self
    }

    /// From so many rows before this one to so many after it; `None` is all. A moving average of three: `.rows(1, 1)`.
    pub fn rows(mut self, before: impl Into<Option<u32>>, after: impl Into<Option<u32>>) -> Self {
        self.parts.rows = Some((before.into(), after.into()));
        self
    }
}

impl<M> Clone for Window<M> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), model: PhantomData }
    }
}

impl<M> fmt::Debug for Window<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.fmt(f)
    }
}

/// A function that needs a window: [`row_number`] and its kin.
#[must_use = "say over which rows: `.over(orm::window())`"]
pub struct WindowFunction<M, T> {
    expr: Expr,
    types: PhantomData<fn() -> (M, T)>,
}

impl<M, T> WindowFunction<M, T> {
    fn new(function: Function, arguments: Vec<Expr>) -> Self {
        Self { expr: Expr::Function(function, arguments), types: PhantomData }
    }

    /// Its value over a window.
    pub fn over(self, window: Window<M>) -> Expression<M, T> {
        Expression::new(Expr::Over(Box::new(self.expr), Box::new(window.parts)))
    }
}

impl<M, T> fmt::Debug for WindowFunction<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

impl<M, T> Expression<M, T> {
    /// An aggregate over the rows around each row, which stay as they are: `Order::total.sum().over(orm::window())`.
    pub fn over(self, window: Window<M>) -> Self {
        Self::new(Expr::Over(Box::new(self.expr), Box::new(window.parts)))
    }
}

/// The number of the row, from 1.
pub fn row_number<M>() -> WindowFunction<M, i64> {
    WindowFunction::new(Function::RowNumber, Vec::new())
}

/// The rank of the row: equal ones have the same, and the next one's counts them all.
pub fn rank<M>() -> WindowFunction<M, i64> {
    WindowFunction::new(Function::Rank, Vec::new())
}

/// The rank of the row: equal ones have the same, and the next one's is greater by one.
pub fn dense_rank<M>() -> WindowFunction<M, i64> {
    WindowFunction::new(Function::DenseRank, Vec::new())
}

/// What a row so many before this one has; `None` if there is none.
pub fn lag<M, E: IntoExpression<M>>(value: E, rows: u32) -> WindowFunction<M, Option<<E::Type as ColumnType>::Scalar>> {
    WindowFunction::new(Function::Lag, vec![value.into_expression(), distance(rows)])
}

/// What a row so many after this one has; `None` if there is none.
pub fn lead<M, E: IntoExpression<M>>(
    value: E,
    rows: u32,
) -> WindowFunction<M, Option<<E::Type as ColumnType>::Scalar>> {
    WindowFunction::new(Function::Lead, vec![value.into_expression(), distance(rows)])
}

/// What the first row of the window has.
pub fn first_value<M, E: IntoExpression<M>>(value: E) -> WindowFunction<M, E::Type> {
    WindowFunction::new(Function::FirstValue, vec![value.into_expression()])
}

/// What the last row of the window has. With an order that is this row, unless [`Window::rows`] says otherwise.
pub fn last_value<M, E: IntoExpression<M>>(value: E) -> WindowFunction<M, E::Type> {
    WindowFunction::new(Function::LastValue, vec![value.into_expression()])
}

/// MariaDB wants the number itself there, not a bound value.
fn distance(rows: u32) -> Expr {
    Expr::Literal(rows)
}
