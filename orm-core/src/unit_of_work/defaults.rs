//! Columns that the session fills by itself: times and the version.
use crate::{
    error::{Error, Result},
    memory::{Before, Locked},
    model::{ColumnSet, Node, Rows},
    schema::{Column, Role, Table},
    value::{SqlType, Value, is_unset},
};
use std::time::SystemTime;

/// Times and the first version of a new row, where they were not given.
pub(super) fn for_insert(graph: &mut Locked<'_>, node: Node, now: SystemTime) -> Result<()> {
    if !fills_inserts(graph.arena.table(node)) {
        return Ok(());
    }
    let given = graph.graph.open.get(&node).unwrap_or_default().given;
    let mut changes = Vec::new();
    for (position, column) in graph.arena.table(node).columns.iter().enumerate() {
        let position = position as u16;
        match column.role {
            Role::Plain => continue,
            _ if given.has(position) => continue,
            Role::CreatedAt | Role::UpdatedAt => changes.push((position, time(column, now)?)),
            Role::Version => {
                let value = graph.values(node, &[position]).remove(0);
                if is_unset(&value, column.sql_type) {
                    changes.push((position, column.sql_type.of_number(1)));
                }
            }
        }
    }
    if changes.is_empty() {
        return Ok(());
    }
    if let Some(open) = graph.graph.open.get(&node) {
        graph.graph.record_row(node, Before::Open(Box::new(open)));
    }
    let given: ColumnSet = changes.iter().map(|(column, _)| *column).collect();
    graph.graph.open.change(&node, |open| open.note_given(given));
    graph.rewrite(node, &changes)
}

/// Whether an insert fills columns by itself.
pub(super) fn fills_inserts(table: &Table) -> bool {
    table.columns.iter().any(|column| column.role != Role::Plain)
}

/// Whether an update fills columns by itself.
pub(super) fn fills_updates(table: &Table) -> bool {
    table.columns.iter().any(|column| matches!(column.role, Role::UpdatedAt | Role::Version))
}

/// The time of an update and the next version.
pub(super) fn for_update(graph: &mut Locked<'_>, node: Node, now: SystemTime) -> Result<()> {
    let mut changes = Vec::new();
    let changed = graph.changed(node);
    for (position, column) in graph.arena.table(node).columns.iter().enumerate() {
        let position = position as u16;
        match column.role {
            Role::UpdatedAt if !changed.has(position) => changes.push((position, time(column, now)?)),
            Role::Version if !changed.has(position) => {
                let version = as_number(&graph.values(node, &[position])[0]);
                changes.push((position, column.sql_type.of_number(version + 1)));
            }
            Role::Plain | Role::CreatedAt | Role::UpdatedAt | Role::Version => {}
        }
    }
    if changes.is_empty() { Ok(()) } else { graph.rewrite(node, &changes) }
}

/// The time and the next version of a row that another entity takes over, where they were not given.
pub(super) fn for_switch(
    table: &Table,
    (rows, row): (&dyn Rows, usize),
    (given, now): (ColumnSet, SystemTime),
) -> Result<Vec<(u16, Value)>> {
    // A row that was marked as deleted is back.
    let mut filled: Vec<(u16, Value)> =
        alive_mark(table).into_iter().filter(|(column, _)| !given.has(*column)).collect();
    for (position, column) in table.columns.iter().enumerate() {
        let position = position as u16;
        match column.role {
            Role::UpdatedAt if !given.has(position) => filled.push((position, time(column, now)?)),
            Role::Version => {
                filled.push((position, column.sql_type.of_number(as_number(&rows.value(row, position)) + 1)));
            }
            Role::Plain | Role::CreatedAt | Role::UpdatedAt => {}
        }
    }
    Ok(filled)
}

/// What is written to a row that is marked as deleted.
pub(super) fn for_soft_delete(
    table: &Table,
    (rows, row): (&dyn Rows, usize),
    now: SystemTime,
) -> Result<Vec<(u16, Value)>> {
    let mut written: Vec<(u16, Value)> = deleted_mark(table, now)?.into_iter().collect();
    for (position, column) in table.columns.iter().enumerate() {
        let position = position as u16;
        match column.role {
            Role::UpdatedAt => written.push((position, time(column, now)?)),
            Role::Version => {
                let next = as_number(&rows.value(row, position)) + 1;
                written.push((position, column.sql_type.of_number(next)));
            }
            Role::Plain | Role::CreatedAt => {}
        }
    }
    Ok(written)
}

/// The column that says that a row is softly deleted, and what it says then.
pub(super) fn deleted_mark(table: &Table, now: SystemTime) -> Result<Option<(u16, Value)>> {
    let Some(position) = table.soft_delete else { return Ok(None) };
    let column = &table.columns[usize::from(position)];
    let value = if column.sql_type == SqlType::Bool { Value::Bool(Some(true)) } else { time(column, now)? };
    Ok(Some((position, value)))
}

/// The same column of a row that is not.
fn alive_mark(table: &Table) -> Option<(u16, Value)> {
    let position = table.soft_delete?;
    let column = &table.columns[usize::from(position)];
    let value = if column.nullable { column.sql_type.null() } else { Value::Bool(Some(false)) };
    Some((position, value))
}

fn as_number(value: &Value) -> i64 {
    match crate::value::Key::from(value) {
        crate::value::Key::Int(number) => number,
        _ => 0,
    }
}

/// The time as a column's type has it, to the microsecond, which is what the databases keep.
pub(super) fn time(column: &Column, now: SystemTime) -> Result<Value> {
    let micros = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64);
    match column.sql_type {
        #[cfg(feature = "chrono")]
        SqlType::ChronoDateTimeUtc => Ok(Value::ChronoDateTimeUtc(chrono::DateTime::from_timestamp_micros(micros))),
        #[cfg(feature = "chrono")]
        SqlType::ChronoDateTime => {
            Ok(Value::ChronoDateTime(chrono::DateTime::from_timestamp_micros(micros).map(|time| time.naive_utc())))
        }
        #[cfg(feature = "time")]
        SqlType::TimeOffsetDateTime => Ok(Value::TimeDateTimeWithTimeZone(offset_time(micros))),
        #[cfg(feature = "time")]
        SqlType::TimePrimitiveDateTime => Ok(Value::TimeDateTime(
            offset_time(micros).map(|time| time::PrimitiveDateTime::new(time.date(), time.time())),
        )),
        SqlType::I64 => Ok(Value::BigInt(Some(micros / 1_000_000))),
        _ => Err(Error::usage(format!(
            "the field `{}` takes a time by itself and must be a date and time of `chrono` or `time`, or an i64 of seconds",
            column.field
        ))),
    }
}

#[cfg(feature = "time")]
fn offset_time(micros: i64) -> Option<time::OffsetDateTime> {
    time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).ok()
}
