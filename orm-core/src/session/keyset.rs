//! Reading pages by key.
use super::Executor;
use crate::{
    driver::Dialect,
    entity::Model,
    error::{Error, Result},
    query::{
        Cursor, Direction, Join, Keyset, Parts, TotalOrder, Tuples,
        expr::{Expr, OrderTerm},
    },
    sql,
    value::{SqlType, Value},
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
    /// # Errors
    /// As [`Query::all`](crate::query::Query::all); a size of 0; an order by what is computed from several rows (aggregates,
    /// windows) or by JSON; a join that repeats rows, without `distinct`; a cursor that is not one of this query's order.
    pub async fn page<E: Executor>(self, executor: E) -> Result<KeysetPage<E::Row<M>>> {
        let Self { query, size, from } = self;
        let order = order(&query.parts, size, executor.db().dialect())?;
        let direction = from.as_ref().map_or(Direction::After, |(_, direction)| *direction);
        let parts = window(query.parts, &order, (size, from.as_ref()))?;
        let mut found = executor.rows::<M>(parts).await?;
        let more = found.rows.len() as u64 > size;
        found.rows.truncate(size as usize);
        found.beside.truncate(found.rows.len());
        if direction == Direction::Before {
            found.rows.reverse();
            found.beside.reverse();
        }
        let at = |values: Option<&Vec<Value>>| values.map(|values| order.cursor(values));
        let (first, last) = (at(found.beside.first()), at(found.beside.last()));
        let (has_previous, has_next) = match direction {
            Direction::After => (from.is_some(), more),
            Direction::Before => (more, true),
        };
        let (next, previous) = (last.filter(|_| has_next), first.filter(|_| has_previous));
        Ok(KeysetPage { items: found.rows, next, previous })
    }
}

fn order(parts: &Parts, size: u64, dialect: Dialect) -> Result<TotalOrder> {
    if size == 0 {
        return Err(Error::usage("the size of a page is at least 1"));
    }
    if parts.joins.iter().any(Join::repeats) && !parts.distinct {
        return Err(Error::usage(format!(
            "a join repeats rows of {}, and pages by key have each once: add `.distinct()`, or ask by `any` instead of a join",
            parts.table.name
        )));
    }
    let nulls_first = dialect != Dialect::Postgres;
    let terms: Vec<OrderTerm> = parts.order.iter().map(|term| exact(dialect, term)).collect();
    TotalOrder::of(parts.table, &terms, nulls_first, |expr| name(dialect, parts, expr))
}

/// A term whose values come back to the database as they were. What SQLite computes of decimals is a float, which as a
/// decimal would be rounded.
fn exact(dialect: Dialect, term: &OrderTerm) -> OrderTerm {
    let is_computed = !matches!(term.expr, Expr::Column { .. });
    let rounded = dialect == Dialect::Sqlite && term.sql_type.is_decimal() && is_computed;
    OrderTerm { sql_type: if rounded { SqlType::F64 } else { term.sql_type }, ..term.clone() }
}

/// An expression has no name that stays: its text and what is bound to it, shortened, tell it from others.
fn name(dialect: Dialect, parts: &Parts, expr: &Expr) -> Result<String> {
    let parts = Parts { joins: parts.joins.clone(), ..Parts::new(parts.table) };
    let columns = vec![expr.clone()];
    let statement = sql::tuples(dialect, &Tuples { parts, columns, group_by: Vec::new(), having: None })?;
    let text = format!("{}{:?}", statement.sql, statement.values);
    // FNV-1a: the same in every process, unlike the hashes of the standard library.
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    Ok(format!("#{hash:016x}"))
}

/// The rows of the page, and one more, which tells whether there are others.
fn window(
    mut parts: Box<Parts>,
    order: &TotalOrder,
    (size, from): (u64, Option<&(Cursor, Direction)>),
) -> Result<Box<Parts>> {
    if let Some((cursor, direction)) = from {
        parts.narrow(order.beyond(cursor, *direction)?);
    }
    parts.order = order.terms(from.map_or(Direction::After, |(_, direction)| *direction));
    parts.beside = order.beside();
    (parts.limit, parts.offset) = (Some(size.saturating_add(1)), None);
    Ok(parts)
}
