//! Runs an UPDATE of rows by their keys.
use super::{
    Database, Done, Executed,
    fetch::{pieces, types},
};
use crate::{
    driver::Outcome,
    error::{Error, Result},
    memory::Arena,
    schema::Table,
    sql::{
        self,
        write::{self, Rows},
    },
    unit_of_work::{
        blame::{self, Attempt, Tried},
        plan::{Part, Source, Update, Written},
        stale::{self, Sought, found_by, stale, telling},
    },
    value::{Sets, Value},
};
use std::ops::Range;

pub(super) async fn run(update: &mut Update, database: &mut Database<'_>, executed: &Executed) -> Result<Done> {
    let locked = update.is_locked();
    let by: Vec<u16> = found_by(update.table, locked);
    let mut done = Done::default();
    if database.runs_each() {
        let sets = sets(update, &by, (executed, database.arena, &mut done))?;
        Updating { update, by: &by, locked }.each(sets, (database, executed)).await?;
    } else {
        let values = values(update, &by, (executed, database.arena, &mut done))?;
        Updating { update, by: &by, locked }.together(values, database).await?;
    }
    Ok(done)
}

/// The values of the rows, one row after another: those to find it by first.
fn values(
    update: &mut Update,
    by: &[u16],
    (executed, arena, done): (&Executed, &Arena, &mut Done),
) -> Result<Vec<Value>> {
    let mut values = Vec::with_capacity(update.rows.len() * (by.len() + update.columns.len()));
    for place in 0..update.rows.len() {
        let row = &update.rows[place];
        if row.in_memory {
            let ((stored, old), (planned, new)) = (row.stored(arena), row.planned(arena));
            values.extend(by.iter().map(|column| stored.value(old, *column)));
            values.extend(update.columns.iter().map(|column| planned.value(new, *column)));
            continue;
        }
        values.extend(executed.resolve_all(&row.key)?.into_iter().chain(row.lock.clone()));
        values.extend(taken(update, place, (executed, &mut *done))?);
    }
    Ok(values)
}

/// The same for a statement that is run for each row, whose text has the values to find it by last.
fn sets(update: &mut Update, by: &[u16], (executed, arena, done): (&Executed, &Arena, &mut Done)) -> Result<Sets> {
    let columns = update.columns.iter().chain(by).copied().collect::<Vec<u16>>();
    let mut sets = Sets::new(types(update.table, &columns), update.rows.len());
    for place in 0..update.rows.len() {
        let row = &update.rows[place];
        if row.in_memory {
            let ((stored, old), (planned, new)) = (row.stored(arena), row.planned(arena));
            planned.pack(new, &update.columns, &mut sets);
            stored.pack(old, by, &mut sets);
            continue;
        }
        let found_by = executed.resolve_all(&row.key)?.into_iter().chain(row.lock.clone());
        let values = taken(update, place, (executed, &mut *done))?;
        sets.extend(values.into_iter().chain(found_by));
    }
    Ok(sets)
}

/// The values of the columns of a row, which are moved out of the step.
fn taken(update: &mut Update, place: usize, (executed, done): (&Executed, &mut Done)) -> Result<Vec<Value>> {
    let sources = std::mem::take(&mut update.rows[place].values);
    let value =
        |(column, source): (&u16, Source)| executed.taken(source, (place, *column), update.followed, &mut done.filled);
    update.columns.iter().zip(sources).map(value).collect()
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

    async fn each(&self, sets: Sets, (database, executed): (&mut Database<'_>, &Executed)) -> Result<()> {
        let rows = self.update.rows.len();
        let mut statement = match self.may_be_gone() {
            true => self.shape().for_each(database.dialect, sets),
            false => self.shape().for_several(database.dialect, sets, false),
        };
        let outcomes = match database.connection.execute_each(&mut statement).await {
            Ok(outcomes) => outcomes,
            Err(error) => return Err(self.explain(error, (statement.sets.values(), rows, true), database).await),
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
                let arena = database.arena;
                let name = |row: &usize| self.name(&self.update.rows[*row], (executed, arena));
                let names = missed.iter().map(name).collect::<Result<Vec<String>>>()?;
                Err(stale::error((self.verb(), table), names, rows))
            }
        }
    }

    /// How messages name a row, by the key that it has by then.
    fn name(&self, row: &Written, (executed, arena): (&Executed, &Arena)) -> Result<String> {
        let table = self.update.table;
        if row.in_memory {
            return Ok(blame::named(table, &row.known_key(arena, table)));
        }
        Ok(blame::name(table, &executed.resolve_all(&row.key)?))
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
        if database.writes_whole() && !self.may_be_gone() {
            return self.send_whole(rows, values, database).await;
        }
        let statement = self.shape().of_values(database.dialect, count, values);
        let outcome = match database.connection.execute(&statement).await {
            Ok(outcome) => outcome,
            Err(error) => return Err(self.explain(error, (statement.values, count, count == 1), database).await),
        };
        let missing = (count as u64).saturating_sub(outcome.rows);
        if missing == 0 {
            return Ok(());
        }
        if self.may_be_gone() {
            warn_gone(table, missing);
            return Ok(());
        }
        let written = self.rows(statement.values, (count, count == 1));
        let tried = self.update.rows[rows].iter().zip(&written);
        let sought = tried.map(|(row, values)| self.sought(row.is_locked(table), values));
        let columns = if self.locked { telling(table, &self.update.columns) } else { Vec::new() };
        Err(Box::pin(stale(self.verb(), (table, &columns, sought.collect()), database.pair())).await)
    }

    /// Sends a statement that undoes itself if it does not find all rows.
    async fn send_whole(&self, rows: Range<usize>, values: Vec<Value>, database: &mut Database<'_>) -> Result<()> {
        let (table, count) = (self.update.table, rows.len());
        let statement = self.shape().whole(count, values);
        let Err(error) = database.connection.execute(&statement).await else { return Ok(()) };
        let bound = (statement.values, (count, count == 1));
        if write::is_short(&error) {
            let written = self.rows(bound.0, bound.1);
            let sought = written.iter().map(|values| Sought::unchanged(&values[..self.by.len()], table)).collect();
            let of = (table, &self.by[table.primary_key.len()..], sought);
            return Err(Box::pin(stale(self.verb(), of, database.pair())).await);
        }
        if database.is_refused_whole(&error) {
            database.apart().await?;
            Box::pin(self.send(rows, self.rows(bound.0, bound.1).concat(), database)).await?;
            return database.rejoin().await;
        }
        Err(self.explain(error, (bound.0, count, count == 1), database).await)
    }

    /// The rows of a statement that was sent, each with the values to find it by first. `set_first`: as its text has them.
    fn rows(&self, bound: Vec<Value>, (count, set_first): (usize, bool)) -> Rows {
        let mut rows = write::rows(bound, (count, self.width()));
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
        (bound, count, set_first): (Vec<Value>, usize, bool),
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
        let rows = self.rows(bound, (count, set_first)).into_iter().map(tried).collect();
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
