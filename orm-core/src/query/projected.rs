//! A query of columns and expressions instead of whole rows.
use super::{IntoOrder, Parts, Predicate, Selection, expr::Expr};
use crate::{error::Result, value::RowReader};
use std::{fmt, marker::PhantomData};

/// A query of columns and expressions, without types.
#[derive(Debug, Clone)]
pub struct Tuples {
    /// The rows that they are computed from.
    pub parts: Parts,
    /// What is selected.
    pub columns: Vec<Expr>,
    /// What the rows are grouped by.
    pub group_by: Vec<Expr>,
    /// Which groups.
    pub having: Option<Expr>,
}

impl Tuples {
    /// Columns of the rows themselves.
    pub(crate) fn of_columns(parts: Parts, columns: &[u16]) -> Self {
        let columns = columns.iter().map(|column| Expr::column(parts.table, *column)).collect();
        Self { parts, columns, group_by: Vec::new(), having: None }
    }
}

/// A query over the rows of `M` that gives `T`s, made by [`Query::select`](super::Query::select).
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let totals: Vec<(String, i64)> = Order::query()
///     .select((Order::status, orm::count()))
///     .group_by(Order::status)
///     .having(orm::count().gt(5))
///     .order_by(orm::count().desc())
///     .all(&db)
///     .await?;
/// # Ok(()) }
/// ```
#[must_use = "a query does nothing until it is executed"]
pub struct Projected<M, T> {
    pub(crate) tuples: Tuples,
    pub(crate) read: fn(&mut RowReader<'_>) -> Result<T>,
    model: PhantomData<fn() -> M>,
}

impl<M, T> Projected<M, T> {
    pub(super) fn new<S: Selection<M, Output = T>>(parts: Parts, selection: S) -> Self {
        let tuples = Tuples { parts, columns: selection.into_exprs(), group_by: Vec::new(), having: None };
        Self::over(tuples, S::read)
    }

    pub(super) fn over(tuples: Tuples, read: fn(&mut RowReader<'_>) -> Result<T>) -> Self {
        Self { tuples, read, model: PhantomData }
    }

    /// Adds a condition on the rows, before they are grouped.
    pub fn filter(mut self, predicate: Predicate<M>) -> Self {
        self.tuples.parts.narrow(predicate.expr);
        self
    }

    /// One result row for each combination of these.
    pub fn group_by(mut self, by: impl Selection<M>) -> Self {
        self.tuples.group_by.extend(by.into_exprs());
        self
    }

    /// Adds a condition on the groups.
    pub fn having(mut self, predicate: Predicate<M>) -> Self {
        self.tuples.having = Some(match self.tuples.having.take() {
            Some(having) => having.and(predicate.expr),
            None => predicate.expr,
        });
        self
    }

    /// Adds to the order.
    pub fn order_by(mut self, order: impl IntoOrder<M>) -> Self {
        order.push_terms(&mut self.tuples.parts.order);
        self
    }

    /// At most so many result rows.
    pub fn limit(mut self, limit: u64) -> Self {
        self.tuples.parts.limit = Some(limit);
        self
    }

    /// Leaves out so many result rows.
    pub fn offset(mut self, offset: u64) -> Self {
        self.tuples.parts.offset = Some(offset);
        self
    }

    /// Leaves out repeated result rows.
    pub fn distinct(mut self) -> Self {
        self.tuples.parts.distinct = true;
        self
    }
}

impl<M, T> Clone for Projected<M, T> {
    fn clone(&self) -> Self {
        Self { tuples: self.tuples.clone(), read: self.read, model: PhantomData }
    }
}

impl<M, T> fmt::Debug for Projected<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tuples.fmt(f)
    }
}
