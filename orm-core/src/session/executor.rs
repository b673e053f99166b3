//! What runs a query: a session gives entities, a database or `session.values()` plain values.
use super::{Session, guard::Guard};
use crate::{
    db::Db,
    driver::{Begin, Connection, Statement},
    entity::{Entity, Model},
    error::{Error, Result},
    load,
    model::Batch,
    query::Parts,
    sql::Touched,
    value::RowReader,
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
    fn rows<M: Model>(self, parts: Parts) -> impl Future<Output = Result<Vec<Self::Row<M>>>> + Send;

    #[doc(hidden)]
    fn tuples<T: Send + 'static>(self, question: Question<T>) -> impl Future<Output = Result<Vec<T>>> + Send;

    #[doc(hidden)]
    fn execute(self, write: Write) -> impl Future<Output = Result<u64>> + Send;

    #[doc(hidden)]
    fn dialect(&self) -> crate::driver::Dialect;

    #[doc(hidden)]
    fn value<M: Model>(row: &Self::Row<M>) -> &M;
}

/// A statement whose rows are no entities.
pub struct Question<T> {
    pub(crate) statement: Statement,
    pub(crate) touched: Touched,
    pub(crate) read: fn(&mut RowReader<'_>) -> Result<T>,
}

/// A set-based write.
pub struct Write {
    pub(crate) statement: Statement,
    pub(crate) touched: Touched,
}

/// Runs queries for plain values inside a session's transaction: `session.values()`.
#[derive(Clone, Copy, Debug)]
pub struct Values<'s>(&'s Session);

impl Session {
    /// An executor for plain values in this session's transaction. Nothing it reads becomes an entity.
    pub fn values(&self) -> Values<'_> {
        Values(self)
    }
}

impl<'s> Executor for &'s Session {
    type Row<M: Model> = Entity<'s, M>;

    async fn rows<M: Model>(self, parts: Parts) -> Result<Vec<Entity<'s, M>>> {
        let id = self.load_query(&parts).await?;
        let result = self.memory.result(id);
        Ok(result.into_iter().flat_map(|result| result.nodes.iter()).map(|node| self.entity_at(node, id)).collect())
    }

    async fn tuples<T: Send + 'static>(self, question: Question<T>) -> Result<Vec<T>> {
        let mut held = self.held.lock().await;
        self.autoflush(&mut held, || question.touched).await?;
        self.check()?;
        let connection = held.connection(self.db.driver()).await?;
        let rows = load::fetch_tuples(&question.statement, question.read, connection).await;
        held.count_into(&self.statements);
        rows
    }

    async fn execute(self, write: Write) -> Result<u64> {
        let mut held = self.held.lock().await;
        self.autoflush(&mut held, || write.touched).await?;
        self.check()?;
        self.check_scope(&held)?;
        held.begin(&self.db, Begin::default()).await?;
        {
            let mut graph = self.memory.graph();
            graph.graph.written = true;
            graph.graph.beside.note_anything();
        }
        let guard = Guard::new(self, &mut held, "a write");
        let outcome = guard.held.connection(self.db.driver()).await?.execute(&write.statement).await;
        guard.held.count_into(&self.statements);
        guard.done();
        Ok(outcome?.rows)
    }

    fn dialect(&self) -> crate::driver::Dialect {
        self.db.dialect()
    }

    fn value<'r, M: Model>(row: &'r Entity<'s, M>) -> &'r M {
        row.value()
    }
}

/// A reference to what a closure was given runs queries too.
impl<'s> Executor for &&'s Session {
    type Row<M: Model> = Entity<'s, M>;

    async fn rows<M: Model>(self, parts: Parts) -> Result<Vec<Entity<'s, M>>> {
        (*self).rows::<M>(parts).await
    }

    async fn tuples<T: Send + 'static>(self, question: Question<T>) -> Result<Vec<T>> {
        (*self).tuples(question).await
    }

    async fn execute(self, write: Write) -> Result<u64> {
        Executor::execute(*self, write).await
    }

    fn dialect(&self) -> crate::driver::Dialect {
        self.db.dialect()
    }

    fn value<'r, M: Model>(row: &'r Entity<'s, M>) -> &'r M {
        row.value()
    }
}

impl Executor for Values<'_> {
    type Row<M: Model> = M;

    async fn rows<M: Model>(self, parts: Parts) -> Result<Vec<M>> {
        let session = self.0;
        let mut held = session.held.lock().await;
        session.autoflush(&mut held, || load::touched(&parts)).await?;
        session.check()?;
        if parts.lock.is_some() {
            held.begin(&session.db, Begin::default()).await?;
        }
        let connection = held.connection(session.db.driver()).await?;
        let rows = load::values(&parts, load::Source::given(connection, session.db.dialect())).await;
        held.count_into(&session.statements);
        unpack(rows?)
    }

    async fn tuples<T: Send + 'static>(self, question: Question<T>) -> Result<Vec<T>> {
        self.0.tuples(question).await
    }

    async fn execute(self, write: Write) -> Result<u64> {
        Executor::execute(self.0, write).await
    }

    fn dialect(&self) -> crate::driver::Dialect {
        self.0.db.dialect()
    }

    fn value<M: Model>(row: &M) -> &M {
        row
    }
}

impl Executor for &Db {
    type Row<M: Model> = M;

    async fn rows<M: Model>(self, parts: Parts) -> Result<Vec<M>> {
        self.note_use();
        let mut connection = self.acquire().await?;
        let source = load::Source::given(connection.as_mut(), Db::dialect(self));
        unpack(load::values(&parts, source).await?)
    }

    async fn tuples<T: Send + 'static>(self, question: Question<T>) -> Result<Vec<T>> {
        self.note_use();
        let mut connection = self.acquire().await?;
        load::fetch_tuples(&question.statement, question.read, connection.as_mut()).await
    }

    async fn execute(self, write: Write) -> Result<u64> {
        self.note_use();
        let mut connection: Box<dyn Connection> = self.acquire().await?;
        Ok(connection.execute(&write.statement).await?.rows)
    }

    fn dialect(&self) -> crate::driver::Dialect {
        Db::dialect(self)
    }

    fn value<M: Model>(row: &M) -> &M {
        row
    }
}

/// A reference to what a function was given runs queries too.
impl Executor for &&Db {
    type Row<M: Model> = M;

    async fn rows<M: Model>(self, parts: Parts) -> Result<Vec<M>> {
        Executor::rows::<M>(*self, parts).await
    }

    async fn tuples<T: Send + 'static>(self, question: Question<T>) -> Result<Vec<T>> {
        Executor::tuples(*self, question).await
    }

    async fn execute(self, write: Write) -> Result<u64> {
        Executor::execute(*self, write).await
    }

    fn dialect(&self) -> crate::driver::Dialect {
        Db::dialect(self)
    }

    fn value<M: Model>(row: &M) -> &M {
        row
    }
}

pub(super) fn unpack<M: Model>(rows: Box<dyn Batch>) -> Result<Vec<M>> {
    let rows: Box<dyn Any> = rows.into_any();
    rows.downcast::<Vec<M>>().map(|rows| *rows).map_err(|_| Error::usage("rows of another model came back"))
}
