//! Queries inside expressions, which may refer to a row of the query around them.
use super::{
    Expression, Predicate, Projected, Query, Selectable, Tuples,
    expr::{Expr, Path, Start, Subquery},
};
use crate::value::ColumnType;
use std::{
    fmt,
    marker::PhantomData,
    sync::atomic::{AtomicU64, Ordering},
};

/// A row of `M` of the query around an inner one, as [`exists`] and [`scalar`] show it.
pub struct Outer<M> {
    number: u64,
    model: PhantomData<fn() -> M>,
}

/// Numbers tell the rows of nested queries, and shared queries, from each other.
pub(super) fn next_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl<M> Outer<M> {
    fn new() -> Self {
        Self { number: next_number(), model: PhantomData }
    }

    /// A column of the outer row, or a path or another expression from there, for a query over any model `N`.
    pub fn column<N, E: Selectable<M>>(&self, column: E) -> Expression<N, E::Type> {
        Expression::new(column.into_expr().from(Start::Outer(self.number)))
    }

    fn subquery(self, tuples: Tuples) -> Box<Subquery> {
        Box::new(Subquery { tuples, outer: Some(self.number), path: Path::new() })
    }
}

impl<M> Clone for Outer<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Outer<M> {}

impl<M> fmt::Debug for Outer<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Outer").field(&self.number).finish()
    }
}

/// Whether an inner query gives a row. It is given the outer row, which its conditions may compare with.
///
/// Where a relationship leads there, [`any`](super::RelationQuery::any) and [`has`](super::RelationQuery::has) are shorter.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// // Users whose name a product has.
/// let namesake = orm::exists(|user| Product::query().filter(Product::name.eq(user.column(User::full_name))));
/// assert_eq!(User::query().filter(namesake).count(&db).await?, 0);
/// # Ok(()) }
/// ```
pub fn exists<M, N>(query: impl FnOnce(Outer<M>) -> Query<N>) -> Predicate<M> {
    let outer = Outer::new();
    let parts = *query(outer).parts;
    let tuples = Tuples { parts, columns: Vec::new(), group_by: Vec::new(), having: None };
    Predicate::new(Expr::Exists(outer.subquery(tuples)))
}

/// The value of an inner query of one column, which may give one row at most; `None` if it gives none. It is given the
/// outer row, which its conditions may compare with.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let dearest = orm::scalar(|_| Product::query().select(Product::price.max()));
/// assert_eq!(Product::query().filter(Product::price.eq(dearest)).count(&db).await?, 1);
/// # Ok(()) }
/// ```
#[doc(alias = "scalar_subquery")]
pub fn scalar<M, N, T: ColumnType>(
    query: impl FnOnce(Outer<M>) -> Projected<N, T>,
) -> Expression<M, Option<T::Scalar>> {
    let outer = Outer::new();
    let tuples = query(outer).tuples;
    Expression::new(Expr::Scalar(outer.subquery(tuples)))
}
