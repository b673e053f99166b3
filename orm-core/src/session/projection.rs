//! Running queries whose rows become a projection.
use super::{Executor, Page};
use crate::{
    driver::Statement,
    error::{Error, Kind, Result},
    load::Projecting,
    query::{Projection, ProjectionQuery, projection::Nested},
    sql::{self, Touched},
};
use std::any::Any;

impl<P: Projection> ProjectionQuery<P> {
    /// All result rows. Lists inside of them are one statement each, on the same connection. Where the query locks
    /// ([`for_update`](crate::query::Query::for_update)), a session begins its transaction.
    ///
    /// # Errors
    /// The database fails, or a row cannot be decoded; rows are to be locked, and the result has no rows of its own (groups,
    /// aggregates); lists lead back to their own struct without end.
    pub async fn all<E: Executor>(mut self, executor: E) -> Result<Vec<P>> {
        self.parts = *executor.db().hide(self.parts);
        let nested = Nested::of::<P>();
        nested.check_end()?;
        let (tuples, outline, keys) = self.untyped();
        let effect = tuples.effect()?;
        let projecting = Projecting { tuples, effect, lists: outline.lists, keys, nested };
        let rows: Box<dyn Any> = executor.projected(projecting).await?;
        rows.downcast::<Vec<P>>().map(|rows| *rows).map_err(|_| Error::usage("rows of another projection came back"))
    }

    /// The first result row, if there is one.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn first<E: Executor>(self, executor: E) -> Result<Option<P>> {
        Ok(self.at_most(1).all(executor).await?.into_iter().next())
    }

    /// The only result row.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if there is none, [`is_multiple_rows`](Error::is_multiple_rows) if there are
    /// more.
    pub async fn one<E: Executor>(self, executor: E) -> Result<P> {
        let table = self.parts.table.name;
        self.one_or_none(executor).await?.ok_or_else(|| {
            let message = format!(
                "no row of {table} meets the query, and `one` wants one: use `one_or_none` or `first` if there may be none"
            );
            Error::new(Kind::NotFound, message)
        })
    }

    /// The only result row, or none.
    ///
    /// # Errors
    /// [`is_multiple_rows`](Error::is_multiple_rows) if there is more than one.
    pub async fn one_or_none<E: Executor>(self, executor: E) -> Result<Option<P>> {
        let table = self.parts.table.name;
        let mut rows = self.at_most(2).all(executor).await?;
        if rows.len() > 1 {
            let message = format!("more than one row of {table} meets the query: use `first` or `all`");
            return Err(Error::new(Kind::MultipleRows, message));
        }
        Ok(rows.pop())
    }

    /// The number of result rows. Nothing of the projection is selected for it, unless they are grouped.
    ///
    /// # Errors
    /// The database fails.
    pub async fn count<E: Executor>(self, executor: E) -> Result<u64> {
        let (statement, touched) = self.counting(&executor)?;
        super::query::number(executor, statement, touched).await
    }

    /// A page of result rows, counted from 1, and the number of all of them. A limit and an offset that the query has give
    /// way to the page's.
    ///
    /// # Errors
    /// As [`all`](Self::all); a page number or size of 0.
    pub async fn page<E: Executor + Copy>(self, executor: E, number: u64, size: u64) -> Result<Page<P>> {
        super::query::check_page(number, size)?;
        let mut every = self.clone();
        (every.parts.limit, every.parts.offset) = (None, None);
        let total = every.count(executor).await?;
        let items = self.limit(size).offset((number - 1).saturating_mul(size)).all(executor).await?;
        Ok(Page { items, total, number, size })
    }

    fn at_most(self, rows: u64) -> Self {
        let limit = self.parts.limit.map_or(rows, |limit| limit.min(rows));
        self.limit(limit)
    }

    fn counting(mut self, executor: &impl Executor) -> Result<(Statement, Touched)> {
        self.parts = *executor.db().hide(self.parts);
        let dialect = executor.db().dialect();
        if self.group_by.is_empty() && self.having.is_none() {
            return Ok((sql::count(dialect, &self.parts)?, Touched::by_parts(&self.parts)));
        }
        let (tuples, ..) = self.untyped();
        Ok((sql::count_tuples(dialect, &tuples)?, Touched::by_tuples(&tuples)))
    }
}
