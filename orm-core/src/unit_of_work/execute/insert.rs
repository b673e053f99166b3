//! Runs an INSERT, and finds out which of the rows that come back belongs to which entity.
use super::{
    Database, Done, Executed,
    fetch::{divided, fetch_values, pieces, read_columns, types},
};
use crate::{
    driver::{Outcome, Statement},
    error::{Error, Result},
    fast::HashMap,
    query::{Parts, expr::Expr},
    schema::Table,
    sql::{
        self,
        write::{self, Rows},
    },
    unit_of_work::{
        blame::{Attempt, Tried},
        plan::Insert,
    },
    value::{Key, Sets, SqlType, Value},
};

pub(super) async fn run(insert: &mut Insert, database: &mut Database<'_>, executed: &Executed) -> Result<Done> {
    let sources = std::mem::take(&mut insert.values);
    let insert = &*insert;
    let (given, filled) = match insert.in_memory {
        true => (Given::InMemory, Vec::new()),
        false => {
            let (values, filled) = executed.values(sources, (&insert.columns, insert.followed))?;
            (Given::Values(values), filled)
        }
    };
    let mut done = Done::inserted(&insert.rows, filled);
    let table = insert.table;
    let generated = table.generated_key().filter(|key| insert.returning.contains(key));
    let returning = returned_columns(table, &insert.returning, generated);
    let sending = Sending { insert, generated, returning: &returning };
    match sending.way(database) {
        Way::Each(key) => sending.each(key, given, (database, &mut done)).await?,
        Way::Together { asks } => sending.together(asks, given, (database, &mut done)).await?,
    }
    Ok(done)
}

/// The values of the rows.
enum Given {
    /// The planned versions have them.
    InMemory,
    /// One row after another.
    Values(Vec<Value>),
}

/// How the rows are sent.
enum Way {
    /// By a statement that is run for each row; the database tells the key outside the result, if one is wanted.
    Each(Option<u16>),
    /// As many as go in one statement. `asks`: also asks for what there is to learn of the table's key.
    Together { asks: Option<u16> },
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

struct Sending<'s> {
    insert: &'s Insert,
    generated: Option<u16>,
    returning: &'s [u16],
}

impl Sending<'_> {
    fn way(&self, database: &Database<'_>) -> Way {
        let together = Way::Together { asks: None };
        if !database.runs_each() {
            return together;
        }
        match (self.returning, self.generated) {
            ([], _) if !self.insert.columns.is_empty() => Way::Each(None),
            ([_], Some(key)) if is_integer(self.insert.table, key) => match database.rowids.of(self.insert.table) {
                Some(true) => Way::Each(Some(key)),
                Some(false) => together,
                None => Way::Together { asks: Some(key) },
            },
            _ => together,
        }
    }

    /// Whether fewer rows than were given would be an error.
    fn is_counted(&self) -> bool {
        self.generated.is_some()
    }

    fn shape<'c>(&'c self, columns: &'c [u16]) -> write::Insert<'c> {
        write::Insert { table: self.insert.table, columns, returning: self.returning }
    }

    async fn each(
        &self,
        key: Option<u16>,
        given: Given,
        (database, done): (&mut Database<'_>, &mut Done),
    ) -> Result<()> {
        let rows = self.insert.rows.len();
        // A null for its key makes a row of nothing but defaults too.
        let only_key = self.insert.columns.is_empty();
        let columns = if only_key { self.returning } else { &self.insert.columns };
        let mut sets = Sets::new(types(self.insert.table, columns), rows);
        match given {
            _ if only_key => (0..rows).for_each(|_| sets.push_null()),
            Given::InMemory => self.insert.pack_in_memory(database.arena, &mut sets),
            Given::Values(values) => sets.extend(values),
        }
        let shape = write::Insert { returning: &[], ..self.shape(columns) };
        let mut statement = shape.for_several(database.dialect, sets, key.is_some());
        let outcomes = match database.connection.execute_each(&mut statement).await {
            Ok(outcomes) => outcomes,
            Err(error) => return Err(self.explain(error, (statement.sets.values(), rows), database).await),
        };
        if key.is_some() {
            let count: u64 = outcomes.iter().map(|outcome| outcome.rows).sum();
            check_count(self.insert.rows.len(), count as usize)?;
            let mut keys = Vec::with_capacity(outcomes.len());
            for outcome in outcomes {
                keys.push(Value::BigInt(Some(outcome.first_key.ok_or_else(untold)?)));
            }
            done.came_back(self.returning, keys);
        }
        Ok(())
    }

    async fn together(
        &self,
        asks: Option<u16>,
        given: Given,
        (database, done): (&mut Database<'_>, &mut Done),
    ) -> Result<()> {
        let (width, all) = (self.insert.columns.len(), self.insert.rows.len());
        let values = match given {
            Given::InMemory => self.insert.values_in_memory(database.arena),
            Given::Values(values) => values,
        };
        // SQLite has no way to say several rows of nothing but defaults.
        let most = if width == 0 { 1 } else { sql::rows_of_statement(database.dialect, width) };
        for (rows, values) in pieces(values, (all, most), width) {
            let asks = asks.filter(|_| rows.start == 0);
            self.send((rows.start, rows.len()), (values, asks), (&mut *database, &mut *done)).await?;
        }
        Ok(())
    }

    /// Sends one INSERT, of so many rows from the first one on, and takes what the database made.
    async fn send(
        &self,
        (first, rows): (usize, usize),
        (values, asks): (Vec<Value>, Option<u16>),
        (database, done): (&mut Database<'_>, &mut Done),
    ) -> Result<()> {
        let (table, columns) = (self.insert.table, &self.insert.columns);
        let keys: Rows = match self.generated {
            None if !self.returning.is_empty() => given_keys(table, columns, &values),
            _ => Vec::new(),
        };
        let shape = self.shape(columns);
        let statement = match asks {
            Some(key) => shape.asking(database.dialect, (rows, values), key),
            None if self.is_counted() && database.writes_whole() => shape.whole(rows, values),
            None => shape.of_values(database.dialect, rows, values),
        };
        let sent = match asks {
            Some(_) => self.learn(&statement, rows, (&mut *database, &mut *done)).await,
            None => self.returned(&statement, (rows, &keys), database).await,
        };
        let returned = match sent {
            Ok(returned) => returned,
            Err(error) if database.writes_whole() && write::is_short(&error) => return Err(left_out(rows)),
            Err(error) if database.is_refused_whole(&error) => {
                let values = write::rows(statement.values, (rows, columns.len())).concat();
                database.apart().await?;
                Box::pin(self.send((first, rows), (values, None), (&mut *database, done))).await?;
                return database.rejoin().await;
            }
            Err(error) => return Err(self.explain(error, (statement.values, rows), database).await),
        };
        match (self.returning.is_empty(), self.generated) {
            (true, _) => {}
            (false, Some(_)) => {
                let width = self.returning.len();
                check_count(rows, returned.len() / width)?;
                done.came_back(self.returning, in_order(returned, width));
            }
            (false, None) => self.match_keys(returned, (first, &keys), done)?,
        }
        Ok(())
    }

    /// The columns that the database made, one row after another.
    async fn returned(
        &self,
        statement: &Statement,
        (rows, keys): (usize, &Rows),
        database: &mut Database<'_>,
    ) -> Result<Vec<Value>> {
        let (connection, dialect) = database.pair();
        let (table, returning) = (self.insert.table, self.returning);
        if returning.is_empty() {
            return connection.execute(statement).await.map(|_| Vec::new());
        }
        if sql::returns_rows(dialect) {
            return fetch_values(connection, statement, (types(table, returning), rows)).await;
        }
        let outcome = connection.execute(statement).await?;
        let keys = match self.generated {
            Some(_) => numbered(outcome, rows),
            None => keys.clone(),
        };
        if self.generated.is_some() && returning.len() == 1 {
            return Ok(keys.into_iter().flatten().collect());
        }
        let parts = Parts { filter: Some(Expr::keyed(table, keys)), ..Parts::new(table) };
        Ok(read_columns(connection, dialect, (parts, returning)).await?.into_iter().flatten().collect())
    }

    /// The keys that the database made, which also tells what there is to know of them.
    async fn learn(
        &self,
        statement: &Statement,
        rows: usize,
        (database, done): (&mut Database<'_>, &mut Done),
    ) -> Result<Vec<Value>> {
        let mut types = types(self.insert.table, self.returning);
        types.push(SqlType::Bool);
        let mut values = fetch_values(database.connection, statement, (types, rows)).await?;
        let said = values.get(1).cloned();
        done.is_rowid = Some(matches!(said, Some(Value::Bool(Some(true)))));
        let mut place = 0;
        values.retain(|_| {
            place += 1;
            place % 2 == 1
        });
        Ok(values)
    }

    /// Gives each row what came back for its key. The rows that a database left out stay without.
    fn match_keys(&self, returned: Vec<Value>, (first, keys): (usize, &Rows), done: &mut Done) -> Result<()> {
        let (table, made) = (self.insert.table, self.returning.len() - self.insert.table.primary_key.len());
        let key = |key: &[Value]| Key::of(key.iter().map(Key::from));
        let places: HashMap<Key, usize> = keys.iter().enumerate().map(|(place, values)| (key(values), place)).collect();
        let mut rows: Vec<Option<Vec<Value>>> = vec![None; keys.len()];
        for mut row in divided(returned, self.returning.len()) {
            let values = row.split_off(table.primary_key.len());
            let key = key(&row);
            let place = places.get(&key).ok_or_else(|| {
                Error::usage(format!("the key {key} of an inserted row of {} came back changed", table.name))
            })?;
            rows[*place] = Some(values);
        }
        let mut values = Vec::with_capacity(made * rows.len());
        for (place, row) in rows.into_iter().enumerate() {
            if row.is_none() {
                done.note_absent(first + place);
            }
            values.extend(row.unwrap_or_else(|| vec![Value::Bool(None); made]));
        }
        done.came_back(&self.returning[table.primary_key.len()..], values);
        Ok(())
    }

    /// The error of a statement over so many rows.
    async fn explain(&self, error: Error, (bound, rows): (Vec<Value>, usize), database: &mut Database<'_>) -> Error {
        let (table, columns) = (self.insert.table, self.insert.columns.clone());
        let tried = |values| Tried { name: format!("{} (new)", table.model), values };
        let rows = write::rows(bound, (rows, columns.len())).into_iter().map(tried).collect();
        let (connection, dialect) = database.pair();
        Attempt { verb: "inserting", table, columns, rows }.explain(error, connection, dialect).await
    }
}

fn is_integer(table: &Table, column: u16) -> bool {
    use SqlType::{I8, I16, I32, I64, U8, U16, U32, U64};
    matches!(table.columns[usize::from(column)].sql_type, I8 | I16 | I32 | I64 | U8 | U16 | U32 | U64)
}

fn untold() -> Error {
    Error::usage("the driver did not tell the keys that SQLite made")
}

fn check_count(inserted: usize, returned: usize) -> Result<()> {
    if inserted == returned {
        return Ok(());
    }
    Err(Error::usage(format!("{inserted} rows were inserted, and {returned} came back")))
}

/// The error of a statement that undid itself.
fn left_out(rows: usize) -> Error {
    Error::usage(format!("{rows} rows were to be inserted, and the database left some out: a trigger, most likely"))
}

/// The primary keys of rows as they were given; null for what the database makes.
fn given_keys(table: &Table, columns: &[u16], values: &[Value]) -> Rows {
    let of_row = |row: &[Value]| {
        let value = |key: &u16| match columns.iter().position(|column| column == key) {
            Some(at) => row[at].clone(),
            None => table.columns[usize::from(*key)].sql_type.null(),
        };
        table.primary_key.iter().map(value).collect()
    };
    values.chunks(columns.len().max(1)).map(of_row).collect()
}

/// Generated keys grow in the order of the given rows, whatever the order in which they come back.
fn in_order(returned: Vec<Value>, width: usize) -> Vec<Value> {
    if returned.chunks(width).is_sorted_by_key(|row| Key::from(&row[0])) {
        return returned;
    }
    let mut rows = divided(returned, width);
    rows.sort_by_cached_key(|row| row.first().map(Key::from));
    rows.into_iter().flatten().collect()
}

/// MySQL: the first key of the statement and those after it; other columns that the database made are read.
fn numbered(outcome: Outcome, count: usize) -> Rows {
    let first = outcome.first_key.unwrap_or_default();
    (0..count as i64).map(|i| vec![Value::BigInt(Some(first + i))]).collect()
}
