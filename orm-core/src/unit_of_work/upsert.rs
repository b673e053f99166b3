//! Rows that are inserted, or meet rows that are there already.
use super::{
    broken,
    insertion::{GiveBack, Inserted},
    plan::{Insert, Source},
    rowids::Learned,
};
use crate::{
    driver::{Connection, Dialect, Sink},
    error::{Error, Result},
    fast::HashMap,
    model::Batch,
    query::expr::Expr,
    schema::Table,
    sql::{
        self, Select,
        write::{Conflict, OnConflict, Rows, Upsert},
    },
    value::{Key, Row, Value},
};
use std::any::Any;

/// Refuses what the database would refuse, or take otherwise than it is meant.
pub(super) fn check(
    table: &'static Table,
    conflict: &Conflict,
    (inserts, dialect): (&[&Insert], Dialect),
) -> Result<()> {
    is_unique(table, &conflict.target)?;
    let mysql = matches!(dialect, Dialect::MySql | Dialect::MariaDb);
    if mysql && !conflict.other_keys {
        only_key(table, &conflict.target, inserts)?;
    }
    let mut seen: HashMap<Key, usize> = HashMap::default();
    let rows = inserts.iter().flat_map(|insert| (0..insert.rows.len()).map(move |row| (*insert, row)));
    for (number, (insert, row)) in rows.enumerate() {
        let key = target_key(table, &conflict.target, (insert, row))?;
        let Some(first) = seen.insert(key.clone(), number) else { continue };
        if conflict.action != OnConflict::Nothing && !key.has_null() {
            let message = format!(
                "rows {first} and {number} of the upsert have the same {} {key}: which one counts? give each key once",
                columns_of(table, &conflict.target)
            );
            return Err(Error::usage(message));
        }
    }
    Ok(())
}

fn columns_of(table: &Table, columns: &[u16]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| table.columns[usize::from(*column)].name).collect();
    format!("{}.{}", table.name, names.join(", "))
}

fn same(a: &[u16], b: &[u16]) -> bool {
    a.len() == b.len() && a.iter().all(|column| b.contains(column))
}

fn is_unique(table: &'static Table, target: &[u16]) -> Result<()> {
    let mut keys = std::iter::once(table.primary_key).chain(table.unique_keys());
    if keys.any(|key| same(key, target)) {
        return Ok(());
    }
    Err(Error::usage(format!(
        "`on_conflict` names {}, which is not unique: name the primary key, a column with `#[orm(unique)]`, or the columns \
         of a `#[orm(unique(..))]`",
        columns_of(table, target)
    )))
}

/// MySQL takes a conflict of any unique key for one.
fn only_key(table: &'static Table, target: &[u16], inserts: &[&Insert]) -> Result<()> {
    let given = |key: &[u16]| inserts.iter().any(|insert| key.iter().all(|column| insert.columns.contains(column)));
    let mut keys = std::iter::once(table.primary_key).chain(table.unique_keys());
    let Some(other) = keys.find(|key| !same(key, target) && given(key)) else { return Ok(()) };
    Err(Error::usage(format!(
        "MySQL cannot be told which unique key an upsert is about, and {} is unique too: a row that meets only that one \
         would be updated; say `.or_other_keys()` if that is fine",
        columns_of(table, other)
    )))
}

/// The values of a row by which it meets another.
fn target_key(table: &Table, target: &[u16], (insert, row): (&Insert, usize)) -> Result<Key> {
    let values = insert.values_of(row);
    let part = |column: &u16| match insert.columns.iter().position(|other| other == column).map(|at| &values[at]) {
        Some(Source::Value(value)) => Ok(Key::from(value)),
        Some(Source::Inserted { .. }) | None => Err(Error::usage(format!(
            "a row of the upsert has no value for {}, by which it is to be found: give it",
            columns_of(table, &[*column])
        ))),
    };
    Ok(Key::of(target.iter().map(part).collect::<Result<Vec<_>>>()?))
}

/// Sends the statements.
pub(super) async fn run(
    (table, conflict): (&'static Table, &Conflict),
    inserts: &[&Insert],
    (connection, dialect): (&mut dyn Connection, Dialect),
    back: GiveBack,
) -> Result<Inserted> {
    let all: Vec<u16> = (0..table.columns.len() as u16).collect();
    let returning = if back == GiveBack::Rows { &all[..] } else { &[] };
    let mut inserted = Inserted { count: 0, rows: (table.operations.batch)(0), learned: Learned::default() };
    for insert in inserts {
        let upsert = Upsert { table, columns: &insert.columns, returning, conflict };
        for chunk in sql::chunks(dialect, insert.columns.len(), rows_of(insert)?).collect::<Vec<_>>() {
            let count = chunk.len();
            let sent = send(&upsert, chunk, (&mut *connection, dialect), inserted).await;
            inserted = sent.map_err(|error| broken::in_step(error, table, ("inserting or updating", count)))?;
        }
    }
    if back == GiveBack::Rows {
        inserted.rows = in_given_order(table, conflict, (inserts, inserted.rows))?;
    }
    Ok(inserted)
}

fn rows_of(insert: &Insert) -> Result<Rows> {
    let value = |source: &Source| match source {
        Source::Value(value) => Ok(value.clone()),
        Source::Inserted { .. } => Err(Error::usage("a row of an upsert references another one of the same upsert")),
    };
    (0..insert.rows.len()).map(|row| insert.values_of(row).iter().map(value).collect()).collect()
}

async fn send(
    upsert: &Upsert<'_>,
    rows: Rows,
    (connection, dialect): (&mut dyn Connection, Dialect),
    inserted: Inserted,
) -> Result<Inserted> {
    let Inserted { count, rows: batch, learned } = inserted;
    let (table, given) = (upsert.table, rows.len() as u64);
    let keys: Vec<Vec<Value>> = rows.iter().map(|row| upsert.target(row)).collect();
    let statement = upsert.statement(dialect, rows);
    if !upsert.returning.is_empty() && sql::returns_rows(dialect) {
        let before = batch.len();
        let batch = fetch(connection, &statement, batch).await?;
        let count = count + (batch.len() - before) as u64;
        return Ok(Inserted { count, rows: batch, learned });
    }
    let outcome = connection.execute(&statement).await?;
    let hit = if upsert.conflict.action == OnConflict::Nothing { outcome.rows } else { given };
    let mut inserted = Inserted { count: count + hit, rows: batch, learned };
    if !upsert.returning.is_empty() {
        if upsert.conflict.action == OnConflict::Nothing {
            return Err(Error::usage("MySQL cannot tell which rows were inserted: ask for their number by `run`"));
        }
        let filter = Some(Expr::among(table, &upsert.conflict.target, keys));
        let select = Select { deferred: true, filter, ..Select::new(table) };
        inserted.rows = fetch(connection, &sql::select(dialect, &select)?, inserted.rows).await?;
    }
    Ok(inserted)
}

/// Decodes whole rows.
struct Whole(Box<dyn Batch>);

impl Sink for Whole {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.0.decode(row, 0, true)
    }
}

async fn fetch(
    connection: &mut dyn Connection,
    statement: &crate::driver::Statement,
    batch: Box<dyn Batch>,
) -> Result<Box<dyn Batch>> {
    let sink: Box<dyn Any> = connection.query(statement, Box::new(Whole(batch))).await?;
    sink.downcast::<Whole>().map(|whole| whole.0).map_err(|_| Error::usage("the driver gave back another sink"))
}

/// The rows in the order in which they were given, whatever the order in which they came back.
fn in_given_order(
    table: &'static Table,
    conflict: &Conflict,
    (inserts, rows): (&[&Insert], Box<dyn Batch>),
) -> Result<Box<dyn Batch>> {
    let mut places: HashMap<Key, usize> = HashMap::default();
    for (insert, row) in inserts.iter().flat_map(|insert| (0..insert.rows.len()).map(move |row| (*insert, row))) {
        // Rows are numbered in the order of their adding, whatever their shape.
        let key = target_key(table, &conflict.target, (insert, row))?;
        places.insert(key, insert.rows[row].node.row as usize);
    }
    let place = |row: usize| places.get(&rows.key(row, &conflict.target)).copied().unwrap_or(usize::MAX);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    if order.is_sorted_by_key(|row| place(*row)) {
        return Ok(rows);
    }
    order.sort_by_key(|row| place(*row));
    let mut sorted = (table.operations.batch)(rows.len());
    let rows = rows.into_rows();
    order.into_iter().for_each(|row| sorted.push_copy(rows.as_ref(), row));
    Ok(sorted)
}
