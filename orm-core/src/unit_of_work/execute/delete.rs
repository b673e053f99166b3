//! Runs a DELETE of rows by their keys.
use super::{
    Database,
    fetch::types,
    update::{missed, warn_gone},
};
use crate::{
    error::{Error, Result},
    schema::Table,
    sql::{self, write},
    unit_of_work::{
        blame::{self, Attempt, Tried},
        plan::{Delete, Removed},
        stale::{self, Sought, found_by, stale},
    },
    value::{Sets, Value},
};

pub(super) async fn run(delete: &Delete, database: &mut Database<'_>) -> Result<()> {
    let locked = delete.is_locked();
    let by = found_by(delete.table, locked);
    let deleting = Deleting { table: delete.table, by: &by, locked };
    if database.runs_each() {
        return deleting.each(&delete.rows, database).await;
    }
    for rows in delete.rows.chunks(sql::rows_of_statement(database.dialect, by.len())) {
        deleting.together(rows, database).await?;
    }
    Ok(())
}

struct Deleting<'d> {
    table: &'static Table,
    /// The columns by which a row is found.
    by: &'d [u16],
    /// Whether the version is among them.
    locked: bool,
}

impl Deleting<'_> {
    fn shape(&self) -> write::Delete<'_> {
        write::Delete { table: self.table, by: self.by }
    }

    fn values(&self, rows: &[Removed]) -> Vec<Value> {
        let mut values = Vec::with_capacity(rows.len() * self.by.len());
        rows.iter().for_each(|row| values.extend(row.key.iter().chain(&row.lock).cloned()));
        values
    }

    fn sets(&self, rows: &[Removed]) -> Sets {
        let mut sets = Sets::new(types(self.table, self.by), rows.len());
        sets.extend(self.values(rows));
        sets
    }

    async fn each(&self, rows: &[Removed], database: &mut Database<'_>) -> Result<()> {
        let mut statement = self.shape().for_each(database.dialect, self.sets(rows));
        let outcomes = match database.connection.execute_each(&mut statement).await {
            Ok(outcomes) => outcomes,
            Err(error) => return Err(self.explain(error, rows, database).await),
        };
        let missed = missed(&outcomes);
        if !missed.is_empty() && self.locked {
            let names = missed.iter().map(|row| blame::name(self.table, &rows[*row].key)).collect();
            return Err(stale::error(("delete", self.table), names, rows.len()));
        }
        if !missed.is_empty() {
            warn_gone(self.table, missed.len() as u64);
        }
        Ok(())
    }

    async fn together(&self, rows: &[Removed], database: &mut Database<'_>) -> Result<()> {
        if database.writes_whole() && self.locked {
            return self.whole(rows, database).await;
        }
        let statement = self.shape().of_values(database.dialect, rows.len(), self.values(rows));
        let outcome = match database.connection.execute(&statement).await {
            Ok(outcome) => outcome,
            Err(error) => return Err(self.explain(error, rows, database).await),
        };
        let missing = (rows.len() as u64).saturating_sub(outcome.rows);
        if missing > 0 && self.locked {
            let sought = |row: &Removed| Sought { key: row.key.clone(), after: None, written: Vec::new() };
            let rows = rows.iter().map(sought).collect();
            return Err(Box::pin(stale("delete", (self.table, &[], rows), database.pair())).await);
        }
        if missing > 0 {
            warn_gone(self.table, missing);
        }
        Ok(())
    }

    /// By a statement that undoes itself if it does not find all rows.
    async fn whole(&self, rows: &[Removed], database: &mut Database<'_>) -> Result<()> {
        let statement = self.shape().whole(rows.len(), self.values(rows));
        let Err(error) = database.connection.execute(&statement).await else { return Ok(()) };
        if write::is_short(&error) {
            let by = |row: &Removed| row.key.iter().chain(&row.lock).cloned().collect::<Vec<Value>>();
            let sought = rows.iter().map(|row| Sought::unchanged(&by(row), self.table)).collect();
            let of = (self.table, &self.by[self.table.primary_key.len()..], sought);
            return Err(Box::pin(stale("delete", of, database.pair())).await);
        }
        if database.is_refused_whole(&error) {
            database.apart().await?;
            Box::pin(self.together(rows, database)).await?;
            return database.rejoin().await;
        }
        Err(self.explain(error, rows, database).await)
    }

    async fn explain(&self, error: Error, rows: &[Removed], database: &mut Database<'_>) -> Error {
        let table = self.table;
        let tried = |row: &Removed| Tried { name: blame::name(table, &row.key), values: row.key.clone() };
        let (columns, rows) = (table.primary_key.to_vec(), rows.iter().map(tried).collect());
        let (connection, dialect) = database.pair();
        Attempt { verb: "deleting", table, columns, rows }.explain(error, connection, dialect).await
    }
}
