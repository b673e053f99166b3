//! Runs an UPDATE of rows by their keys.
use super::{Database, Done, Executed, fetch::pieces};
use crate::{
    driver::{Outcome, Statement},
    error::{Error, Result},
    schema::Table,
    sql::{
        self,
        write::{self, Rows},
    },
    unit_of_work::{
        blame::{self, Attempt, Tried},
        plan::{Part, Update},
        stale::{self, Sought, found_by, stale, telling},
    },
    value::Value,
};
use std::ops::Range;

pub(super) async fn run(update: &mut Update, database: &mut Database<'_>, executed: &Executed) -> Result<Done> {
    let locked = update.rows.iter().any(|row| row.lock.is_some());
    let by: Vec<u16> = found_by(update.table, locked);
    let mut done = Done::default();
    let each = database.runs_each();
    let values = values(update, (by.len(), each), (executed, &mut done))?;
    let update = &*update;
    let updating = Updating { update, by: &by, locked };
    if each {
        updating.each(values, (database, executed)).await?;
    } else {
        updating.together(values, database).await?;
    }
    Ok(done)
}

/// The values of the rows, one row after another: those to find it by first, but last where a statement is run for each.
fn values(
    update: &mut Update,
    (by, each): (usize, bool),
    (executed, done): (&Executed, &mut Done),
) -> Result<Vec<Value>> {
    let Update { columns, rows, followed, .. } = update;
    let mut values = Vec::with_capacity(rows.len() * (by + columns.len()));
    for (place, row) in rows.iter_mut().enumerate() {
        let start = values.len();
        for source in &row.key {
            values.push(executed.resolve(source)?);
        }
        values.extend(row.lock.clone());
        for (column, source) in columns.iter().zip(std::mem::take(&mut row.values)) {
            values.push(executed.taken(source, (place, *column), *followed, &mut done.filled)?);
        }
        if each {
            values[start..].rotate_left(by);
        }
    }
    Ok(values)
}

struct Updating<'u> {
    update: &'u Update,
    /// The columns by which a row is found.
    by: &'u [u16],
    /// Whether the version is among them.
    locked: bool,
}

impl Updating<'_> {
    fn shape(&self) -> write::Update<'_> {
        write::Update { table: self.update.table, by: self.by, set: &self.update.columns }
    }

    fn width(&self) -> usize {
        self.by.len() + self.update.columns.len()
    }

    /// Whether a row that is not found may be gone: one that was to be marked as deleted, if its version does not matter.
    fn may_be_gone(&self) -> bool {
        self.update.part == Part::Deleted && !self.locked
    }

    fn verb(&self) -> &'static str {
        if self.update.part == Part::Deleted { "delete" } else { "update" }
    }

    async fn each(&self, values: Vec<Value>, (database, executed): (&mut Database<'_>, &Executed)) -> Result<()> {
        let rows = self.update.rows.len();
        let mut statement = self.shape().for_each(database.dialect, values);
        let outcomes = match database.connection.execute_each(&mut statement, self.width()).await {
            Ok(outcomes) => outcomes,
            Err(error) => return Err(self.explain(error, (statement, rows, true), database).await),
        };
        let missed: Vec<usize> = missed(&outcomes);
        match missed.as_slice() {
            [] => Ok(()),
            missed if self.may_be_gone() => {
                warn_gone(self.update.table, missed.len() as u64);
                Ok(())
            }
            missed => {
                let table = self.update.table;
                let name = |row: &usize| Ok(blame::name(table, &executed.resolve_all(&self.update.rows[*row].key)?));
                let names = missed.iter().map(name).collect::<Result<Vec<String>>>()?;
                Err(stale::error((self.verb(), table), names, rows))
            }
        }
    }

    async fn together(&self, values: Vec<Value>, database: &mut Database<'_>) -> Result<()> {
        let most = sql::rows_of_statement(database.dialect, self.width());
        for (rows, values) in pieces(values, (self.update.rows.len(), most), self.width()) {
            self.send(rows, values, database).await?;
        }
        Ok(())
    }

    async fn send(&self, rows: Range<usize>, values: Vec<Value>, database: &mut Database<'_>) -> Result<()> {
        let (table, count) = (self.update.table, rows.len());
        let statement = self.shape().of_values(database.dialect, count, values);
        let outcome = match database.connection.execute(&statement).await {
            Ok(outcome) => outcome,
            Err(error) => return Err(self.explain(error, (statement, count, count == 1), database).await),
        };
        let missing = (count as u64).saturating_sub(outcome.rows);
        if missing == 0 {
            return Ok(());
        }
        if self.may_be_gone() {
            warn_gone(table, missing);
            return Ok(());
        }
        let written = self.rows(statement, (count, count == 1));
        let sought =
            self.update.rows[rows].iter().zip(&written).map(|(row, values)| self.sought(row.lock.is_some(), values));
        let columns = if self.locked { telling(table, &self.update.columns) } else { Vec::new() };
        Err(stale(self.verb(), (table, &columns, sought.collect()), database.pair()).await)
    }

    /// The rows of a statement that was sent, each with the values to find it by first. `set_first`: as its text has them.
    fn rows(&self, statement: Statement, (count, set_first): (usize, bool)) -> Rows {
        let mut rows = write::rows(statement.values, (count, self.width()));
        if set_first {
            rows.iter_mut().for_each(|row| row.rotate_left(self.update.columns.len()));
        }
        rows
    }

    /// How a row is found again.
    fn sought(&self, locked: bool, values: &[Value]) -> Sought {
        let Update { table, columns, .. } = self.update;
        let (by, set) = values.split_at(self.by.len());
        let key = &by[..table.primary_key.len()];
        let value = |column: &u16| columns.iter().position(|other| other == column).map(|place| set[place].clone());
        let parts = table.primary_key.iter().zip(key);
        let after = parts.map(|(column, old)| value(column).unwrap_or_else(|| old.clone())).collect();
        let telling = if locked { telling(table, columns) } else { Vec::new() };
        Sought { key: key.to_vec(), after: Some(after), written: telling.iter().filter_map(value).collect() }
    }

    /// The error of a statement over so many rows.
    async fn explain(
        &self,
        error: Error,
        (statement, count, set_first): (Statement, usize, bool),
        database: &mut Database<'_>,
    ) -> Error {
        let table = self.update.table;
        let tried = |mut row: Vec<Value>| {
            let mut values = row.split_off(self.by.len());
            row.truncate(table.primary_key.len());
            let name = blame::name(table, &row);
            values.extend(row);
            Tried { name, values }
        };
        let rows = self.rows(statement, (count, set_first)).into_iter().map(tried).collect();
        let columns = self.update.columns.iter().chain(table.primary_key).copied().collect();
        let (connection, dialect) = database.pair();
        Attempt { verb: "updating", table, columns, rows }.explain(error, connection, dialect).await
    }
}

/// The rows that a statement that was run for each of them did not find.
pub(super) fn missed(outcomes: &[Outcome]) -> Vec<usize> {
    outcomes.iter().enumerate().filter(|(_, outcome)| outcome.rows == 0).map(|(row, _)| row).collect()
}

pub(super) fn warn_gone(table: &Table, missing: u64) {
    tracing::warn!(table = table.name, missing, "rows to be deleted were gone already");
}
