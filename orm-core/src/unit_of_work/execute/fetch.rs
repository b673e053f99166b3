//! Rows that come back, as plain values.
use crate::{
    driver::{Connection, Dialect, Sink, Statement},
    error::Result,
    query::{Parts, Tuples},
    schema::Table,
    sql::{self, write::Rows},
    value::{Row, SqlType, Value},
};
use std::{any::Any, ops::Range};

/// Collects rows as plain values, one row after another.
struct Values {
    types: Vec<SqlType>,
    values: Vec<Value>,
}

impl Sink for Values {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        for (ordinal, sql_type) in self.types.iter().enumerate() {
            self.values.push(row.value(ordinal, *sql_type)?);
        }
        Ok(())
    }
}

/// The values of the rows of a statement, one row after another. `rows`: about how many there will be.
pub(super) async fn fetch_values(
    connection: &mut dyn Connection,
    statement: &Statement,
    (types, rows): (Vec<SqlType>, usize),
) -> Result<Vec<Value>> {
    let values = Vec::with_capacity(types.len() * rows);
    let sink = connection.query(statement, Box::new(Values { types, values })).await?;
    let sink: Box<dyn Any> = sink;
    Ok(sink.downcast::<Values>().map_or_else(|_| Vec::new(), |values| values.values))
}

/// The rows of a statement.
pub(in crate::unit_of_work) async fn fetch(
    connection: &mut dyn Connection,
    statement: &Statement,
    types: Vec<SqlType>,
) -> Result<Rows> {
    let width = types.len();
    Ok(divided(fetch_values(connection, statement, (types, 0)).await?, width))
}

/// Values that stand one row after another, as rows.
pub(in crate::unit_of_work) fn divided(values: Vec<Value>, width: usize) -> Rows {
    let mut rows = Vec::with_capacity(values.len() / width.max(1));
    let mut values = values.into_iter();
    while values.len() > 0 {
        rows.push(values.by_ref().take(width).collect());
    }
    rows
}

/// The values of `all` rows, which stand one row after another, in pieces of at most `most` rows: the rows of each, and their
/// values.
pub(super) fn pieces(
    values: Vec<Value>,
    (all, most): (usize, usize),
    width: usize,
) -> impl Iterator<Item = (Range<usize>, Vec<Value>)> {
    let mut rest = values.into_iter();
    (0..all).step_by(most).map(move |first| {
        let rows = first..all.min(first + most);
        let values = rest.by_ref().take(rows.len() * width).collect();
        (rows, values)
    })
}

/// Columns of the rows of a query.
pub(in crate::unit_of_work) async fn read_columns(
    connection: &mut dyn Connection,
    dialect: Dialect,
    (parts, columns): (Parts, &[u16]),
) -> Result<Rows> {
    let types = types(parts.table, columns);
    fetch(connection, &sql::tuples(dialect, &Tuples::of_columns(parts, columns))?, types).await
}

pub(in crate::unit_of_work) fn types(table: &Table, columns: &[u16]) -> Vec<SqlType> {
    table.sql_types(columns).collect()
}
