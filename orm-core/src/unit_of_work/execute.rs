//! Runs a plan: the one place where writes cross to the database.
use super::{
    defaults,
    plan::{Delete, Insert, Linked, Links, Plan, Source, Step, Update},
};
use crate::{
    driver::{Connection, Dialect, Outcome, Sink, Statement},
    error::{Error, Kind, Result},
    model::Node,
    query::{Parts, Tuples, expr::Expr},
    schema::{Default, Link, RelationshipKind, Role, Table},
    sql::{
        self,
        write::{self, LinkRows, LinkWrite, Rows},
    },
    value::{Key, Row, SqlType, Value},
};
use std::{any::Any, collections::HashMap, time::SystemTime};

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

    fn resolve_all(&self, sources: &[Source]) -> Result<Vec<Value>> {
        sources.iter().map(|source| self.resolve(source)).collect()
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
        match step {
            Step::Insert(insert) => run_insert(insert, connection, dialect, &mut executed).await?,
            Step::Update(update) => run_update(update, connection, dialect, &executed).await?,
            Step::Delete(delete) => run_delete(delete, connection, dialect).await?,
            Step::Link(links) => run_links(links, connection, (dialect, now), &executed).await?,
        }
    }
    Ok(executed)
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
        let keys: Rows = chunk.iter().map(|row| given_key(table, &insert.columns, row)).collect();
        let statement = shape.statement(dialect, chunk);
        let context = |error: Error| in_step(error, "inserting", table, nodes.len());
        let returned = if returning.is_empty() {
            connection.execute(&statement).await.map_err(context)?;
            continue;
        } else if sql::returns_rows(dialect) {
            fetch(connection, &statement, types(table, &returning)).await.map_err(context)?
        } else {
            let outcome = connection.execute(&statement).await.map_err(context)?;
            read_back(connection, (dialect, table, &returning), (generated, outcome), keys.clone()).await?
        };
        let matched =
            if generated.is_some() { by_order(returned, &nodes)? } else { by_key(returned, table, &nodes, &keys)? };
        for (node, values) in matched {
            let made = returning.iter().copied().zip(values);
            executed.made.insert(node, made.filter(|(column, _)| insert.returning.contains(column)).collect());
        }
    }
    Ok(())
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

fn types(table: &Table, columns: &[u16]) -> Vec<SqlType> {
    columns.iter().map(|column| table.columns[usize::from(*column)].sql_type).collect()
}

/// Generated keys grow in the order of the given rows, whatever the order in which they come back.
fn by_order(mut returned: Rows, nodes: &[Node]) -> Result<Vec<(Node, Vec<Value>)>> {
    returned.sort_by_cached_key(|row| row.first().map(Key::from));
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

/// MySQL: the first key of the statement and those after it, and a SELECT for other columns that the database made.
async fn read_back(
    connection: &mut dyn Connection,
    (dialect, table, returning): (Dialect, &'static Table, &[u16]),
    (generated, outcome): (Option<u16>, Outcome),
    mut keys: Rows,
) -> Result<Rows> {
    if generated.is_some() {
        let first = outcome.first_key.unwrap_or_default();
        keys = (0..keys.len() as i64).map(|i| vec![Value::BigInt(Some(first + i))]).collect();
        if returning.len() == 1 {
            return Ok(keys);
        }
    }
    let parts = Parts { filter: Some(Expr::keyed(table, keys)), ..Parts::new(table) };
    let columns = returning.iter().map(|column| Expr::column(table, *column)).collect();
    let tuples = Tuples { parts, columns, group_by: Vec::new(), having: None };
    fetch(connection, &sql::tuples(dialect, &tuples)?, types(table, returning)).await
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
    let rows: Result<Rows> = update
        .rows
        .iter()
        .map(|row| {
            let mut values = executed.resolve_all(&row.key)?;
            values.extend(row.lock.clone());
            values.extend(executed.resolve_all(&row.values)?);
            Ok(values)
        })
        .collect();
    let shape = write::Update { table, by: &by, set: &update.columns };
    for chunk in sql::chunks(dialect, by.len() + update.columns.len(), rows?).collect::<Vec<_>>() {
        let expected = chunk.len();
        let outcome = connection.execute(&shape.statement(dialect, chunk)).await;
        let outcome = outcome.map_err(|error| in_step(error, "updating", table, expected))?;
        if (outcome.rows as usize) < expected {
            return Err(stale("update", table, (outcome.rows, expected)));
        }
    }
    Ok(())
}

fn found_by(table: &'static Table, locked: bool) -> Vec<u16> {
    let version = table.version_column().filter(|_| locked);
    table.primary_key.iter().copied().chain(version).collect()
}

fn stale(verb: &str, table: &Table, (hit, expected): (u64, usize)) -> Error {
    let message = format!(
        "{} of {expected} rows of {} could not be {verb}d: somebody else changed or deleted them since they were read; \
         roll back, read them again and repeat the change",
        expected as u64 - hit,
        table.name
    );
    Error::new(Kind::Stale, message)
}

async fn run_delete(delete: &Delete, connection: &mut dyn Connection, dialect: Dialect) -> Result<()> {
    let table = delete.table;
    let locked = delete.rows.iter().any(|row| row.lock.is_some());
    let by = found_by(table, locked);
    let rows: Rows = delete.rows.iter().map(|row| row.key.iter().cloned().chain(row.lock.clone()).collect()).collect();
    let shape = write::Delete { table, by: &by };
    for chunk in sql::chunks(dialect, by.len(), rows).collect::<Vec<_>>() {
        let expected = chunk.len();
        let outcome = connection.execute(&shape.statement(dialect, chunk)).await;
        let outcome = outcome.map_err(|error| in_step(error, "deleting", table, expected))?;
        let missing = (expected as u64).saturating_sub(outcome.rows);
        if missing > 0 && locked {
            return Err(stale("delete", table, (outcome.rows, expected)));
        }
        if missing > 0 {
            tracing::warn!(table = table.name, missing, "rows to be deleted were gone already");
        }
    }
    Ok(())
}

async fn run_links(
    links: &Links,
    connection: &mut dyn Connection,
    (dialect, now): (Dialect, SystemTime),
    executed: &Executed,
) -> Result<()> {
    let (extra, given) = if links.add { link_defaults(links, now)? } else { (Vec::new(), Vec::new()) };
    let shape = LinkRows { relationship: links.relationship, extra: &extra };
    let write = match (links.add, links.if_absent, links.rows.first()) {
        (true, true, _) => LinkWrite::InsertAbsent,
        (true, false, _) => LinkWrite::Insert,
        (false, _, Some(row)) if row.far.is_empty() => LinkWrite::DeleteNear,
        (false, _, _) => LinkWrite::Delete,
    };
    let values = |row: &Linked| {
        let mut values = executed.resolve_all(&row.near)?;
        values.extend(executed.resolve_all(&row.far)?);
        values.extend(given.iter().cloned());
        Ok(values)
    };
    let rows: Result<Rows> = links.rows.iter().map(values).collect();
    let rows = rows?;
    let width = rows.first().map_or(1, Vec::len);
    for chunk in sql::chunks(dialect, width, rows).collect::<Vec<_>>() {
        let count = chunk.len();
        let statement = shape.statement(dialect, write, chunk);
        let linked = links.relationship.owner();
        connection.execute(&statement).await.map_err(|error| in_step(error, "linking", linked, count))?;
    }
    Ok(())
}

/// The columns of a link model that are given by Rust defaults, and their values.
fn link_defaults(links: &Links, now: SystemTime) -> Result<(Vec<u16>, Vec<Value>)> {
    let RelationshipKind::ManyToMany(Link::Model { table, near, far, constants }) = links.relationship.kind else {
        return Ok((Vec::new(), Vec::new()));
    };
    let table = table();
    let keys = [near, far].into_iter().filter_map(|side| table.relationships[usize::from(side)].key());
    let mut taken: Vec<u16> = keys.flat_map(|(columns, _)| columns.iter().copied()).collect();
    taken.extend(constants.iter().map(|(column, _)| *column));
    let mut given = (Vec::new(), Vec::new());
    for (position, column) in table.columns.iter().enumerate() {
        let value = match (column.role, column.default) {
            _ if taken.contains(&(position as u16)) => continue,
            (Role::CreatedAt | Role::UpdatedAt, _) => defaults::time(column, now)?,
            (Role::Version, _) => defaults::number(column.sql_type, 1),
            (Role::Plain, Default::Value(value)) => value(),
            (Role::Plain, Default::None | Default::Sql(_)) => continue,
        };
        given.0.push(position as u16);
        given.1.push(value);
    }
    Ok(given)
}

fn in_step(error: Error, verb: &str, table: &Table, rows: usize) -> Error {
    let message = format!("{verb} {rows} row{} of {}: {error}", if rows == 1 { "" } else { "s" }, table.name);
    error.context(message)
}

/// Collects rows as plain values.
struct Values {
    types: Vec<SqlType>,
    rows: Rows,
}

impl Sink for Values {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        let value = |(ordinal, sql_type): (usize, &SqlType)| {
            if row.is_null(ordinal) { Ok(sql_type.null()) } else { row.value(ordinal, *sql_type) }
        };
        self.rows.push(self.types.iter().enumerate().map(value).collect::<Result<_>>()?);
        Ok(())
    }
}

async fn fetch(connection: &mut dyn Connection, statement: &Statement, types: Vec<SqlType>) -> Result<Rows> {
    let sink = connection.query(statement, Box::new(Values { types, rows: Vec::new() })).await?;
    let sink: Box<dyn Any> = sink;
    Ok(sink.downcast::<Values>().map_or_else(|_| Vec::new(), |values| values.rows))
}
