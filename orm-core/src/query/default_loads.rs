//! How a query loads the relationships that nothing names.
use super::Query;
use crate::{
    model::Record,
    schema::{Strategy, Table},
};

/// Strategies for the relationships that a query does not name: of some models, and of all others.
#[derive(Debug, Clone, Default)]
pub struct DefaultLoads {
    all: Option<Strategy>,
    of: Vec<(&'static Table, Strategy)>,
}

impl DefaultLoads {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.all.is_none() && self.of.is_empty()
    }

    /// What was said of the relationships of a model.
    pub(crate) fn of(&self, owner: &'static Table) -> Option<Strategy> {
        let own = self.of.iter().rev().find(|(table, _)| *table == owner);
        own.map(|(_, strategy)| *strategy).or(self.all)
    }
}

impl<M> Query<M> {
    /// How every relationship is loaded that the query does not name, of this model and of all that are reached from it, also
    /// later by lazy loads. SQLAlchemy's `raiseload("*")`, `lazyload("*")`.
    ///
    /// It beats what the relationships declare. A relationship that is named by [`with`](Self::with) beats it, in whatever
    /// order they are said; so does [`default_load_of`](Self::default_load_of). Of two, the last one counts. An eager strategy
    /// stops at a model that is on the path already, as attributes do.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// use orm::Strategy;
    /// let session = db.session();
    /// let user = User::query().with(User::orders).default_load(Strategy::RaiseOnSql).one(&session).await?;
    /// let order = user.orders().await?.first().expect("Ann has an order");
    /// assert_eq!(order.user().await?, user);                     // memory knows
    /// let error = order.items().await.expect_err("a statement would be needed");
    /// assert!(error.is_not_loaded());
    /// # Ok(()) }
    /// ```
    #[doc(alias = "raiseload")]
    #[doc(alias = "lazyload")]
    #[doc(alias = "wildcard")]
    pub fn default_load(mut self, strategy: Strategy) -> Self {
        self.parts.defaults.all = Some(strategy);
        self
    }

    /// [`default_load`](Self::default_load) for the relationships of one model, wherever the query meets it.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// use orm::Strategy;
    /// let session = db.session();
    /// let user = User::query().default_load_of::<Order>(Strategy::Raise).one(&session).await?;
    /// for order in user.orders().await? {
    ///     assert!(order.items().await.is_err());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn default_load_of<T: Record>(mut self, strategy: Strategy) -> Self {
        self.parts.defaults.of.push((T::table(), strategy));
        self
    }
}
