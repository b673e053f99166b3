//! Set-based writes inside a session: the statement, and what it means for the rows in memory.
//!
//! Where memory can tell which rows are hit and what they become, the statement is all that is sent. Else the same statement
//! returns it, or, where the database cannot do that, the rows in memory are asked for before and read after.
mod foresee;

use self::foresee::{Foreseen, Hit, become_of, foresee};
use super::{
    broken::complete,
    defaults,
    evaluate::Stored,
    execute::{fetch, read_columns, types},
    renamed::changes_keys,
};
use crate::{
    driver::{Connection, Dialect, Statement},
    error::{Error, Kind, Result},
    fast::HashSet,
    memory::{Locked, Memory, Renamed},
    model::Node,
    query::{Parts, alive, expr::Expr},
    schema::{Role, Table},
    sql::{self, RowsUpdate, Touched},
    value::{Key, Value},
};
use std::time::SystemTime;

/// A set-based write.
#[derive(Debug)]
pub(crate) enum RowsChange {
    Update(RowsUpdate),
    Delete(Parts),
    /// The rows are marked as deleted.
    SoftDelete(RowsUpdate),
}

impl RowsChange {
    /// An update of columns, with the time and the version that change along.
    ///
    /// # Errors
    /// Nothing says which rows, the model is read only, or a value cannot be computed by one statement.
    pub(crate) fn update(mut parts: Parts, set: Vec<(u16, Expr)>, now: SystemTime) -> Result<Self> {
        parts.require_scope("update")?;
        writable(parts.table)?;
        parts.hide_root();
        set.iter().try_for_each(|(column, value)| check(parts.table, *column, value))?;
        Ok(Self::Update(with_followers(RowsUpdate::new(parts, set), now)?))
    }

    /// A delete, which marks the rows where the model says so.
    ///
    /// # Errors
    /// Nothing says which rows, or the model is read only.
    pub(crate) fn delete(mut parts: Parts, now: SystemTime) -> Result<Self> {
        let Some((column, value)) = defaults::deleted_mark(parts.table, now)? else {
            return Self::delete_permanently(parts);
        };
        parts.require_scope("delete")?;
        writable(parts.table)?;
        parts.hide_root();
        if parts.criteria.is_ignored() {
            // What is deleted already keeps its time.
            parts.narrow(alive(parts.table, column));
        }
        let update = RowsUpdate::new(parts, vec![(column, Expr::Value(value))]);
        Ok(Self::SoftDelete(with_followers(update, now)?))
    }

    /// A delete of the rows themselves.
    ///
    /// # Errors
    /// Nothing says which rows, or the model is read only.
    pub(crate) fn delete_permanently(mut parts: Parts) -> Result<Self> {
        parts.require_scope("delete")?;
        writable(parts.table)?;
        parts.hide_root();
        Ok(Self::Delete(parts))
    }

    pub(crate) fn parts(&self) -> &Parts {
        match self {
            Self::Update(update) | Self::SoftDelete(update) => &update.parts,
            Self::Delete(parts) => parts,
        }
    }

    /// The tables that it reads.
    pub(crate) fn touched(&self) -> Touched {
        let mut touched = Touched::by_parts(self.parts());
        if let Self::Update(update) = self {
            update.set.iter().for_each(|(_, value)| touched.expr(value));
        }
        touched
    }

    pub(crate) fn statement(&self, dialect: Dialect) -> Result<Statement> {
        match self {
            Self::Update(update) | Self::SoftDelete(update) => update.statement(dialect),
            Self::Delete(parts) => sql::delete_rows(dialect, parts),
        }
    }

    fn table(&self) -> &'static Table {
        self.parts().table
    }

    /// The error of the statement, with what is known of a broken constraint.
    pub(crate) fn explain(&self, error: Error) -> Error {
        let is_delete = matches!(self, Self::Delete(_));
        let error = complete(self.table(), error, !is_delete);
        if is_delete && error.is_foreign_key_violation() { referenced(self.table(), &error) } else { error }
    }

    /// The columns that are written.
    fn columns(&self) -> Vec<u16> {
        match self {
            Self::Update(update) => update.columns(),
            Self::Delete(_) | Self::SoftDelete(_) => Vec::new(),
        }
    }
}

/// The error of a delete of rows that others name.
fn referenced(table: &Table, error: &Error) -> Error {
    error.clone().context(format!(
        "rows of {} are still named by others, and a delete by a query runs no cascades: delete those first, delete the entities \
         (`session.delete`), or let the database do it (`on_delete = \"cascade\"` at the `BelongsTo`): {error}",
        table.name
    ))
}

/// An update with the time and the version that change along.
fn with_followers(mut update: RowsUpdate, now: SystemTime) -> Result<RowsUpdate> {
    for (position, column) in update.parts.table.columns.iter().enumerate() {
        let position = position as u16;
        match column.role {
            _ if update.set.iter().any(|(set, _)| *set == position) => {}
            Role::UpdatedAt => update.time = Some((position, defaults::time(column, now)?)),
            Role::Version => update.version = Some(position),
            Role::Plain | Role::CreatedAt => {}
        }
    }
    Ok(update)
}

fn writable(table: &Table) -> Result<()> {
    if table.read_only {
        return Err(Error::usage(format!("{} is declared `read_only`: it can be loaded, not written", table.model)));
    }
    Ok(())
}

fn check(table: &Table, position: u16, value: &Expr) -> Result<()> {
    let column = &table.columns[usize::from(position)];
    if !value.is_of_row() {
        return Err(Error::usage(format!(
            "{}.{} is set to what is computed from several rows of the query, or is of a row that it joins: give a value, \
             columns, a path along a relationship, or a number over related rows (`{}::<relationship>.count()`)",
            table.name, column.name, table.model
        )));
    }
    let (Some(limit), Expr::Value(Value::String(Some(text)))) = (column.max_length, value) else { return Ok(()) };
    let length = text.chars().count();
    if length <= limit as usize {
        return Ok(());
    }
    let message =
        format!("{}.{} is set to {length} characters, and `max_length` allows {limit}", table.name, column.name);
    Err(Error::new(Kind::CheckViolation, message))
}

/// Runs the statement; the rows in memory follow. Tells the number of rows that were hit.
pub(crate) async fn change_rows(
    memory: &Memory,
    change: &RowsChange,
    connection: &mut dyn Connection,
    dialect: Dialect,
) -> Result<u64> {
    let changed = change_known(memory, change, connection, dialect).await;
    changed.map_err(|error| change.explain(error))
}

async fn change_known(
    memory: &Memory,
    change: &RowsChange,
    connection: &mut dyn Connection,
    dialect: Dialect,
) -> Result<u64> {
    let foreseen = foresee(&mut memory.graph(), change, dialect);
    let statement = change.statement(dialect)?;
    if foreseen.is_sure() {
        let count = connection.execute(&statement).await?.rows;
        apply(&mut memory.graph(), change, foreseen.hit)?;
        return Ok(count);
    }
    refuse_moved_keys(change)?;
    if sql::returns_hit_rows(dialect, matches!(change, RowsChange::Delete(_))) {
        return returned(memory, change, (statement, connection, dialect)).await;
    }
    asked(memory, change, foreseen, (statement, connection, dialect)).await
}

/// A row cannot be found again by a key of which nobody knows what it becomes.
fn refuse_moved_keys(change: &RowsChange) -> Result<()> {
    let RowsChange::Update(update) = change else { return Ok(()) };
    let table = update.parts.table;
    if update.set.iter().all(|(column, _)| !table.primary_key.contains(column)) {
        return Ok(());
    }
    Err(Error::usage(format!(
        "the primary key of {} cannot be set for rows that are in memory, where only the database can tell which and to what: \
         use `session.values()` or another session",
        table.model
    )))
}

fn apply(graph: &mut Locked<'_>, change: &RowsChange, hit: Vec<Hit>) -> Result<()> {
    match change {
        RowsChange::Delete(_) => {
            let nodes: Vec<Node> = hit.into_iter().map(|(node, _)| node).collect();
            graph.rows_deleted(&nodes)
        }
        // Their rows are there, so that no `ON DELETE` ran.
        RowsChange::SoftDelete(_) => {
            graph.rows_marked_deleted(hit.into_iter().map(|(node, _)| node));
            Ok(())
        }
        RowsChange::Update(update) => {
            let names = changes_keys(update.parts.table, &update.columns());
            let before = |(node, _): &Hit| (*node, graph.stored_version(*node));
            let renamed: Vec<Renamed> = if names { hit.iter().map(before).collect() } else { Vec::new() };
            hit.into_iter().try_for_each(|(node, values)| graph.row_written(node, &values.unwrap_or_default()))?;
            graph.cascade_keys(renamed)
        }
    }
}

type Sending<'a> = (Statement, &'a mut dyn Connection, Dialect);

/// The statement itself returns the keys of the rows that it hit, and their new values.
async fn returned(memory: &Memory, change: &RowsChange, (statement, connection, dialect): Sending<'_>) -> Result<u64> {
    let table = change.table();
    let columns = with_key(table, &change.columns());
    let statement = sql::with_returning(dialect, statement, table, &columns);
    let rows = fetch(connection, &statement, types(table, &columns)).await?;
    let count = rows.len() as u64;
    let mut graph = memory.graph();
    let hit = in_memory(&mut graph, table, (&columns, rows));
    apply(&mut graph, change, hit)?;
    Ok(count)
}

/// The rows in memory are asked for before the statement, and read after it.
async fn asked(
    memory: &Memory,
    change: &RowsChange,
    foreseen: Foreseen,
    (statement, connection, dialect): Sending<'_>,
) -> Result<u64> {
    let Foreseen { mut hit, unsure } = foreseen;
    for node in among(memory, change, unsure, (&mut *connection, dialect)).await? {
        let graph = memory.graph();
        let (rows, row) = graph.stored_row(node);
        hit.push((node, become_of(change, Stored { dialect, table: change.table(), rows, row })));
    }
    let count = connection.execute(&statement).await?.rows;
    let (known, unknown): (Vec<Hit>, Vec<Hit>) = hit.into_iter().partition(|(_, values)| values.is_some());
    apply(&mut memory.graph(), change, known)?;
    let nodes: Vec<Node> = unknown.into_iter().map(|(node, _)| node).collect();
    let read = read_again(memory, change, &nodes, (connection, dialect)).await?;
    apply(&mut memory.graph(), change, read)?;
    Ok(count)
}

/// Which of these rows the statement will hit. They stay locked, so that it does.
async fn among(
    memory: &Memory,
    change: &RowsChange,
    nodes: Vec<Node>,
    (connection, dialect): (&mut dyn Connection, Dialect),
) -> Result<Vec<Node>> {
    let (table, parts) = (change.table(), change.parts());
    let limited = parts.limit.is_some() || parts.offset.is_some();
    let asked: Vec<Parts> = match limited {
        true => vec![parts.clone()],
        false => by_keys(memory, table, &nodes, dialect).into_iter().map(|keys| narrowed(parts, keys)).collect(),
    };
    let mut found: HashSet<Node> = HashSet::default();
    for parts in asked {
        let rows = fetch(connection, &sql::hit_keys(dialect, &parts)?, types(table, table.primary_key)).await?;
        let hit = in_memory(&mut memory.graph(), table, (table.primary_key, rows));
        found.extend(hit.into_iter().map(|(node, _)| node));
    }
    Ok(nodes.into_iter().filter(|node| found.contains(node)).collect())
}

fn narrowed(parts: &Parts, keys: Expr) -> Parts {
    let mut parts = parts.clone();
    parts.narrow(keys);
    parts
}

/// Conditions for rows by their keys, in pieces that fit into a statement.
fn by_keys(memory: &Memory, table: &'static Table, nodes: &[Node], dialect: Dialect) -> Vec<Expr> {
    let graph = memory.graph();
    let keys = nodes.iter().map(|node| graph.stored_values(*node, table.primary_key)).collect();
    sql::key_chunks(dialect, table.primary_key.len(), keys).map(|keys| Expr::keyed(table, keys)).collect()
}

/// The new values of rows, read after the statement.
async fn read_again(
    memory: &Memory,
    change: &RowsChange,
    nodes: &[Node],
    (connection, dialect): (&mut dyn Connection, Dialect),
) -> Result<Vec<Hit>> {
    let table = change.table();
    let columns = with_key(table, &change.columns());
    let mut read = Vec::new();
    for keys in by_keys(memory, table, nodes, dialect) {
        let parts = Parts { filter: Some(keys), ..Parts::new(table) };
        let rows = read_columns(connection, dialect, (parts, &columns)).await?;
        read.extend(in_memory(&mut memory.graph(), table, (&columns, rows)));
    }
    Ok(read)
}

/// The key's columns, then the others.
fn with_key(table: &Table, columns: &[u16]) -> Vec<u16> {
    let others = columns.iter().copied().filter(|column| !table.primary_key.contains(column));
    table.primary_key.iter().copied().chain(others).collect()
}

/// Those of the rows that are in memory; each row begins with its key.
fn in_memory(graph: &mut Locked<'_>, table: &'static Table, (columns, rows): (&[u16], Vec<Vec<Value>>)) -> Vec<Hit> {
    let hit = |mut row: Vec<Value>| {
        let values = row.split_off(table.primary_key.len());
        let key = Key::of(row.iter().map(Key::from));
        let node = graph.find(table, table.primary_key, &key)?;
        Some((node, Some(columns[table.primary_key.len()..].iter().copied().zip(values).collect())))
    };
    rows.into_iter().filter_map(hit).collect()
}
