//! Reading pages by key.
use super::Executor;
use crate::{
    driver::Dialect,
    entity::Model,
    error::{Error, Result},
    query::{Cursor, Direction, Keyset, TotalOrder},
};

/// Rows of a query, and where the pages beside them begin.
#[derive(Debug, Clone, PartialEq)]
pub struct KeysetPage<T> {
    /// The rows, in the order of the query.
    pub items: Vec<T>,
    /// The place of the last row, if there are rows after it: for [`Keyset::after`].
    pub next: Option<Cursor>,
    /// The place of the first row, if there are rows before it: for [`Keyset::before`].
    pub previous: Option<Cursor>,
}

impl<T: serde::Serialize> serde::Serialize for KeysetPage<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut page = serializer.serialize_struct("KeysetPage", 3)?;
        page.serialize_field("items", &self.items)?;
        page.serialize_field("next", &self.next)?;
        page.serialize_field("previous", &self.previous)?;
        page.end()
    }
}

impl<M: Model> Keyset<M> {
    /// The page: one statement. A limit and an offset that the query has are left out of account.
    ///
    /// The cursors hold the values that the rows have for this reader: for an entity that was in memory already those are
    /// its values there.
    ///
    /// # Errors
    /// As [`Query::all`](crate::query::Query::all); a size of 0; an order by something else than columns of the model; a
    /// cursor that is not one of this query's order.
    pub async fn page<E: Executor>(self, executor: E) -> Result<KeysetPage<E::Row<M>>> {
        let Self { query, size, from } = self;
        if size == 0 {
            return Err(Error::usage("the size of a page is at least 1"));
        }
        let mut parts = query.parts;
        let nulls_first = executor.db().dialect() != Dialect::Postgres;
        let order = TotalOrder::of(M::table(), &parts.order, nulls_first)?;
        let direction = from.as_ref().map_or(Direction::After, |(_, direction)| *direction);
        if let Some((cursor, direction)) = &from {
            parts.narrow(order.beyond(cursor, *direction)?);
        }
        parts.order = order.terms(direction);
        // One more than asked for tells whether there are more.
        (parts.limit, parts.offset) = (Some(size.saturating_add(1)), None);
        let mut items = executor.rows::<M>(parts).await?;
        let more = items.len() as u64 > size;
        items.truncate(size as usize);
        if direction == Direction::Before {
            items.reverse();
        }
        let at = |row: Option<&E::Row<M>>| {
            row.map(|row| order.cursor(|column| E::value::<M>(row).column(usize::from(column)).value()))
        };
        let (first, last) = (at(items.first()), at(items.last()));
        let (has_previous, has_next) = match direction {
            Direction::After => (from.is_some(), more),
            Direction::Before => (more, true),
        };
        Ok(KeysetPage { items, next: last.filter(|_| has_next), previous: first.filter(|_| has_previous) })
    }
}
