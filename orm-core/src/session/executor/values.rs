//! `session.values()`: plain values in a session's transaction.
use super::{Executor, Found, NamedRows, Question, Write, found, unpack};
use crate::{
    db::Db,
    driver::Begin,
    entity::Model,
    error::Result,
    load,
    query::{Parts, projection::ProjectedRows},
    session::Session,
    unit_of_work::{GiveBack, Insertion},
};

/// Runs queries for plain values inside a session's transaction: `session.values()`.
#[derive(Clone, Copy, Debug)]
pub struct Values<'s>(&'s Session);

impl Session {
    /// An executor for plain values in this session's transaction. Nothing it reads becomes an entity.
    pub fn values(&self) -> Values<'_> {
        Values(self)
    }
}

impl Executor for Values<'_> {
    type Row<M: Model> = M;

    async fn rows<M: Model>(self, parts: Box<Parts>) -> Result<Found<M>> {
        let session = self.0;
        let parts = session.db.hide(parts);
        let mut held = session.held.lock().await;
        session.autoflush(&mut held, || load::touched(&parts)).await?;
        session.check()?;
        if parts.lock.is_some() {
            held.begin(&session.db, Begin::default()).await?;
        }
        let connection = held.connection(session.db.driver()).await?;
        let rows = load::values(parts, load::Source::given(connection, session.db.dialect())).await;
        held.count_into(&session.statements);
        found(rows?)
    }

    async fn tuples<T: Send + 'static>(self, question: Question<T>) -> Result<Vec<T>> {
        self.0.tuples(question).await
    }

    async fn projected(self, projecting: load::Projecting) -> Result<Box<dyn ProjectedRows>> {
        self.0.projected(projecting).await
    }

    async fn named_rows<M: Model>(self, named: NamedRows) -> Result<Vec<M>> {
        let mut held = self.0.held.lock().await;
        unpack(self.0.named_batch(&mut held, M::table(), named).await?)
    }

    async fn write(self, write: Write) -> Result<u64> {
        self.0.write(write).await
    }

    async fn insert(self, insertion: Insertion) -> Result<u64> {
        let mut held = self.0.held.lock().await;
        Ok(self.0.insert_held(&mut held, insertion, GiveBack::Count).await?.count)
    }

    async fn inserted<M: Model>(self, insertion: Insertion) -> Result<Vec<M>> {
        let mut held = self.0.held.lock().await;
        unpack(self.0.insert_held(&mut held, insertion, GiveBack::Rows).await?.rows)
    }

    fn db(&self) -> &Db {
        &self.0.db
    }
}
