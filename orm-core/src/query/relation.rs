//! What a relationship is in a query: conditions on its targets, paths to their columns, and load options.
use super::{Expression, Load, Predicate, Selectable, expr::Expr, load};
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

    /// Loads it in the same query by an INNER JOIN: owners without a target are left out.
    fn inner_joined(self) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(Some(Strategy::InnerJoined))
    }

    /// Loads it by one more query that repeats the original one as a subquery. SQLAlchemy's `subqueryload`.
    #[doc(alias = "subqueryload")]
    fn subquery(self) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(Some(Strategy::Subquery))
    }

    /// Makes reading it without a load an error. SQLAlchemy's `raiseload`.
    #[doc(alias = "raiseload")]
    fn raise(self) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(Some(Strategy::Raise))
    }

    /// Leaves it empty, without a query.
    fn noload(self) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(Some(Strategy::NoLoad))
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

    /// What to load along with the targets, by the default strategy; see [`Load::with`].
    fn with(self, nested: impl super::IntoInclude<Self::Target>) -> Load<Self::Owner, Self::Target> {
        load::by::<Self>(None).with(nested)
    }
}

impl<R: Relation> RelationQuery for R {}

fn related<R: Relation>(condition: Expr) -> Predicate<R::Owner> {
    let condition = (!condition.is_always()).then(|| Box::new(condition));
    Predicate::new(Expr::Related { path: Vec::new(), relationship: R::relationship(), condition })
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
