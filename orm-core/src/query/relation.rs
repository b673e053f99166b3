//! What a relationship is in a query: conditions on its targets, paths to their columns, and load options.
use super::{
    Alias, Expression, FromJoin, Load, Matching, Number, Predicate, Selectable,
    expr::{Expr, Path},
    join, load, matching,
    matching::{AverageOf, ScalarOf, SumOf},
};
use crate::{
    relation::{Relation, ToMany, ToOne},
    schema::Strategy,
    value::{ColumnType, NotNull, Nullable},
};

/// The methods of a relationship in a query: `User::orders.any(…)`, `Order::user.path(User::email)`,
/// `User::orders.selectin()`. Every relationship has them.
pub trait RelationQuery: Relation {
    /// Some target meets the condition: an `EXISTS`, so that no row is multiplied. EF Core's `Any`.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let _query = User::query().filter(User::orders.any(Order::total_amount.gt(dec!(100))));
    /// # Ok(()) }
    /// ```
    fn any(self, condition: Predicate<Self::Target>) -> Predicate<Self::Owner>
    where
        Self: ToMany,
    {
        related::<Self>(condition.expr)
    }

    /// No target meets the condition.
    fn none(self, condition: Predicate<Self::Target>) -> Predicate<Self::Owner>
    where
        Self: ToMany,
    {
        related::<Self>(condition.expr).not()
    }

    /// Every target meets the condition; true if there are no targets. A target for which the condition is null, because
    /// it compares with a null, is no exception to it.
    fn all(self, condition: Predicate<Self::Target>) -> Predicate<Self::Owner>
    where
        Self: ToMany,
    {
        related::<Self>(condition.not().expr).not()
    }

    /// The target is there and meets the condition.
    fn has(self, condition: Predicate<Self::Target>) -> Predicate<Self::Owner>
    where
        Self: ToOne,
    {
        related::<Self>(condition.expr)
    }

    /// There is at least one target.
    fn exists(self) -> Predicate<Self::Owner> {
        related::<Self>(Predicate::<Self::Target>::always().expr)
    }

    /// A column of the target, seen from here: it compares, orders and is selected like a column of its own. Paths nest:
    /// `OrderItem::order.path(Order::user.path(User::email))`.
    ///
    /// It joins the target (`LEFT JOIN`, once per query however often the path is used). Where there may be no target, the
    /// type is an `Option`.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let _query = Order::query().filter(Order::user.path(User::email).eq("a@example.com")).order_by(Order::user.path(User::id).desc());
    /// # Ok(()) }
    /// ```
    fn path<E: Selectable<Self::Target>>(self, end: E) -> Expression<Self::Owner, Seen<Self, E::Type>>
    where
        Self: ToOne,
        Self::Null: Through<E::Type>,
    {
        Expression::new(end.into_expr().through(Self::relationship()))
    }

    /// The targets that meet a condition, to be counted or added up for each owner; see [`Matching`].
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let pending = || User::orders.matching(Order::status.eq("pending")).count();
    /// let users: Vec<(String, i64)> =
    ///     User::query().filter(pending().gt(0)).select((User::email, pending())).all(&db).await?;
    /// assert_eq!(users, [("ann@example.com".to_owned(), 1)]);
    /// # Ok(()) }
    /// ```
    fn matching(self, condition: Predicate<Self::Target>) -> Matching<Self::Owner, Self::Target> {
        matching::of::<Self>(condition)
    }

    /// The number of targets of each owner, as a value to filter, order and select by. It joins nothing.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let best = User::query().order_by(User::orders.sum(Order::total_amount).desc()).first(&db).await?;
    /// assert_eq!(User::query().filter(User::orders.count().ge(1)).count(&db).await?, 1);
    /// # Ok(()) }
    /// ```
    fn count(self) -> Expression<Self::Owner, i64> {
        self.matching(Predicate::always()).count()
    }

    /// The sum of a column of the targets of each owner; `None` if there are none.
    fn sum<E: Selectable<Self::Target>>(self, column: E) -> Expression<Self::Owner, Option<SumOf<E, Self::Target>>>
    where
        <E::Type as ColumnType>::Scalar: Number,
    {
        self.matching(Predicate::always()).sum(column)
    }

    /// The average of a column of the targets of each owner; `None` if there are none.
    fn avg<E: Selectable<Self::Target>>(self, column: E) -> Expression<Self::Owner, Option<AverageOf<E, Self::Target>>>
    where
        <E::Type as ColumnType>::Scalar: Number,
    {
        self.matching(Predicate::always()).avg(column)
    }

    /// The smallest value of a column of the targets of each owner; `None` if there are none.
    fn min<E: Selectable<Self::Target>>(self, column: E) -> Expression<Self::Owner, Option<ScalarOf<E, Self::Target>>> {
        self.matching(Predicate::always()).min(column)
    }

    /// The greatest value of a column of the targets of each owner; `None` if there are none.
    fn max<E: Selectable<Self::Target>>(self, column: E) -> Expression<Self::Owner, Option<ScalarOf<E, Self::Target>>> {
        self.matching(Predicate::always()).max(column)
    }

    /// It as a join under a name, for [`Query::join`](super::Query::join): the alias tells columns of what is joined. See
    /// [`Alias`].
    #[doc(alias = "aliased")]
    fn alias(self, name: &'static str) -> Alias<Self::Owner, Self::Target> {
        join::along::<Self, NotNull>(name, false)
    }

    /// It as a join under a name that keeps owners without a target, for [`Query::left_join`](super::Query::left_join): its
    /// columns are `Option`s.
    fn outer_alias(self, name: &'static str) -> Alias<Self::Owner, Self::Target, Nullable> {
        join::along::<Self, Nullable>(name, true)
    }

    /// Loads it from a join that the query makes itself, so that the join's conditions and those of the query decide which
    /// targets are loaded. The load is partial then: it is read by `.partial()`. SQLAlchemy's `contains_eager`.
    ///
    /// A limit of the query counts the joined rows.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let items = Order::items.alias("items");
    /// let session = db.session();
    /// let orders = Order::query()
    ///     .join(&items)
    ///     .filter(items.column(OrderItem::quantity).ge(1))
    ///     .with(Order::items.from_join(&items))
    ///     .all(&session)
    ///     .await?;
    /// assert_eq!(orders[0].items().partial()?.len(), 1);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "contains_eager")]
    #[allow(
        clippy::wrong_self_convention,
        reason = "it makes a load of this relationship, `from` tells where its rows are"
    )]
    fn from_join<M, N>(self, join: &Alias<M, Self::Target, N>) -> FromJoin<Self::Owner, Self::Target> {
        FromJoin::new(Self::relationship(), join.name())
    }

    /// Loads it by one more query for all owners. SQLAlchemy's `selectinload`, EF Core's `AsSplitQuery`.
    #[doc(alias = "selectinload")]
    #[doc(alias = "preload")]
    #[doc(alias = "populate")]
    fn selectin(self) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(Some(Strategy::SelectIn))
    }

    /// Loads it in the same query by a LEFT JOIN. SQLAlchemy's `joinedload`.
    #[doc(alias = "joinedload")]
    #[doc(alias = "include")]
    fn joined(self) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(Some(Strategy::Joined))
    }

    /// Loads it in the same query by an INNER JOIN: owners without a target (that meets the filter) are left out.
    ///
    /// Where it cannot be joined, as with a limit or beside another joined collection, owners are left out by an `EXISTS` in the
    /// query, and the targets are loaded as by select-in. Below a collection or an outer join it is an outer join, so that no
    /// member is lost.
    fn inner_joined(self) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(Some(Strategy::InnerJoined))
    }

    /// Loads it by one more query that repeats the original one as a subquery. SQLAlchemy's `subqueryload`.
    #[doc(alias = "subqueryload")]
    fn subquery(self) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(Some(Strategy::Subquery))
    }

    /// Makes awaiting it an error. SQLAlchemy's `raiseload`.
    #[doc(alias = "raiseload")]
    fn raise(self) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(Some(Strategy::Raise))
    }

    /// Makes awaiting it an error where the database would have to be asked; what memory knows is given. SQLAlchemy's
    /// `raiseload(sql_only=True)`.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let orders = Order::query().with(Order::user.raise_on_sql()).all(&session).await?;
    /// assert!(orders[0].user().await.is_err());
    /// let ann = session.get_one::<User>(orders[0].user_id).await?;
    /// assert_eq!(orders[0].user().await?, ann);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "raiseload")]
    fn raise_on_sql(self) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(Some(Strategy::RaiseOnSql))
    }

    /// Leaves it empty, without a query.
    fn noload(self) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(Some(Strategy::NoLoad))
    }

    /// Loads the number of targets, and none of these: one more statement for all owners. It is read by
    /// `user.orders().counted()?`, and by `user.orders.counted()?` of a value. To load targets and their number, use
    /// [`Load::with_count`], or name both. Laravel's `withCount`.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let users: Vec<User> = User::query().with(User::orders.counted()).all(&db).await?;
    /// assert_eq!(users[0].orders.counted()?, 1);
    /// assert!(users[0].orders.is_unloaded());
    /// # Ok(()) }
    /// ```
    #[doc(alias = "withCount")]
    fn counted(self) -> Load<Self::Owner, Self::Target>
    where
        Self: ToMany,
    {
        load::by::<Self>(Some(Strategy::Lazy)).with_count()
    }

    /// Loads it right after the query, as a lazy load would.
    #[doc(alias = "immediateload")]
    fn immediate(self) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(Some(Strategy::Immediate))
    }

    /// Loads it when it is first awaited, whatever the relationship declares.
    #[doc(alias = "lazyload")]
    fn lazy(self) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(Some(Strategy::Lazy))
    }

    /// Only the targets that meet a condition, by the default strategy; see [`Load::filter`].
    fn filter(self, predicate: Predicate<Self::Target>) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(None).filter(predicate)
    }

    /// The order of the targets, by the default strategy; see [`Load::order_by`].
    fn order_by(self, order: impl super::IntoOrder<Self::Target>) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(None).order_by(order)
    }

    /// At most so many targets *for each owner*, by the default strategy; see [`Load::limit`].
    fn limit(self, limit: u64) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(None).limit(limit)
    }

    /// Down to so many levels of a relationship that leads to its own model; see [`Load::recursive`].
    fn recursive(self, depth: u32) -> Load<Self::Owner, Self::Target>
    where
        Self::Target: super::SameModel<Self::Owner>,
    {
        load::by::<Self>(None).recursive(depth)
    }

    /// Down to the leaves of a relationship that leads to its own model; see [`Load::recursive_all`].
    fn recursive_all(self) -> Load<Self::Owner, Self::Target>
    where
        Self::Target: super::SameModel<Self::Owner>,
    {
        load::by::<Self>(None).recursive_all()
    }

    /// What to load along with the targets, by the default strategy; see [`Load::with`].
    fn with(self, nested: impl super::IntoInclude<Self::Target>) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(None).with(nested)
    }
}

impl<R: Relation> RelationQuery for R {}

fn related<R: Relation>(condition: Expr) -> Predicate<R::Owner> {
    let condition = (!condition.is_always()).then(|| Box::new(condition));
    Predicate::new(Expr::Related { path: Path::new(), relationship: R::relationship(), condition })
}

/// The type of a column of type `T` behind a relationship whose target is always there (`NotNull`) or not (`Nullable`).
pub trait Through<T> {
    /// `T`, or an `Option` of it.
    type Seen;
}

impl<T> Through<T> for NotNull {
    type Seen = T;
}

impl<T: ColumnType> Through<T> for Nullable {
    type Seen = Option<T::Scalar>;
}

/// A column of type `T` as the owner of the relationship `R` sees it: an `Option` where there may be no target.
pub type Seen<R, T> = <<R as Relation>::Null as Through<T>>::Seen;
