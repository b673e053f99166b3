//! Running SQL of the user's own.
use super::{
    Executor, Session,
    executor::{NamedRows, Question, Write},
};
use crate::{
    db::Db,
    driver::Statement,
    entity::{Entity, Model},
    error::{Error, Kind, Result},
    query::{FromRow, Sql},
    sql::{self, Effect, Touched},
};

impl Sql {
    /// All rows of the result: a value, a tuple in the order of the columns, or a struct with `#[derive(Embedded)]` whose
    /// columns are found by their names. Nothing is flushed before.
    ///
    /// A session runs a statement that begins with anything but `SELECT`, `WITH`, `VALUES`, `TABLE`, `EXPLAIN`, `SHOW`, `DESCRIBE`
    /// or `PRAGMA`, or that writes inside of one of these (`WITH x AS (DELETE ..)`, `SELECT .. INTO`), as it runs a write:
    /// inside its transaction, which it begins; so `INSERT .. RETURNING` is undone by a rollback. One that locks
    /// (`FOR UPDATE`) begins the transaction too. What functions do that a `SELECT` calls is not known: use
    /// [`Session::begin`] before one that writes.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let insert = orm::sql("INSERT INTO roles (name) VALUES (?) RETURNING id").bind("editor");
    /// let _id: i64 = insert.one(&session).await?;
    /// assert!(session.in_transaction());
    /// session.commit().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The numbers of placeholders and values differ, the database refuses, or a row cannot be decoded.
    pub async fn all<T: FromRow>(self, executor: impl Executor) -> Result<Vec<T>> {
        let db = executor.db().clone();
        let (statement, effect) = self.prepare(&db)?;
        let touched = Touched::default();
        let question = Question { statement, touched, effect, read: T::read, names: T::names(), selected: Vec::new() };
        self.around_change_of_tables(&db, executor.tuples(question)).await
    }

    /// The only row of the result.
    ///
    /// # Errors
    /// As [`all`](Self::all); [`is_not_found`](Error::is_not_found) if there is no row,
    /// [`is_multiple_rows`](Error::is_multiple_rows) if there are more.
    pub async fn one<T: FromRow>(self, executor: impl Executor) -> Result<T> {
        let mut rows = self.all::<T>(executor).await?;
        match (rows.pop(), rows.is_empty()) {
            (Some(row), true) => Ok(row),
            (None, _) => Err(Error::new(
                Kind::NotFound,
                "the statement gave no row, and `one` wants one: use `all` if there may be none",
            )),
            (Some(_), false) => Err(Error::new(
                Kind::MultipleRows,
                "the statement gave more than one row, and `one` wants one: use `all`, or add `LIMIT 1`",
            )),
        }
    }

    /// All rows of the result as values of a model, whose columns are found by their names; others are passed over. Changes
    /// of that model are flushed before.
    ///
    /// # Errors
    /// As [`all`](Self::all); a column of the model is missing.
    pub async fn values<M: Model>(self, executor: impl Executor<Row<M> = M>) -> Result<Vec<M>> {
        let (statement, effect) = self.prepare(executor.db())?;
        executor.named_rows::<M>(NamedRows { statement, effect }).await
    }

    /// All rows of the result as entities of a session, one for each row of the table; those in memory stay as they are,
    /// as in any query. Columns are found by their names. Changes of that model are flushed before. What the model's
    /// attributes load along is loaded when it is awaited.
    ///
    /// # Errors
    /// As [`values`](Self::values).
    pub async fn entities<M: Model>(self, session: &Session) -> Result<Vec<Entity<'_, M>>> {
        let (statement, effect) = self.prepare(session.db())?;
        session.named_rows::<M>(NamedRows { statement, effect }).await
    }

    /// What is known of tables is forgotten if the statement may change them: before it, in case that it is not awaited to its
    /// end, and after it.
    async fn around_change_of_tables<T>(&self, db: &Db, run: impl Future<Output = Result<T>>) -> Result<T> {
        if !sql::changes_tables(db.dialect(), &self.text) {
            return run.await;
        }
        db.rowids().forget();
        let result = run.await;
        db.rowids().forget();
        result
    }

    fn prepare(&self, db: &Db) -> Result<(Statement, Effect)> {
        Ok((sql::raw(db.dialect(), self)?, sql::effect(db.dialect(), &self.text)))
    }
}

impl Session {
    /// Runs a statement of your own in this session's transaction, which it begins, as every write does; tells the number of
    /// rows that it hit. Nothing is flushed before, and entities in memory do not change: `refresh` them if they should.
    ///
    /// # Errors
    /// The numbers of placeholders and values differ, or the database refuses.
    pub async fn execute(&self, sql: Sql) -> Result<u64> {
        let statement = sql::raw(self.db.dialect(), &sql)?;
        sql.around_change_of_tables(&self.db, Executor::write(self, Write::Statement(statement))).await
    }
}

impl Db {
    /// Runs a statement of your own on a connection of its own; tells the number of rows that it hit.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub async fn execute(&self, sql: Sql) -> Result<u64> {
        let statement = sql::raw(self.dialect(), &sql)?;
        sql.around_change_of_tables(self, Executor::write(self, Write::Statement(statement))).await
    }
}
