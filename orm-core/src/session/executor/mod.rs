//! What runs a query: a session gives entities, a database or `session.values()` plain values.
mod database;
mod entities;
mod values;

pub use values::Values;

use crate::{
    driver::Statement,
    entity::Model,
    error::{Error, Result},
    load::{Named, Projecting, Reading},
    model::Batch,
    query::{Parts, expr::Expr, projection::ProjectedRows},
    sql::{Effect, Touched},
    unit_of_work::{Insertion, RowsChange},
    value::{RowReader, Value},
};
use std::{any::Any, future::Future};

/// What a query can be run by: `&Session` (rows are entities), `&Db` and [`Values`] (rows are plain values).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot run a query",
    label = "expected `&Session`, `&Db` or `session.values()`",
    note = "write `.all(&db)` for plain values, or `.all(&session)` for entities"
)]
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let session = db.session();
/// let entities: Vec<Entity<'_, User>> = User::query().all(&session).await?;
/// let values: Vec<User> = User::query().with(User::orders).all(&db).await?;
/// assert_eq!((entities.len(), values[0].orders.get()?.len()), (1, 1));
/// # Ok(()) }
/// ```
pub trait Executor: Send + Sized {
    /// What a row of `M` becomes.
    type Row<M: Model>: Send;

    #[doc(hidden)]
    fn rows<M: Model>(self, parts: Box<Parts>) -> impl Future<Output = Result<Found<Self::Row<M>>>> + Send;

    #[doc(hidden)]
    fn tuples<T: Send + 'static>(self, question: Question<T>) -> impl Future<Output = Result<Vec<T>>> + Send;

    /// Rows as structs of the user's own.
    #[doc(hidden)]
    fn projected(self, projecting: Projecting) -> impl Future<Output = Result<Box<dyn ProjectedRows>>> + Send;

    /// Rows of a model by a statement of the user's own.
    #[doc(hidden)]
    fn named_rows<M: Model>(self, named: NamedRows) -> impl Future<Output = Result<Vec<Self::Row<M>>>> + Send;

    #[doc(hidden)]
    fn write(self, write: Write) -> impl Future<Output = Result<u64>> + Send;

    /// Inserts rows and tells their number.
    #[doc(hidden)]
    fn insert(self, insertion: Insertion) -> impl Future<Output = Result<u64>> + Send;

    /// Inserts rows and gives them back.
    #[doc(hidden)]
    fn inserted<M: Model>(self, insertion: Insertion) -> impl Future<Output = Result<Vec<Self::Row<M>>>> + Send;

    #[doc(hidden)]
    fn db(&self) -> &crate::db::Db;
}

/// The rows of a query.
pub struct Found<R> {
    pub(crate) rows: Vec<R>,
    /// What was selected beside each of them.
    pub(crate) beside: Vec<Vec<Value>>,
}

/// A statement whose rows are no entities.
pub struct Question<T> {
    pub(crate) statement: Statement,
    pub(crate) touched: Touched,
    pub(crate) effect: Effect,
    pub(crate) read: fn(&mut RowReader<'_>) -> Result<T>,
    /// The columns that are found by name; without them they are read in their order.
    pub(crate) names: Option<Vec<&'static str>>,
    /// What the query selects; nothing is known of the user's own SQL.
    pub(crate) selected: Vec<Expr>,
}

impl<T> Question<T> {
    fn reading(&mut self) -> Reading<T> {
        let selected = std::mem::take(&mut self.selected);
        Reading { read: self.read, named: self.names.clone().map(Named::new), selected }
    }
}

/// A statement of the user's own whose rows are those of a model.
pub struct NamedRows {
    pub(crate) statement: Statement,
    pub(crate) effect: Effect,
}

/// A write of any number of rows.
pub enum Write {
    /// The user's own.
    Statement(Statement),
    /// Of the rows of a query.
    Rows(Box<Rows>),
}

/// An update or a delete of the rows of a query.
pub struct Rows {
    pub(crate) change: RowsChange,
    pub(crate) touched: Touched,
}

/// References to what a closure or a function was given run queries too.
macro_rules! forward {
    ($type:ty) => {
        impl<'a> Executor for &$type {
            type Row<M: Model> = <$type as Executor>::Row<M>;

            async fn rows<M: Model>(self, parts: Box<Parts>) -> Result<Found<Self::Row<M>>> {
                Executor::rows::<M>(*self, parts).await
            }

            async fn tuples<T: Send + 'static>(self, question: Question<T>) -> Result<Vec<T>> {
                Executor::tuples(*self, question).await
            }

            async fn projected(self, projecting: Projecting) -> Result<Box<dyn ProjectedRows>> {
                Executor::projected(*self, projecting).await
            }

            async fn named_rows<M: Model>(self, named: NamedRows) -> Result<Vec<Self::Row<M>>> {
                Executor::named_rows::<M>(*self, named).await
            }

            async fn write(self, write: Write) -> Result<u64> {
                Executor::write(*self, write).await
            }

            async fn insert(self, insertion: Insertion) -> Result<u64> {
                Executor::insert(*self, insertion).await
            }

            async fn inserted<M: Model>(self, insertion: Insertion) -> Result<Vec<Self::Row<M>>> {
                Executor::inserted::<M>(*self, insertion).await
            }

            fn db(&self) -> &crate::db::Db {
                Executor::db(*self)
            }
        }
    };
}
forward!(&'a crate::session::Session);
forward!(&'a crate::db::Db);

/// The rows that a load gave as plain values.
fn found<M: Model>((rows, beside): (Box<dyn Batch>, Vec<Vec<Value>>)) -> Result<Found<M>> {
    Ok(Found { rows: unpack(rows)?, beside })
}

pub(super) fn unpack<M: Model>(rows: Box<dyn Batch>) -> Result<Vec<M>> {
    let rows: Box<dyn Any> = rows.into_any();
    rows.downcast::<Vec<M>>().map(|rows| *rows).map_err(|_| Error::usage("rows of another model came back"))
}
