//! Runs a plan: the one place where writes cross to the database.
use super::{
    blame::{self, Attempt, Tried},
    connect,
    link_rows::run_links,
    plan::{Delete, Insert, Part, Plan, Removed, Source, Step, Update, Written},
    stale::{Sought, found_by, stale, telling},
};
use crate::{
    driver::{Connection, Dialect, Outcome, Sink, Statement},
    error::{Error, Result},
    fast::HashMap,
    model::Node,
    query::{Parts, Tuples, expr::Expr},
    schema::Table,
    sql::{
        self,
        write::{self, Rows},
    },
    value::{Key, Row, SqlType, Value},
};
use std::{any::Any, time::SystemTime};

/// What the database made: the values of the columns that were left to it.
#[derive(Debug, Default)]
pub(crate) struct Executed {
    pub(crate) made: HashMap<Node, Vec<(u16, Value)>>,
}

impl Executed {
    /// The value of a source, now that what it names is inserted.
    pub(super) fn resolve(&self, source: &Source) -> Result<Value> {
        match source {
            Source::Value(value) => Ok(value.clone()),
            Source::Inserted { node, column } => {
                let made = self.made.get(node).and_then(|made| made.iter().find(|(other, _)| other == column));
                made.map(|(_, value)| value.clone()).ok_or_else(|| {
                    Error::usage("the database did not give back the key of a row that another row references")
                })
            }
        }
    }

    pub(super) fn resolve_all(&self, sources: &[Source]) -> Result<Vec<Value>> {
        let mut values = Vec::with_capacity(sources.len());
        self.resolve_into(&mut values, sources)?;
        Ok(values)
    }

    fn resolve_into(&self, values: &mut Vec<Value>, sources: &[Source]) -> Result<()> {
        sources.iter().try_for_each(|source| {
            values.push(self.resolve(source)?);
            Ok(())
        })
    }
}

/// Runs the statements of a plan in their order.
///
/// # Errors
/// What the database refuses, and rows that are gone. Nothing is undone here: the caller rolls back.
pub(crate) async fn execute(
    plan: &Plan,
    connection: &mut dyn Connection,
    dialect: Dialect,
    now: SystemTime,
) -> Result<Executed> {
    let mut executed = Executed::default();
    for step in &plan.steps {
        let ran = match step {
            Step::Insert(insert @ Insert { connect: Some(by), .. }) => {
                connect::run((insert, by), connection, dialect, &mut executed).await
            }
            Step::Insert(insert) => run_insert(insert, connection, dialect, &mut executed).await,
            Step::Update(update) => run_update(update, connection, dialect, &executed).await,
            Step::Delete(delete) => run_delete(delete, connection, dialect).await,
            Step::Link(links) => run_links(links, connection, (dialect, now), &executed).await,
        };
        ran.map_err(|error| name_only_row(error, step))?;
    }
    Ok(executed)
}

/// Where a step writes one row, its error is about that row; of several, databases do not say which.
fn name_only_row(error: Error, step: &Step) -> Error {
    let named = |table: &Table, key: Key| format!("{}#{key}", table.model);
    let entity = match step {
        Step::Insert(Insert { table, rows, .. }) if rows.len() == 1 => format!("{} (new)", table.model),
        Step::Update(Update { table, rows, .. }) if rows.len() == 1 => {
            let known = |source: &Source| match source {
                Source::Value(value) => Key::from(value),
                Source::Inserted { .. } => Key::Null,
            };
            named(table, Key::of(rows[0].key.iter().map(known)))
        }
        Step::Delete(Delete { table, rows }) if rows.len() == 1 => {
            named(table, Key::of(rows[0].key.iter().map(Key::from)))
        }
        Step::Insert(_) | Step::Update(_) | Step::Delete(_) | Step::Link(_) => return error,
    };
    error.with_entity(entity)
}

async fn run_insert(
    insert: &Insert,
    connection: &mut dyn Connection,
    dialect: Dialect,
    executed: &mut Executed,
) -> Result<()> {
    let table = insert.table;
    let generated = table.generated_key().filter(|key| insert.returning.contains(key));
    let returning = returned_columns(table, &insert.returning, generated);
    let shape = write::Insert { table, columns: &insert.columns, returning: &returning };
    let mut start = 0;
    let rows: Result<Rows> = insert.rows.iter().map(|row| executed.resolve_all(&row.values)).collect();
    for chunk in chunks(dialect, &insert.columns, rows?) {
        let nodes: Vec<Node> = insert.rows[start..start + chunk.len()].iter().map(|row| row.node).collect();
        start += chunk.len();
        let keys: Rows = match generated {
            None if !returning.is_empty() => chunk.iter().map(|row| given_key(table, &insert.columns, row)).collect(),
            _ => Vec::new(),
        };
        let returned = send_insert(&shape, chunk, (generated, &keys), (&mut *connection, dialect)).await;
        let returned = match returned {
            Ok(Some(returned)) => returned,
            Ok(None) => continue,
            Err(error) => {
                let attempt = attempted_insert(insert, &insert.rows[start - nodes.len()..start], executed)?;
                return Err(attempt.explain(error, connection, dialect).await);
            }
        };
        let matched =
            if generated.is_some() { by_order(returned, &nodes)? } else { by_key(returned, table, &nodes, &keys)? };
        executed.made.reserve(matched.len());
        for (node, values) in matched {
            let made = returning.iter().copied().zip(values);
            executed.made.insert(node, made.filter(|(column, _)| insert.returning.contains(column)).collect());
        }
    }
    Ok(())
}

/// Sends one INSERT and gives the columns that the database made, if there are any.
async fn send_insert(
    shape: &write::Insert<'_>,
    rows: Rows,
    (generated, keys): (Option<u16>, &Rows),
    (connection, dialect): (&mut dyn Connection, Dialect),
) -> Result<Option<Rows>> {
    let (table, returning) = (shape.table, shape.returning);
    let count = rows.len();
    let statement = shape.statement(dialect, rows);
    if returning.is_empty() {
        connection.execute(&statement).await?;
        return Ok(None);
    }
    if sql::returns_rows(dialect) {
        return fetch(connection, &statement, types(table, returning)).await.map(Some);
    }
    let outcome = connection.execute(&statement).await?;
    let keys = match generated {
        Some(_) => generated_keys(outcome, count),
        None => keys.clone(),
    };
    if generated.is_some() && returning.len() == 1 {
        return Ok(Some(keys));
    }
    let parts = Parts { filter: Some(Expr::keyed(table, keys)), ..Parts::new(table) };
    read_columns(connection, dialect, (parts, returning)).await.map(Some)
}

fn attempted_insert(insert: &Insert, rows: &[Written], executed: &Executed) -> Result<Attempt> {
    let row = |row: &Written| {
        Ok(Tried { name: format!("{} (new)", insert.table.model), values: executed.resolve_all(&row.values)? })
    };
    let rows: Result<Vec<Tried>> = rows.iter().map(row).collect();
    Ok(Attempt { verb: "inserting", table: insert.table, columns: insert.columns.clone(), rows: rows? })
}

/// SQLite has no way to say several rows of nothing but defaults.
fn chunks(dialect: Dialect, columns: &[u16], rows: Rows) -> Box<dyn Iterator<Item = Rows> + Send> {
    if columns.is_empty() {
        return Box::new(rows.into_iter().map(|row| vec![row]));
    }
    let chunks: Vec<Rows> = sql::chunks(dialect, columns.len(), rows).collect();
    Box::new(chunks.into_iter())
}

/// What comes back: the columns left to the database, after the key by which rows are matched.
fn returned_columns(table: &'static Table, omitted: &[u16], generated: Option<u16>) -> Vec<u16> {
    if omitted.is_empty() {
        return Vec::new();
    }
    let key: Vec<u16> = generated.map_or_else(|| table.primary_key.to_vec(), |key| vec![key]);
    let others = omitted.iter().copied().filter(|column| !key.contains(column));
    key.iter().copied().chain(others).collect()
}

/// The primary key of a row as it was given; null for what the database makes.
fn given_key(table: &Table, columns: &[u16], row: &[Value]) -> Vec<Value> {
    let value = |key: &u16| match columns.iter().position(|column| column == key) {
        Some(at) => row[at].clone(),
        None => table.columns[usize::from(*key)].sql_type.null(),
    };
    table.primary_key.iter().map(value).collect()
}

/// Columns of the rows of a query.
pub(super) async fn read_columns(
    connection: &mut dyn Connection,
    dialect: Dialect,
    (parts, columns): (Parts, &[u16]),
) -> Result<Rows> {
    let types = types(parts.table, columns);
    fetch(connection, &sql::tuples(dialect, &Tuples::of_columns(parts, columns))?, types).await
}

pub(super) fn types(table: &Table, columns: &[u16]) -> Vec<SqlType> {
    table.sql_types(columns).collect()
}

/// Generated keys grow in the order of the given rows, whatever the order in which they come back.
fn by_order(mut returned: Rows, nodes: &[Node]) -> Result<Vec<(Node, Vec<Value>)>> {
    let key = |row: &Vec<Value>| row.first().map(Key::from);
    if !returned.is_sorted_by_key(key) {
        returned.sort_by_cached_key(key);
    }
    if returned.len() != nodes.len() {
        return Err(Error::usage(format!("{} rows were inserted, and {} came back", nodes.len(), returned.len())));
    }
    Ok(nodes.iter().copied().zip(returned).collect())
}

fn by_key(returned: Rows, table: &Table, nodes: &[Node], keys: &Rows) -> Result<Vec<(Node, Vec<Value>)>> {
    let key = |key: &Vec<Value>| Key::of(key.iter().map(Key::from));
    let positions: HashMap<Key, Node> = keys.iter().map(key).zip(nodes.iter().copied()).collect();
    let matched = |row: Vec<Value>| {
        let key = Key::of(row[..table.primary_key.len()].iter().map(Key::from));
        positions.get(&key).map(|node| (*node, row)).ok_or_else(|| {
            Error::usage(format!("the key {key} of an inserted row of {} came back changed", table.name))
        })
    };
    returned.into_iter().map(matched).collect()
}

/// MySQL: the first key of the statement and those after it; other columns that the database made are read.
fn generated_keys(outcome: Outcome, count: usize) -> Rows {
    let first = outcome.first_key.unwrap_or_default();
    (0..count as i64).map(|i| vec![Value::BigInt(Some(first + i))]).collect()
}

async fn run_update(
    update: &Update,
    connection: &mut dyn Connection,
    dialect: Dialect,
    executed: &Executed,
) -> Result<()> {
    let table = update.table;
    let locked = update.rows.iter().any(|row| row.lock.is_some());
    let by: Vec<u16> = found_by(table, locked);
    let width = by.len() + update.columns.len();
    let row = |row: &Written| {
        let mut values = Vec::with_capacity(width);
        executed.resolve_into(&mut values, &row.key)?;
        values.extend(row.lock.clone());
        executed.resolve_into(&mut values, &row.values)?;
        Ok(values)
    };
    let rows: Result<Rows> = update.rows.iter().map(row).collect();
    let shape = write::Update { table, by: &by, set: &update.columns };
    let mut start = 0;
    for chunk in sql::chunks(dialect, width, rows?).collect::<Vec<_>>() {
        let expected = chunk.len();
        let outcome = connection.execute(&shape.statement(dialect, chunk)).await;
        let rows = start..start + expected;
        start += expected;
        match outcome {
            Err(error) => {
                let attempt = attempted_update(update, &update.rows[rows], executed)?;
                return Err(attempt.explain(error, connection, dialect).await);
            }
            Ok(outcome) if (outcome.rows as usize) < expected && update.part == Part::Deleted && !locked => {
                warn_gone(table, expected as u64 - outcome.rows);
            }
            Ok(outcome) if (outcome.rows as usize) < expected => {
                let rows = update.rows[rows].iter().map(|row| updated_row(update, row, executed));
                let rows: Result<Vec<Sought>> = rows.collect();
                let columns = if locked { telling(table, &update.columns) } else { Vec::new() };
                let verb = if update.part == Part::Deleted { "delete" } else { "update" };
                return Err(stale(verb, (table, &columns, rows?), (connection, dialect)).await);
            }
            Ok(_) => {}
        }
    }
    Ok(())
}

fn attempted_update(update: &Update, rows: &[Written], executed: &Executed) -> Result<Attempt> {
    let table = update.table;
    let row = |row: &Written| {
        let key = executed.resolve_all(&row.key)?;
        let mut values = executed.resolve_all(&row.values)?;
        let name = blame::name(table, &key);
        values.extend(key);
        Ok(Tried { name, values })
    };
    let rows: Result<Vec<Tried>> = rows.iter().map(row).collect();
    let columns = update.columns.iter().chain(table.primary_key).copied().collect();
    Ok(Attempt { verb: "updating", table, columns, rows: rows? })
}

fn updated_row(update: &Update, row: &Written, executed: &Executed) -> Result<Sought> {
    let key = executed.resolve_all(&row.key)?;
    let value = |column: &u16| -> Option<Result<Value>> {
        let place = update.columns.iter().position(|other| other == column)?;
        Some(executed.resolve(&row.values[place]))
    };
    let parts = update.table.primary_key.iter().zip(&key);
    let after: Result<Vec<Value>> =
        parts.map(|(column, old)| value(column).unwrap_or_else(|| Ok(old.clone()))).collect();
    let telling = if row.lock.is_some() { telling(update.table, &update.columns) } else { Vec::new() };
    let written: Result<Vec<Value>> = telling.iter().filter_map(value).collect();
    Ok(Sought { key, after: Some(after?), written: written? })
}

async fn run_delete(delete: &Delete, connection: &mut dyn Connection, dialect: Dialect) -> Result<()> {
    let table = delete.table;
    let locked = delete.rows.iter().any(|row| row.lock.is_some());
    let by = found_by(table, locked);
    let rows: Rows = delete.rows.iter().map(|row| row.key.iter().cloned().chain(row.lock.clone()).collect()).collect();
    let shape = write::Delete { table, by: &by };
    let mut start = 0;
    for chunk in sql::chunks(dialect, by.len(), rows).collect::<Vec<_>>() {
        let rows = &delete.rows[start..start + chunk.len()];
        start += chunk.len();
        let outcome = match connection.execute(&shape.statement(dialect, chunk)).await {
            Ok(outcome) => outcome,
            Err(error) => return Err(attempted_delete(table, rows).explain(error, connection, dialect).await),
        };
        let missing = (rows.len() as u64).saturating_sub(outcome.rows);
        if missing > 0 && locked {
            let rows = rows.iter().map(|row| Sought { key: row.key.clone(), after: None, written: Vec::new() });
            return Err(stale("delete", (table, &[], rows.collect()), (connection, dialect)).await);
        }
        if missing > 0 {
            warn_gone(table, missing);
        }
    }
    Ok(())
}

fn warn_gone(table: &Table, missing: u64) {
    tracing::warn!(table = table.name, missing, "rows to be deleted were gone already");
}

fn attempted_delete(table: &'static Table, rows: &[Removed]) -> Attempt {
    let row = |row: &Removed| Tried { name: blame::name(table, &row.key), values: row.key.clone() };
    Attempt { verb: "deleting", table, columns: table.primary_key.to_vec(), rows: rows.iter().map(row).collect() }
}

/// Collects rows as plain values.
struct Values {
    types: Vec<SqlType>,
    rows: Rows,
}

impl Sink for Values {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        let value = |(ordinal, sql_type): (usize, &SqlType)| row.value(ordinal, *sql_type);
        self.rows.push(self.types.iter().enumerate().map(value).collect::<Result<_>>()?);
        Ok(())
    }
}

pub(super) async fn fetch(connection: &mut dyn Connection, statement: &Statement, types: Vec<SqlType>) -> Result<Rows> {
    let sink = connection.query(statement, Box::new(Values { types, rows: Vec::new() })).await?;
    let sink: Box<dyn Any> = sink;
    Ok(sink.downcast::<Values>().map_or_else(|_| Vec::new(), |values| values.rows))
}
