//! One column of the members of a collection.
use super::{Collection, Model, Partial};
use crate::{query::Column, value::ColumnType};

impl<'s, M: Model> Collection<'s, M> {
    /// One column of the members, in their order: `user.roles().await?.values(Role::name)`. SQLAlchemy's association proxy, for
    /// reading.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let user = session.get_one::<User>(1).await?;
    /// let statuses: Vec<&String> = user.orders().await?.values(Order::status).collect();
    /// assert_eq!(statuses, ["pending"]);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "association_proxy")]
    #[doc(alias = "pluck")]
    pub fn values<T: ColumnType>(
        &self,
        column: Column<M, T>,
    ) -> impl ExactSizeIterator<Item = &'s T> + DoubleEndedIterator + use<'s, M, T> {
        self.iter().map(move |member| column.of(member.value()))
    }
}

impl<'s, M: Model> Partial<'s, M> {
    /// One column of the members that were loaded, in their order. See [`Collection::values`].
    pub fn values<T: ColumnType>(
        &self,
        column: Column<M, T>,
    ) -> impl ExactSizeIterator<Item = &'s T> + DoubleEndedIterator + use<'s, M, T> {
        self.iter().map(move |member| column.of(member.value()))
    }
}
