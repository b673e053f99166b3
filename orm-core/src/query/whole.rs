//! Whole rows among what is selected.
use super::{
    Alias, SelectItem,
    expr::{Expr, Path, Start},
};
use crate::{
    error::Result,
    model::Record,
    schema::Table,
    value::{NotNull, Nullable, RowReader},
};
use std::{fmt, marker::PhantomData};

/// A whole row of `T` in each result row of a query over `M`, made by [`row`] and [`Alias::row`]. With `N = Nullable` it is
/// an `Option`.
#[must_use = "give it to `select`"]
pub struct WholeRow<M, T, N = NotNull> {
    start: Start,
    types: PhantomData<Marked<M, T, N>>,
}

/// The whole row of the query's own model, as a plain value beside other things that are selected.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let items = Order::items.alias("items");
/// let rows: Vec<(Order, OrderItem)> =
///     Order::query().join(&items).select((orm::row(), items.row())).all(&db).await?;
/// assert_eq!(rows[0].0.id, rows[0].1.order_id);
/// # Ok(()) }
/// ```
pub fn row<M: Record>() -> WholeRow<M, M> {
    WholeRow { start: Start::Root, types: PhantomData }
}

impl<M, T: Record, N> Alias<M, T, N> {
    /// The whole joined row, as a plain value; `None` where an outer join found nothing. Its deferred columns are not
    /// loaded.
    pub fn row(&self) -> WholeRow<M, T, N> {
        WholeRow { start: Start::Join(self.name()), types: PhantomData }
    }
}

impl<M, T: Record, N> WholeRow<M, T, N> {
    fn push_columns(&self, expressions: &mut Vec<Expr>) {
        let table = T::table();
        let column = |column| Expr::Column { path: Path { start: self.start, steps: Vec::new() }, table, column };
        expressions.extend(selected(table).map(column));
    }
}

/// The columns that a whole row is made of.
fn selected(table: &'static Table) -> impl Iterator<Item = u16> {
    let columns = table.columns.iter().enumerate().filter(|(_, column)| !column.deferred);
    columns.map(|(position, _)| position as u16)
}

impl<M, T: Record> SelectItem<M> for WholeRow<M, T> {
    type Output = T;
    fn push_exprs(self, expressions: &mut Vec<Expr>) {
        self.push_columns(expressions);
    }
    fn read_item(reader: &mut RowReader<'_>) -> Result<T> {
        reader.without_deferred(T::read)
    }
}

impl<M, T: Record> SelectItem<M> for WholeRow<M, T, Nullable> {
    type Output = Option<T>;
    fn push_exprs(self, expressions: &mut Vec<Expr>) {
        self.push_columns(expressions);
    }
    fn read_item(reader: &mut RowReader<'_>) -> Result<Option<T>> {
        let table = T::table();
        let key = table.primary_key.first().copied().unwrap_or_default();
        let place = selected(table).take_while(|column| *column != key).count();
        if reader.is_null(place) {
            reader.skip(selected(table).count());
            return Ok(None);
        }
        reader.without_deferred(T::read).map(Some)
    }
}

impl<M, T, N> Clone for WholeRow<M, T, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T, N> Copy for WholeRow<M, T, N> {}

impl<M, T, N> fmt::Debug for WholeRow<M, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WholeRow").field(&self.start).finish()
    }
}

/// Types that are told but not held.
type Marked<M, T, N> = (fn() -> M, fn() -> T, fn() -> N);
