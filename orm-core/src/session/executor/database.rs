//! A database: rows are plain values, each statement on a connection of its own.
use super::{Executor, Found, NamedRows, Question, Write, found, unpack};
use crate::{
    db::Db,
    driver::{Begin, Control},
    entity::Model,
    error::Result,
    load,
    query::{Parts, projection::ProjectedRows},
    unit_of_work::{GiveBack, Inserted, Insertion},
};

impl Executor for &Db {
    type Row<M: Model> = M;

    async fn rows<M: Model>(self, parts: Box<Parts>) -> Result<Found<M>> {
        self.note_use();
        let parts = self.hide(parts);
        let mut connection = self.acquire().await?;
        let source = load::Source::given(connection.as_mut(), Db::dialect(self));
        found(load::values(parts, source).await?)
    }

    async fn tuples<T: Send + 'static>(self, mut question: Question<T>) -> Result<Vec<T>> {
        self.note_use();
        let reading = question.reading();
        let mut connection = self.acquire().await?;
        load::fetch_tuples(&question.statement, reading, connection.as_mut()).await
    }

    async fn projected(self, projecting: load::Projecting) -> Result<Box<dyn ProjectedRows>> {
        self.note_use();
        let mut connection = self.acquire().await?;
        load::projected(projecting, load::Source::given(connection.as_mut(), Db::dialect(self))).await
    }

    async fn named_rows<M: Model>(self, named: NamedRows) -> Result<Vec<M>> {
        self.note_use();
        let mut connection = self.acquire().await?;
        unpack(load::fetch_named(M::table(), &named.statement, connection.as_mut()).await?)
    }

    async fn write(self, write: Write) -> Result<u64> {
        self.note_use();
        let mut connection = self.acquire().await?;
        match write {
            Write::Statement(statement) => Ok(connection.execute(&statement).await?.rows),
            Write::Rows(rows) => {
                let outcome = connection.execute(&rows.change.statement(Db::dialect(self))?).await;
                Ok(outcome.map_err(|error| rows.change.explain(error))?.rows)
            }
        }
    }

    async fn insert(self, insertion: Insertion) -> Result<u64> {
        Ok(self.insert_all(insertion, GiveBack::Count).await?.count)
    }

    async fn inserted<M: Model>(self, insertion: Insertion) -> Result<Vec<M>> {
        unpack(self.insert_all(insertion, GiveBack::Rows).await?.rows)
    }

    fn db(&self) -> &Db {
        self
    }
}

impl Db {
    /// Inserts rows, all of them or none.
    async fn insert_all(&self, insertion: Insertion, back: GiveBack) -> Result<Inserted> {
        let prepared = insertion.prepare(self.dialect(), self.now())?;
        self.note_use();
        let mut connection = self.acquire().await?;
        let alone = connection.commits_alone() && prepared.is_whole(connection.leaves_rows_out());
        if !alone {
            connection.control(Control::Begin(Begin::default())).await?;
        }
        // On an error the connection is dropped, which rolls back.
        let mut inserted = prepared.run((connection.as_mut(), self.rowids()), (alone, back)).await?;
        if !alone {
            connection.control(Control::Commit).await?;
        }
        self.rowids().learn(std::mem::take(&mut inserted.learned));
        Ok(inserted)
    }
}
