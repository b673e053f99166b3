//! A query whose rows become a projection.
use super::{Outline, Projection};
use crate::query::{IntoOrder, Parts, Predicate, Query, Selection, Tuples, expr::Expr};
use std::{fmt, marker::PhantomData};

/// A query over the rows of a model that gives `P`s, made by [`Query::project`].
///
/// It is run by `&db`, `&session` or `session.values()`, and gives the same plain structs with each; a session flushes before,
/// where a change is pending that the query would not see.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// #[derive(Projection)]
/// #[orm(from = Order)]
/// struct StatusTotal {
///     status: String,
///     #[orm(expr = orm::count())]
///     number: i64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let query = Order::query().project::<StatusTotal>().group_by(Order::status);
/// let totals = query.order_by(orm::count().desc()).all(&db).await?;
/// assert_eq!((totals[0].status.as_str(), totals[0].number), ("pending", 1));
/// # Ok(()) }
/// ```
#[must_use = "a query does nothing until it is executed"]
pub struct ProjectionQuery<P> {
    pub(crate) parts: Parts,
    pub(crate) group_by: Vec<Expr>,
    pub(crate) having: Option<Expr>,
    projection: PhantomData<fn() -> P>,
}

impl<M> Query<M> {
    /// Reads each row as a struct of your own instead of an entity or a whole value; see [`Projection`]. What is loaded along
    /// by `with` is dropped: the projection knows itself what it needs. EF Core's `Select`.
    ///
    /// After [`distinct`](Self::distinct) each row of the model comes once, however many equal structs they become.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// #[derive(Projection)]
    /// #[orm(from = Order)]
    /// struct OrderLine {
    ///     id: i64,
    ///     #[orm(path = user.email)]
    ///     customer: String,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let page = Order::query().order_by(Order::id).project::<OrderLine>().page(&db, 1, 20).await?;
    /// assert_eq!((page.total, page.items[0].customer.as_str()), (1, "ann@example.com"));
    /// # Ok(()) }
    /// ```
    pub fn project<P: Projection<Model = M>>(self) -> ProjectionQuery<P> {
        let parts = Parts { include: Vec::new(), ..*self.parts };
        ProjectionQuery { parts, group_by: Vec::new(), having: None, projection: PhantomData }
    }
}

impl<P: Projection> ProjectionQuery<P> {
    /// Adds a condition on the rows, before they are grouped.
    pub fn filter(mut self, predicate: Predicate<P::Model>) -> Self {
        self.parts.narrow(predicate.expr);
        self
    }

    /// One result row for each combination of these.
    pub fn group_by(mut self, by: impl Selection<P::Model>) -> Self {
        self.group_by.extend(by.into_exprs());
        self
    }

    /// Adds a condition on the groups.
    pub fn having(mut self, predicate: Predicate<P::Model>) -> Self {
        self.having = Some(match self.having.take() {
            Some(having) => having.and(predicate.expr),
            None => predicate.expr,
        });
        self
    }

    /// Adds to the order.
    pub fn order_by(mut self, order: impl IntoOrder<P::Model>) -> Self {
        order.push_terms(&mut self.parts.order);
        self
    }

    /// At most so many result rows.
    pub fn limit(mut self, limit: u64) -> Self {
        self.parts.limit = Some(limit);
        self
    }

    /// Leaves out so many result rows.
    pub fn offset(mut self, offset: u64) -> Self {
        self.parts.offset = Some(offset);
        self
    }

    /// The same query without its type.
    pub(crate) fn untyped(self) -> (Tuples, Outline, Places) {
        let outline = Outline::of::<P>();
        let mut parts = self.parts.without_repetitions().into_owned();
        // Each row of the table comes once already: rows that become equal structs stay.
        parts.distinct = false;
        let (mut tuples, places) = outline.tuples(parts);
        tuples.group_by = self.group_by;
        tuples.having = self.having;
        (tuples, outline, places)
    }
}

/// Where the keys of the lists are among the columns, and their types.
pub(crate) type Places = Vec<Vec<(usize, crate::value::SqlType)>>;

impl<P> Clone for ProjectionQuery<P> {
    fn clone(&self) -> Self {
        let Self { parts, group_by, having, projection } = self;
        Self { parts: parts.clone(), group_by: group_by.clone(), having: having.clone(), projection: *projection }
    }
}

impl<P> fmt::Debug for ProjectionQuery<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { parts, group_by, having, projection: _ } = self;
        f.debug_struct("ProjectionQuery")
            .field("parts", parts)
            .field("group_by", group_by)
            .field("having", having)
            .finish()
    }
}
