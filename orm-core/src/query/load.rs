//! Load options: which relationships a query loads along, how, and which part of them.
use super::{Column, Include, IntoOrder, Predicate, RelationQuery};
use crate::{
    model::Record,
    relation::Relation,
    schema::{Relationship, Strategy},
    value::Deferred,
};
use std::{fmt, marker::PhantomData};

/// How to load a relationship of model `M` that leads to model `T`: `User::orders.selectin()`.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let _query = User::query().with(
///     User::orders
///         .selectin()
///         .filter(Order::status.eq("open"))
///         .order_by(Order::id.desc())
///         .limit(3)                          // for each user
///         .with(Order::items.selectin().with(OrderItem::product)),
/// );
/// # Ok(()) }
/// ```
///
/// SQLAlchemy calls this a loader option, EF Core a filtered `Include` with `ThenInclude`.
#[doc(alias = "ThenInclude")]
#[must_use = "give it to `with` of a query"]
pub struct Load<M, T> {
    pub(crate) include: Include,
    models: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Load<M, T> {
    pub(super) fn new(include: Include) -> Self {
        Self { include, models: PhantomData }
    }

    /// Only the targets that meet a condition. The load is partial then: it is read by `.partial()`, and is never taken
    /// for the whole collection.
    pub fn filter(mut self, predicate: Predicate<T>) -> Self {
        self.include.filter = Some(match self.include.filter.take() {
            Some(filter) => filter.and(predicate.expr),
            None => predicate.expr,
        });
        self
    }

    /// The order of the targets, before the order that the relationship declares.
    pub fn order_by(mut self, order: impl IntoOrder<T>) -> Self {
        order.push_terms(&mut self.include.order);
        self
    }

    /// At most so many targets *for each owner*. The load is partial then.
    pub fn limit(mut self, limit: u64) -> Self {
        self.include.limit = Some(limit);
        self
    }

    /// What to load along with the targets.
    #[doc(alias = "ThenInclude")]
    pub fn with(mut self, nested: impl IntoInclude<T>) -> Self {
        nested.include_in(&mut Includes { list: &mut self.include.nested, deferred: &mut self.include.deferred });
        self
    }

    /// Targets that global criteria hide are loaded too, by this relationship alone: what is nested says it for itself. Where
    /// there are such criteria the load is partial. See [`Query::without_criteria`](super::Query::without_criteria).
    #[doc(alias = "with_trashed")]
    pub fn without_criteria(mut self) -> Self {
        self.include.without_criteria = true;
        self
    }

    /// The number of targets too, also of those that a filter or limit leaves out: one more statement for all owners, none
    /// where all targets are loaded anyway. It is read by `user.orders().counted()?`, and by `user.orders.counted()?` of a
    /// value. Rails' `counter_cache` and Laravel's `withCount` are for the same; for the number alone see
    /// [`counted`](super::RelationQuery::counted).
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let users = User::query().with(User::orders.selectin().limit(3).with_count()).all(&session).await?;
    /// for user in users {
    ///     let newest = user.orders().partial()?;
    ///     println!("{} of {}", newest.len(), user.orders().counted()?);
    /// }
    /// # assert_eq!(session.statement_count(), 3);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "withCount")]
    pub fn with_count(mut self) -> Self {
        self.include.count = true;
        self
    }
}

impl<M, T> Load<M, T> {
    /// Down to so many levels of a relationship that leads to its own model, with one statement for each level; it ends
    /// sooner where there is nothing below. SQLAlchemy's `recursion_depth`.
    ///
    /// A level takes the filter, order, limit and nested loads of the first one. What is below the last level is not loaded,
    /// and is read as ever. A strategy that joins is select-in here.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Model, Clone, Debug)]
    /// # #[orm(table = "categories")]
    /// # struct Category {
    /// #     #[orm(primary_key)]
    /// #     id: i64,
    /// #     parent_id: Option<i64>,
    /// #     #[orm(back_populates = children)]
    /// #     parent: BelongsTo<Option<Category>>,
    /// #     #[orm(back_populates = parent)]
    /// #     children: HasMany<Category>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = Db::connect("sqlite::memory:").await?;
    /// # orm::schema![Category].create_all(&db).await?;
    /// let roots = Category::query().filter(Category::parent_id.is_null());
    /// let _two_levels: Vec<Category> = roots.clone().with(Category::children.selectin().recursive(2)).all(&db).await?;
    /// let _whole_trees: Vec<Category> = roots.with(Category::children.selectin().recursive_all()).all(&db).await?;
    /// # Ok(()) }
    /// ```
    #[doc(alias = "recursion_depth")]
    pub fn recursive(mut self, depth: u32) -> Self
    where
        T: SameModel<M>,
    {
        self.include.recursive = Some(depth);
        self
    }

    /// [`recursive`](Self::recursive) down to the leaves. Rows that lead in a circle end it.
    ///
    /// Of plain values, which hold their targets, a circle ends with a row whose relationship is unloaded; of a many-to-many,
    /// where ways meet again, that is every row but the first that was met.
    pub fn recursive_all(self) -> Self
    where
        T: SameModel<M>,
    {
        self.recursive(u32::MAX)
    }
}

/// That the targets of a relationship are of its owner's model `M`.
#[diagnostic::on_unimplemented(
    message = "`recursive` is for a relationship of a model to itself, and this one leads from `{M}` to `{Self}`",
    label = "there is no further level of this relationship",
    note = "say what to load with the targets by `.with(..)`"
)]
pub trait SameModel<M> {}
impl<M> SameModel<M> for M {}

impl<M, T> Clone for Load<M, T> {
    fn clone(&self) -> Self {
        Self::new(self.include.clone())
    }
}

impl<M, T> fmt::Debug for Load<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.include.fmt(f)
    }
}

/// A relationship of model `M` that is loaded from a join of the query: `Order::items.from_join(&items)`.
#[must_use = "give it to `with` of a query"]
pub struct FromJoin<M, T> {
    include: Include,
    models: PhantomData<fn() -> (M, T)>,
}

impl<M, T> FromJoin<M, T> {
    pub(super) fn new(relationship: &'static Relationship, join: &'static str) -> Self {
        let strategy = Some(Strategy::Joined);
        let include = Include { strategy, from_join: Some(join), ..Include::new(relationship) };
        Self { include, models: PhantomData }
    }

    /// What to load along with the targets: from further joins of the query, or in any other way.
    pub fn with(mut self, nested: impl IntoInclude<T>) -> Self {
        nested.include_in(&mut Includes { list: &mut self.include.nested, deferred: &mut self.include.deferred });
        self
    }
}

impl<M, T> Clone for FromJoin<M, T> {
    fn clone(&self) -> Self {
        Self { include: self.include.clone(), models: PhantomData }
    }
}

impl<M, T> fmt::Debug for FromJoin<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.include.fmt(f)
    }
}

/// Where `with` puts what it is given.
pub struct Includes<'a> {
    pub(super) list: &'a mut Vec<Include>,
    pub(super) deferred: &'a mut bool,
}

/// What `with` takes: a relationship of `M` (`User::orders`), one with a strategy (`User::orders.selectin()`), a deferred
/// column (`User::photo`), or a tuple of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be loaded along with `{M}`",
    label = "expected a relationship of `{M}`, or one of its deferred columns",
    note = "a relationship of the related model goes inside: `.with(User::orders.selectin().with(Order::items))`; plain columns are always loaded"
)]
pub trait IntoInclude<M> {
    /// Adds it to what is loaded along.
    #[doc(hidden)]
    fn include_in(self, includes: &mut Includes<'_>);
}

impl<M, R: Relation<Owner = M>> IntoInclude<M> for R {
    fn include_in(self, includes: &mut Includes<'_>) {
        Include::merge(includes.list, Include::new(R::relationship()));
    }
}

impl<M, T> IntoInclude<M> for Load<M, T> {
    fn include_in(self, includes: &mut Includes<'_>) {
        Include::merge(includes.list, self.include);
    }
}

impl<M, T> IntoInclude<M> for FromJoin<M, T> {
    fn include_in(self, includes: &mut Includes<'_>) {
        Include::merge(includes.list, self.include);
    }
}

impl<M: Record, T> IntoInclude<M> for Column<M, Deferred<T>> {
    fn include_in(self, includes: &mut Includes<'_>) {
        *includes.deferred = true;
    }
}

macro_rules! tuples {
    ($($($include:ident $position:tt),+;)*) => {$(
        impl<M, $($include: IntoInclude<M>),+> IntoInclude<M> for ($($include,)+) {
            fn include_in(self, includes: &mut Includes<'_>) {
                $(self.$position.include_in(includes);)+
            }
        }
    )*};
}
tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
}

/// The options of a relationship; part of [`RelationQuery`].
pub(super) fn by<R: RelationQuery>(strategy: Option<Strategy>) -> Load<R::Owner, R::Target> {
    Load::new(Include { strategy, ..Include::new(R::relationship()) })
}
