//! A set-based update: columns of many rows at once, none of which is loaded.
use super::{Column, IntoOperand, Parts, expr::Expr};
use std::{fmt, marker::PhantomData};

/// New values for columns of all rows of a query, made by [`Query::set`](super::Query::set).
#[must_use = "an update does nothing until it is executed"]
pub struct SetRows<M> {
    pub(crate) parts: Parts,
    pub(crate) values: Vec<(u16, Expr)>,
    model: PhantomData<fn() -> M>,
}

impl<M> SetRows<M> {
    pub(super) fn new(parts: Parts) -> Self {
        Self { parts, values: Vec::new(), model: PhantomData }
    }

    /// Sets a column: to a value, to what is computed of the row, or to what its relationships lead to (a path, a number
    /// over related rows). The last one of a column counts.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let email = Order::user.path(User::email);
    /// assert_eq!(Order::query().all_rows().set(Order::status, email).update(&db).await?, 1);
    /// # Ok(()) }
    /// ```
    pub fn set<T, K>(mut self, column: Column<M, T>, value: impl IntoOperand<M, T, K>) -> Self {
        self.values.retain(|(position, _)| *position != column.position());
        self.values.push((column.position(), value.into_operand()));
        self
    }
}

impl<M> Clone for SetRows<M> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), values: self.values.clone(), model: PhantomData }
    }
}

impl<M> fmt::Debug for SetRows<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetRows").field("parts", &self.parts).field("values", &self.values).finish()
    }
}
