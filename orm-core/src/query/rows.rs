//! A query of whole rows.
use super::{
    Column, Combined, Criteria, DefaultLoads, Include, Includes, IntoInclude, IntoJoin, IntoOperand, IntoOrder, Join,
    Predicate, Projected, Selection, SetOperator, SetRows, Source,
    expr::{Expr, OrderTerm},
};
use crate::{
    error::{Error, Result},
    model::Record,
    schema::Table,
    value::{NotNull, Nullable, SqlType},
};
use std::{borrow::Cow, fmt, marker::PhantomData};

/// Which rows of a model are wanted, in which order, and what is loaded along with them.
///
/// A query is plain data: it is built step by step, cloned, kept, and executed by a session (giving entities) or a `Db`
/// (giving plain values). Its type stays the same whatever is added, so that it can be built conditionally. SQLAlchemy's
/// `select(User)`, EF Core's `IQueryable<User>`.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// # let name = Some("Ann");
/// let mut query = User::query().order_by(User::id).limit(20);
/// if let Some(name) = name {
///     query = query.filter(User::full_name.contains(name));
/// }
/// # Ok(()) }
/// ```
#[must_use = "a query does nothing until it is executed"]
pub struct Query<M> {
    /// In a box: a query is given from hand to hand.
    pub(crate) parts: Box<Parts>,
    model: PhantomData<fn() -> M>,
}

/// A query of whole rows, without types.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The table of the model.
    pub table: &'static Table,
    /// What its rows are taken from, if that is not the whole table.
    pub source: Option<Box<Source>>,
    /// What is joined with them.
    pub joins: Vec<Join>,
    /// Which rows.
    pub filter: Option<Expr>,
    /// In which order.
    pub order: Vec<OrderTerm>,
    /// At most so many.
    pub limit: Option<u64>,
    /// Without the first so many.
    pub offset: Option<u64>,
    /// Without repetitions.
    pub distinct: bool,
    /// Whether and how they are locked.
    pub lock: Option<Lock>,
    /// What is loaded along.
    pub include: Vec<Include>,
    /// How relationships are loaded that nothing names.
    pub defaults: DefaultLoads,
    /// Whether deferred columns are loaded too.
    pub deferred: bool,
    /// Whether what is in memory already takes the values of the rows.
    pub refresh_existing: bool,
    /// Whether a set-based write may hit all rows.
    pub all_rows: bool,
    /// What is selected beside each row, for who asks for the rows with it.
    pub beside: Vec<(Expr, SqlType)>,
    /// The global criteria that hold for it.
    pub criteria: Criteria,
}

/// How the rows of a query are locked until the transaction ends. SQLite has no such locks: its writer is alone anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// For writing: others wait.
    Update,
    /// For writing; rows that others have locked are left out.
    UpdateSkipLocked,
    /// For writing; rows that others have locked are an error.
    UpdateNoWait,
    /// Against writing by others.
    Share,
    /// Against writing by others; rows that others have locked for writing are left out.
    ShareSkipLocked,
    /// Against writing by others; rows that others have locked for writing are an error.
    ShareNoWait,
}

impl Lock {
    /// Whether others may read and lock the rows in the same way.
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::Share | Self::ShareSkipLocked | Self::ShareNoWait)
    }
}

impl Parts {
    /// All rows of a table.
    pub fn new(table: &'static Table) -> Self {
        Self {
            table,
            source: None,
            joins: Vec::new(),
            filter: None,
            order: Vec::new(),
            limit: None,
            offset: None,
            distinct: false,
            lock: None,
            include: Vec::new(),
            defaults: DefaultLoads::default(),
            deferred: false,
            refresh_existing: false,
            all_rows: false,
            beside: Vec::new(),
            criteria: Criteria::default(),
        }
    }

    /// Adds a condition.
    pub(crate) fn narrow(&mut self, condition: Expr) {
        if condition.is_always() {
            return;
        }
        self.filter = Some(match self.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
    }

    /// The same query, such that a plain select gives no row twice where that was asked.
    pub(crate) fn without_repetitions(&self) -> Cow<'_, Self> {
        let repeats = !self.joins.is_empty() || self.source.is_some();
        // Rows that feed a relationship are told from those of the query by their keys.
        if !self.distinct || !repeats || self.include.iter().any(|include| include.from_join.is_some()) {
            return Cow::Borrowed(self);
        }
        let inner = Self {
            table: self.table,
            source: self.source.clone(),
            joins: self.joins.clone(),
            filter: self.filter.clone(),
            criteria: self.criteria.clone(),
            ..Self::new(self.table)
        };
        let source = Source::Members(Combined { operator: SetOperator::Union, ..Combined::only(inner) });
        Cow::Owned(Self { source: Some(Box::new(source)), joins: Vec::new(), filter: None, ..self.clone() })
    }

    /// Takes into the filter what criteria say of the rows themselves, for writes, which memory must foresee.
    pub(crate) fn hide_root(&mut self) {
        if let Some(condition) = self.criteria.condition(self.table) {
            self.narrow(condition);
        }
    }

    /// Refuses a set-based write that was not told which rows.
    ///
    /// # Errors
    /// There is neither a filter nor a limit, and `all_rows` was not said.
    pub fn require_scope(&self, what: &str) -> Result<()> {
        if self.all_rows || self.filter.is_some() || self.limit.is_some() {
            return Ok(());
        }
        Err(Error::usage(format!(
            "{what} of every row of {}: add a `.filter(..)`, or say `.all_rows()` if that is meant",
            self.table.name
        )))
    }
}

impl<M: Record> Query<M> {
    /// All rows of the model.
    pub fn new() -> Self {
        Self { parts: Box::new(Parts::new(M::table())), model: PhantomData }
    }
}

impl<M: Record> Default for Query<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M> Query<M> {
    /// Adds a condition; all of them must hold.
    #[doc(alias = "where")]
    pub fn filter(mut self, predicate: Predicate<M>) -> Self {
        self.parts.narrow(predicate.expr);
        self
    }

    /// Adds to the order.
    #[doc(alias = "sort")]
    pub fn order_by(mut self, order: impl IntoOrder<M>) -> Self {
        order.push_terms(&mut self.parts.order);
        self
    }

    /// At most so many rows of the model, whatever is loaded along.
    #[doc(alias = "take")]
    pub fn limit(mut self, limit: u64) -> Self {
        self.parts.limit = Some(limit);
        self
    }

    /// Leaves out so many rows.
    #[doc(alias = "skip")]
    pub fn offset(mut self, offset: u64) -> Self {
        self.parts.offset = Some(offset);
        self
    }

    /// Leaves out repetitions, which a join can make.
    pub fn distinct(mut self) -> Self {
        self.parts.distinct = true;
        self
    }

    /// Joins rows of another model: a relationship (`User::orders`, under its field's name), or an alias (`&items`) whose
    /// columns can be used in the query. Rows for which nothing is found are left out.
    ///
    /// The result has one row for each joined row, so that a row of this model comes as often as there are rows joined with
    /// it; [`distinct`](Self::distinct) gives it once, and [`any`](super::RelationQuery::any) asks without a join. SQLAlchemy's
    /// `join`; see [`Alias`](super::Alias) for an example.
    pub fn join(mut self, join: impl IntoJoin<M, NotNull>) -> Self {
        self.parts.joins.push(join.into_join());
        self
    }

    /// [`join`](Self::join) that keeps rows for which nothing is found: a relationship, or an alias made by
    /// [`outer_alias`](super::RelationQuery::outer_alias), whose columns are `Option`s. SQLAlchemy's `outerjoin`.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let orders = User::orders.outer_alias("orders");
    /// let numbers: Vec<(String, i64)> = User::query()
    ///     .left_join(&orders)
    ///     .select((User::email, orders.column(Order::id).count()))
    ///     .group_by(User::email)
    ///     .all(&db)
    ///     .await?;
    /// assert_eq!(numbers, [("ann@example.com".to_owned(), 1)]);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "outerjoin")]
    pub fn left_join(mut self, join: impl IntoJoin<M, Nullable>) -> Self {
        self.parts.joins.push(join.into_join());
        self
    }

    /// Loads a relationship along with the rows, by its default strategy (joined to-one, select-in to-many) or the one
    /// that is named; or deferred columns. SQLAlchemy's `options(...)`, EF Core's `Include`.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let _query = User::query()
    ///     .with(User::profile)
    ///     .with(User::orders.selectin().with(Order::items.selectin().with(OrderItem::product.joined())));
    /// # Ok(()) }
    /// ```
    #[doc(alias = "include")]
    #[doc(alias = "options")]
    #[doc(alias = "populate")]
    #[doc(alias = "preload")]
    pub fn with(mut self, include: impl IntoInclude<M>) -> Self {
        include.include_in(&mut Includes { list: &mut self.parts.include, deferred: &mut self.parts.deferred });
        self
    }

    /// Makes what is in memory already take the values of the rows, also where it was changed. SQLAlchemy's
    /// `populate_existing`.
    #[doc(alias = "populate_existing")]
    pub fn refresh_existing(mut self) -> Self {
        self.parts.refresh_existing = true;
        self
    }

    /// Locks the rows for writing until the transaction ends. No effect on SQLite.
    ///
    /// What is in memory already keeps its values; add [`refresh_existing`](Self::refresh_existing) to take those of the locked
    /// rows. Where a model has a version, a row that has another one than memory is an error,
    /// [`is_stale`](crate::error::Error::is_stale).
    #[doc(alias = "with_for_update")]
    pub fn for_update(self) -> Self {
        self.lock(Lock::Update)
    }

    /// Locks the rows against writing by others until the transaction ends. No effect on SQLite.
    pub fn for_share(self) -> Self {
        self.lock(Lock::Share)
    }

    /// Leaves out the rows that others have locked; for writing, if no lock was asked for. A queue of jobs:
    /// `Job::query().filter(open).limit(1).for_update().skip_locked()`.
    pub fn skip_locked(self) -> Self {
        let lock =
            if self.parts.lock.is_some_and(Lock::is_shared) { Lock::ShareSkipLocked } else { Lock::UpdateSkipLocked };
        self.lock(lock)
    }

    /// Fails at once if others have locked one of the rows; for writing, if no lock was asked for.
    pub fn nowait(self) -> Self {
        let lock = if self.parts.lock.is_some_and(Lock::is_shared) { Lock::ShareNoWait } else { Lock::UpdateNoWait };
        self.lock(lock)
    }

    /// Locks the rows until the transaction ends. No effect on SQLite.
    pub fn lock(mut self, lock: Lock) -> Self {
        self.parts.lock = Some(lock);
        self
    }

    /// Says that a set-based `update` or `delete` without a filter is meant.
    pub fn all_rows(mut self) -> Self {
        self.parts.all_rows = true;
        self
    }

    /// Looks around the global criteria of all models, for the whole query and all that it loads along: rows of another
    /// tenant, rows that are softly deleted. SQLAlchemy leaves out `with_loader_criteria`, EF Core says `IgnoreQueryFilters`.
    ///
    /// Collections that it loads whose members criteria may hide are partial: they are read by `.partial()`, and are never
    /// taken for what the session sees under its criteria.
    ///
    /// ```
    /// use orm::prelude::*;
    ///
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(soft_delete = deleted)]
    /// struct Note {
    ///     #[orm(primary_key)]
    ///     id: i64,
    ///     #[orm(default = false)]
    ///     deleted: bool,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// let db = Db::connect("sqlite::memory:").await?;
    /// orm::schema![Note].create_all(&db).await?;
    /// let session = db.session();
    /// session.add(Note::builder().deleted(true));
    /// session.commit().await?;
    /// assert_eq!(Note::query().count(&db).await?, 0);
    /// assert_eq!(Note::query().without_criteria().count(&db).await?, 1);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "IgnoreQueryFilters")]
    #[doc(alias = "with_trashed")]
    #[doc(alias = "unscoped")]
    pub fn without_criteria(mut self) -> Self {
        self.parts.criteria = Criteria::ignored();
        self
    }

    /// Selects columns and expressions instead of whole rows. What is loaded along by `with` is dropped.
    pub fn select<S: Selection<M>>(self, selection: S) -> Projected<M, S::Output> {
        Projected::new(Parts { include: Vec::new(), ..*self.parts }, selection)
    }

    /// Sets a column of all these rows, without loading them; more by another `set`.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let changed = Order::query().filter(Order::total_amount.lt(dec!(1))).set(Order::status, "ignored").update(&db).await?;
    /// assert_eq!(changed, 0);
    /// # Ok(()) }
    /// ```
    pub fn set<T, K>(self, column: Column<M, T>, value: impl IntoOperand<M, T, K>) -> SetRows<M> {
        SetRows::new(*self.parts).set(column, value)
    }
}

impl<M> Clone for Query<M> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), model: PhantomData }
    }
}

impl<M> fmt::Debug for Query<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.fmt(f)
    }
}
