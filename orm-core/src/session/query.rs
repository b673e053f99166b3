//! Running queries: all rows, one row, pages, counts, set-based writes.
use super::{
    Executor,
    executor::{Question, Rows, Write},
};
use crate::{
    db::Db,
    entity::Model,
    error::{Error, Kind, Result},
    query::{Projected, Query, SetRows, Tuples},
    sql::{self, Effect, Touched},
    unit_of_work::RowsChange,
};

/// One page of a query's rows, and how many there are in all.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// The rows of all pages.
    pub total: u64,
    /// The number of this page, counted from 1.
    pub number: u64,
    /// The greatest number of rows of a page.
    pub size: u64,
}

impl<T> Page<T> {
    /// The number of pages.
    pub fn pages(&self) -> u64 {
        self.total.div_ceil(self.size.max(1))
    }
}

impl<T: serde::Serialize> serde::Serialize for Page<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut page = serializer.serialize_struct("Page", 5)?;
        page.serialize_field("items", &self.items)?;
        page.serialize_field("total", &self.total)?;
        page.serialize_field("number", &self.number)?;
        page.serialize_field("size", &self.size)?;
        page.serialize_field("pages", &self.pages())?;
        page.end()
    }
}

impl<M: Model> Query<M> {
    /// All rows: entities of a `&Session`, plain values of a `&Db` or `session.values()`.
    ///
    /// # Errors
    /// The database fails, or a row cannot be decoded.
    pub async fn all<E: Executor>(self, executor: E) -> Result<Vec<E::Row<M>>> {
        Ok(executor.rows::<M>(self.parts).await?.rows)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn first<E: Executor>(self, executor: E) -> Result<Option<E::Row<M>>> {
        let limit = self.parts.limit.map_or(1, |limit| limit.min(1));
        let mut rows = self.limit(limit).all(executor).await?;
        Ok(rows.pop())
    }

    /// The only row.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if there is none, [`is_multiple_rows`](Error::is_multiple_rows) if there are
    /// more.
    pub async fn one<E: Executor>(self, executor: E) -> Result<E::Row<M>> {
        self.one_or_none(executor).await?.ok_or_else(|| {
            Error::new(Kind::NotFound, format!("no row of {} meets the query, and `one` wants one: use `one_or_none` or `first` if there may be none", M::table().name))
        })
    }

    /// The only row, or none.
    ///
    /// # Errors
    /// [`is_multiple_rows`](Error::is_multiple_rows) if there is more than one.
    pub async fn one_or_none<E: Executor>(self, executor: E) -> Result<Option<E::Row<M>>> {
        let limit = self.parts.limit.map_or(2, |limit| limit.min(2));
        let mut rows = self.limit(limit).all(executor).await?;
        if rows.len() > 1 {
            let message = format!("more than one row of {} meets the query: use `first` or `all`", M::table().name);
            return Err(Error::new(Kind::MultipleRows, message));
        }
        Ok(rows.pop())
    }

    /// The number of rows; what is loaded along does not matter.
    ///
    /// # Errors
    /// The database fails.
    pub async fn count<E: Executor>(self, executor: E) -> Result<u64> {
        let parts = executor.db().hide(self.parts);
        let statement = sql::count(executor.db().dialect(), &parts)?;
        number(executor, statement, Touched::by_parts(&parts)).await
    }

    /// Whether there is a row.
    ///
    /// # Errors
    /// The database fails.
    pub async fn exists<E: Executor>(self, executor: E) -> Result<bool> {
        let parts = executor.db().hide(self.parts);
        let statement = sql::exists(executor.db().dialect(), &parts)?;
        let touched = Touched::by_parts(&parts);
        let rows = executor
            .tuples(Question {
                statement,
                touched,
                effect: Effect::Reads,
                read: |reader| reader.cell().bool(),
                names: None,
                selected: Vec::new(),
            })
            .await?;
        Ok(rows.first().copied().unwrap_or_default())
    }

    /// A page of rows, counted from 1, and the number of all rows: two statements. A limit and an offset that the query
    /// has give way to the page's.
    ///
    /// # Errors
    /// As [`all`](Self::all); a page number or size of 0.
    pub async fn page<E: Executor + Copy>(self, executor: E, number: u64, size: u64) -> Result<Page<E::Row<M>>> {
        check_page(number, size)?;
        let mut every = self.clone();
        (every.parts.limit, every.parts.offset) = (None, None);
        let total = every.count(executor).await?;
        let items = self.limit(size).offset((number - 1).saturating_mul(size)).all(executor).await?;
        Ok(Page { items, total, number, size })
    }

    /// Deletes all rows of the query by one statement. No cascades of the library, no hooks; `ON DELETE` of the database
    /// applies. Returns the number of rows.
    ///
    /// Where the model is declared with `soft_delete`, it is an UPDATE that marks the rows; no `ON DELETE` runs then.
    ///
    /// Run by a session, changes that the query would not see are flushed before, and the entities of the rows are deleted
    /// afterwards; entities that the database deleted or set free along with them (`ON DELETE`) follow. Which they are is
    /// told from memory where that is sure, else the statement returns it (on MySQL a SELECT before it). A rollback brings
    /// them back.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let item = session.get_one::<OrderItem>(1).await?;
    /// assert_eq!(OrderItem::query().filter(OrderItem::quantity.lt(5)).delete(&session).await?, 1);
    /// assert!(!session.contains(item));
    /// # session.rollback().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// There is no filter and `all_rows` was not said; the database refuses.
    pub async fn delete<E: Executor>(self, executor: E) -> Result<u64> {
        let (now, parts) = (executor.db().now(), executor.db().hide(self.parts));
        change(executor, RowsChange::delete(*parts, now)?).await
    }

    /// [`delete`](Self::delete) that takes the rows away also where the model deletes softly (`soft_delete`). Rows that are
    /// deleted already are hidden like from any query: say [`without_criteria`](Self::without_criteria) to remove them.
    ///
    /// # Errors
    /// As [`delete`](Self::delete).
    #[doc(alias = "force_delete")]
    pub async fn delete_permanently<E: Executor>(self, executor: E) -> Result<u64> {
        let parts = executor.db().hide(self.parts);
        change(executor, RowsChange::delete_permanently(*parts)?).await
    }
}

impl<M: Model> SetRows<M> {
    /// Updates all rows of the query by one statement. No hooks. Returns the number of rows that it hit. Where a row really
    /// changes, its `updated_at` takes the time and its `version` counts, so that whoever read it before is stale.
    ///
    /// Run by a session, changes that the query would not see are flushed before, and entities of the rows have the new values
    /// afterwards, but for columns that were changed in memory and not flushed. Which rows and values they are is told from
    /// memory where that is sure, else the statement returns it (on MySQL and MariaDB one SELECT before or after it, for what
    /// is in memory). A rollback restores them. SQLAlchemy's `synchronize_session="auto"`.
    ///
    /// # Errors
    /// There is no filter and `all_rows` was not said; a value is not of the row itself; the database refuses.
    pub async fn update<E: Executor>(self, executor: E) -> Result<u64> {
        let (now, parts) = (executor.db().now(), executor.db().hide(self.parts));
        change(executor, RowsChange::update(*parts, self.values, now)?).await
    }
}

async fn change<E: Executor>(executor: E, change: RowsChange) -> Result<u64> {
    let touched = change.touched();
    executor.write(Write::Rows(Box::new(Rows { change, touched }))).await
}

impl<M, T: Send + 'static> Projected<M, T> {
    /// All result rows. Where the query locks ([`for_update`](Query::for_update)), a session begins its transaction.
    ///
    /// # Errors
    /// The database fails, or a row cannot be decoded; rows are to be locked, and the result has no rows of its own (groups,
    /// aggregates, no repetitions).
    pub async fn all<E: Executor>(self, executor: E) -> Result<Vec<T>> {
        let effect = self.tuples.effect()?;
        let tuples = hidden(executor.db(), self.tuples);
        let statement = sql::tuples(executor.db().dialect(), &tuples)?;
        let touched = Touched::by_tuples(&tuples);
        executor
            .tuples(Question { statement, touched, effect, read: self.read, names: None, selected: tuples.columns })
            .await
    }

    /// The first result row, if there is one.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn first<E: Executor>(self, executor: E) -> Result<Option<T>> {
        let limit = self.tuples.parts.limit.map_or(1, |limit| limit.min(1));
        let rows = self.limit(limit).all(executor).await?;
        Ok(rows.into_iter().next())
    }

    /// The number of result rows, groups and repetitions counted once.
    ///
    /// # Errors
    /// The database fails.
    pub async fn count<E: Executor>(self, executor: E) -> Result<u64> {
        let tuples = hidden(executor.db(), self.tuples);
        let statement = sql::count_tuples(executor.db().dialect(), &tuples)?;
        number(executor, statement, Touched::by_tuples(&tuples)).await
    }

    /// The only result row, or none.
    ///
    /// # Errors
    /// [`is_multiple_rows`](Error::is_multiple_rows) if there is more than one.
    pub async fn one_or_none<E: Executor>(self, executor: E) -> Result<Option<T>> {
        match self.one(executor).await {
            Ok(row) => Ok(Some(row)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The only result row.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if there is none, [`is_multiple_rows`](Error::is_multiple_rows) if there are
    /// more.
    pub async fn one<E: Executor>(self, executor: E) -> Result<T> {
        let limit = self.tuples.parts.limit.map_or(2, |limit| limit.min(2));
        let mut rows = self.limit(limit).all(executor).await?;
        match (rows.pop(), rows.is_empty()) {
            (Some(row), true) => Ok(row),
            (None, _) => Err(Error::new(
                Kind::NotFound,
                "the query gave no row, and `one` wants one: use `all` if there may be none",
            )),
            (Some(_), false) => Err(Error::new(Kind::MultipleRows, "the query gave more than one row")),
        }
    }
}

impl Tuples {
    /// Whether it locks.
    pub(super) fn effect(&self) -> Result<Effect> {
        match self.parts.lock {
            None => Ok(Effect::Reads),
            Some(_) if self.is_of_rows() => Ok(Effect::Locks),
            Some(_) => Err(Error::usage(
                "a query of groups, aggregates or distinct rows cannot lock the rows that they are made of: lock these by a query \
                 of their own, `.for_update()` and `.all(..)`, then ask for the numbers",
            )),
        }
    }
}

pub(super) fn check_page(number: u64, size: u64) -> Result<()> {
    if number == 0 || size == 0 {
        return Err(Error::usage("pages are counted from 1, and their size is at least 1"));
    }
    Ok(())
}

/// A query of columns and expressions under the criteria of the handle that runs it.
fn hidden(db: &Db, tuples: Tuples) -> Tuples {
    Tuples { parts: *db.hide(tuples.parts), ..tuples }
}

/// The number that a statement gives.
pub(super) async fn number<E: Executor>(
    executor: E,
    statement: crate::driver::Statement,
    touched: Touched,
) -> Result<u64> {
    let rows = executor
        .tuples(Question {
            statement,
            touched,
            effect: Effect::Reads,
            read: |reader| reader.cell().i64(),
            names: None,
            selected: Vec::new(),
        })
        .await?;
    Ok(rows.first().copied().unwrap_or_default() as u64)
}
