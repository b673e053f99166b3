//! Running SQL of the user's own.
use super::{
    Executor, Session,
    executor::{Question, Write},
};
use crate::{
    db::Db,
    entity::{Entity, Model},
    error::{Error, Kind, Result},
    query::{FromRow, Sql},
    sql::{self, Touched},
};

impl Sql {
    /// All rows of the result: a value, a tuple in the order of the columns, or a struct with `#[derive(Embedded)]` whose
    /// columns are found by their names. Nothing is flushed before.
    ///
    /// # Errors
    /// The numbers of placeholders and values differ, the database refuses, or a row cannot be decoded.
    pub async fn all<T: FromRow>(self, executor: impl Executor) -> Result<Vec<T>> {
        let statement = sql::raw(executor.db().dialect(), &self)?;
        executor.tuples(Question { statement, touched: Touched::default(), read: T::read, names: T::names() }).await
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
        let statement = sql::raw(executor.db().dialect(), &self)?;
        executor.named_rows::<M>(statement).await
    }

    /// All rows of the result as entities of a session, one for each row of the table; those in memory stay as they are,
    /// as in any query. Columns are found by their names. Changes of that model are flushed before. What the model's
    /// attributes load along is loaded when it is awaited.
    ///
    /// # Errors
    /// As [`values`](Self::values).
    pub async fn entities<M: Model>(self, session: &Session) -> Result<Vec<Entity<'_, M>>> {
        let statement = sql::raw(session.db().dialect(), &self)?;
        session.named_rows::<M>(statement).await
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
        Executor::write(self, Write::Statement(statement)).await
    }
}

impl Db {
    /// Runs a statement of your own on a connection of its own; tells the number of rows that it hit.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub async fn execute(&self, sql: Sql) -> Result<u64> {
        let statement = sql::raw(self.dialect(), &sql)?;
        Executor::write(self, Write::Statement(statement)).await
    }
}
