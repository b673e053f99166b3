//! Joins that a query names, so that columns of what is joined can be used.
use super::{
    Expression, Predicate, Selectable, Through,
    expr::{Expr, Path, Start},
};
use crate::{
    model::Record,
    relation::Relation,
    schema::{Relationship, Table},
    value::{NotNull, Nullable},
};
use std::{fmt, marker::PhantomData};

/// What is joined with the rows of a query, without types.
#[derive(Debug, Clone)]
pub struct Join {
    /// The name that columns refer to.
    pub name: &'static str,
    /// The table that is joined.
    pub table: &'static Table,
    /// The relationship that leads there, with the place of its owner; none if only `on` tells what belongs together.
    pub along: Option<(Path, &'static Relationship)>,
    /// A further condition of the join.
    pub on: Option<Expr>,
    /// Whether rows for which nothing is found stay, with nulls.
    pub outer: bool,
}

impl Join {
    /// Whether it may find several rows for one.
    pub(crate) fn repeats(&self) -> bool {
        self.along.as_ref().is_none_or(|(_, relationship)| relationship.is_to_many())
    }
}

/// A join of model `T` with the rows of model `M`, under a name: `Order::items.alias("items")`.
///
/// It is given to [`Query::join`](super::Query::join) (or, made by `outer_alias`, to
/// [`left_join`](super::Query::left_join)), and tells columns of what is joined. `N` is `Nullable` for an outer join, whose
/// columns are `Option`s. SQLAlchemy's `aliased`.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let items = Order::items.alias("items");
/// let product = items.join(OrderItem::product.alias("product"));
/// let sold: Vec<(String, Option<i64>)> = Order::query()
///     .join(&items)
///     .join(&product)
///     .select((product.column(Product::name), items.column(OrderItem::quantity).sum()))
///     .group_by(product.column(Product::name))
///     .all(&db)
///     .await?;
/// assert_eq!(sold, [("laptop".to_owned(), Some(1))]);
/// # Ok(()) }
/// ```
#[doc(alias = "aliased")]
pub struct Alias<M, T, N = NotNull> {
    pub(crate) join: Join,
    types: PhantomData<Marked<M, T, N>>,
}

/// A join of any rows of model `T` with those of model `M`: [`on`](Alias::on) tells which belong together.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let dearer = orm::alias("dearer").on(|product| product.column(Product::price).gt(Order::total_amount));
/// assert_eq!(Order::query().join(&dearer).count(&db).await?, 0);
/// # Ok(()) }
/// ```
pub fn alias<M, T: Record>(name: &'static str) -> Alias<M, T> {
    Alias::new(Join { name, table: T::table(), along: None, on: None, outer: false })
}

impl<M, T, N> Alias<M, T, N> {
    fn new(join: Join) -> Self {
        Self { join, types: PhantomData }
    }

    /// The name.
    pub fn name(&self) -> &'static str {
        self.join.name
    }

    /// A column of what is joined, or a path or another expression from there. An `Option` if the join is an outer one.
    pub fn column<E: Selectable<T>>(&self, column: E) -> Expression<M, <N as Through<E::Type>>::Seen>
    where
        N: Through<E::Type>,
    {
        Expression::new(column.into_expr().from(Start::Join(self.join.name)))
    }

    /// A condition on what is joined, to be used in a filter.
    pub fn that(&self, condition: Predicate<T>) -> Predicate<M> {
        Predicate::new(condition.expr.from(Start::Join(self.join.name)))
    }

    /// A further condition of the join: rows for which it does not hold are not joined. It may compare with columns of the
    /// query's own model.
    #[must_use]
    pub fn on(mut self, condition: impl FnOnce(&Self) -> Predicate<M>) -> Self {
        let condition = condition(&self).expr;
        self.join.on = Some(match self.join.on.take() {
            Some(on) => on.and(condition),
            None => condition,
        });
        self
    }

    /// A join that goes on from here: `items.join(OrderItem::product.alias("product"))`. It is given to the query after this
    /// one.
    #[must_use]
    pub fn join<U, O>(&self, next: Alias<T, U, O>) -> Alias<M, U, O> {
        let Join { name, table, along, on, outer } = next.join;
        let start = Start::Join(self.join.name);
        let along = along.map(|(mut path, relationship)| {
            if path.start == Start::Root {
                path.start = start;
            }
            (path, relationship)
        });
        Alias::new(Join { name, table, along, on: on.map(|on| on.from(start)), outer })
    }
}

impl<M, T, N> Clone for Alias<M, T, N> {
    fn clone(&self) -> Self {
        Self::new(self.join.clone())
    }
}

impl<M, T, N> fmt::Debug for Alias<M, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.join.fmt(f)
    }
}

/// The join along a relationship; part of [`RelationQuery`](super::RelationQuery).
pub(super) fn along<R: Relation, N>(name: &'static str, outer: bool) -> Alias<R::Owner, R::Target, N> {
    let relationship = R::relationship();
    let along = Some((Path::new(), relationship));
    Alias::new(Join { name, table: relationship.target(), along, on: None, outer })
}

/// What `join` takes: a relationship of `M` (`User::orders`, under its field's name), or an alias (`&items`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be joined with `{M}`",
    label = "expected a relationship of `{M}`, or `&` of an alias that begins there",
    note = "an alias made by `outer_alias` is given to `left_join`; one from another model goes on from an alias: `items.join(OrderItem::product.alias(\"product\"))`"
)]
pub trait IntoJoin<M, N> {
    /// The join.
    #[doc(hidden)]
    fn into_join(self) -> Join;
}

impl<R: Relation> IntoJoin<R::Owner, NotNull> for R {
    fn into_join(self) -> Join {
        along::<R, NotNull>(R::relationship().name, false).join
    }
}

impl<R: Relation> IntoJoin<R::Owner, Nullable> for R {
    fn into_join(self) -> Join {
        along::<R, Nullable>(R::relationship().name, true).join
    }
}

impl<M, T, N> IntoJoin<M, N> for &Alias<M, T, N> {
    fn into_join(self) -> Join {
        self.join.clone()
    }
}

/// Types that are told but not held.
type Marked<M, T, N> = (fn() -> M, fn() -> T, fn() -> N);
