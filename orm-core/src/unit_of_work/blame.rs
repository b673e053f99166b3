//! Which row of a statement the database meant: asked only once a statement has failed.
use super::{broken, execute::read_columns};
use crate::{
    driver::{Connection, Dialect},
    error::{Error, Facts, Result},
    fast::HashSet,
    query::{Parts, expr::Expr},
    schema::Table,
    sql,
    value::{Key, Value},
};
use std::ops::Range;

/// A statement that failed: what it was to do to which rows.
pub(super) struct Attempt {
    pub(super) verb: &'static str,
    pub(super) table: &'static Table,
    pub(super) columns: Vec<u16>,
    pub(super) rows: Vec<Tried>,
}

/// A row of it: how messages name it, and the values of the columns.
pub(super) struct Tried {
    pub(super) name: String,
    pub(super) values: Vec<Value>,
}

/// `User#7`, by its key in the database.
pub(super) fn name(table: &Table, key: &[Value]) -> String {
    named(table, &Key::of(key.iter().map(Key::from)))
}

/// The same for a key.
pub(super) fn named(table: &Table, key: &Key) -> String {
    format!("{}#{key}", table.model)
}

impl Attempt {
    /// The error with the table, the constraint, its columns and the row, as far as they can be known.
    pub(super) async fn explain(self, error: Error, connection: &mut dyn Connection, dialect: Dialect) -> Error {
        let (facts, row) = if error.is_violation() {
            let mut facts = self.facts(&error);
            // In a box, so that every write has not room for what only its failure needs.
            let row = Box::pin(self.culprit(&error, &mut facts, (connection, dialect))).await;
            (facts, row)
        } else {
            (error.facts().clone(), None)
        };
        let refused = facts.set.filter(|row| *row < self.rows.len());
        let row = row.or(refused).or((self.rows.len() == 1).then_some(0));
        let Self { verb, table, rows, .. } = &self;
        let several = format!("{} rows of {}", rows.len(), table.name);
        let what = match row {
            Some(row) if rows.len() == 1 => format!("{} of {}", rows[row].name, table.name),
            Some(row) => format!("{} {several}", self.named(row, &facts)),
            None => several,
        };
        let entity = row.map(|row| rows[row].name.clone());
        let broken = self.broken(&error, &facts);
        let message = format!("{verb} {what}: {broken}");
        error.context(message).with_facts(Facts { entity, ..facts })
    }

    /// What happened, with the names that are known by now.
    fn broken(&self, error: &Error, facts: &Facts) -> String {
        match (error.is_violation(), error.is_foreign_key_violation()) {
            (false, _) => error.to_string(),
            (true, true) if self.verb == "inserting" && !facts.columns.is_empty() => {
                format!("{}.{} names a row that is not there", self.table.name, facts.columns.join(", "))
            }
            (true, _) => crate::driver::broken_words(error, facts),
        }
    }

    /// A row among several: new rows look alike but for their values.
    fn named(&self, row: usize, facts: &Facts) -> String {
        let value = |column: &String| {
            let place = self.place(column)?;
            Some(format!("{column} = {}", Key::from(&self.rows[row].values[place])))
        };
        let values: Vec<String> = facts.columns.iter().filter_map(value).collect();
        let name = &self.rows[row].name;
        match values.is_empty() {
            true if self.verb == "inserting" => format!("{name}, number {} of", row + 1),
            true => format!("{name}, one of"),
            false => format!("{name} with {}, one of", values.join(", ")),
        }
    }

    /// Where a column of that name stands among the values.
    fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| self.table.columns[usize::from(*column)].name == name)
    }

    fn places(&self, names: &[String]) -> Option<Vec<usize>> {
        let places: Option<Vec<usize>> = names.iter().map(|name| self.place(name)).collect();
        places.filter(|places| !places.is_empty())
    }

    /// What the error says and the declaration knows; the table is this one, unless another is named.
    fn facts(&self, error: &Error) -> Facts {
        let mut facts = error.facts().clone();
        facts.table.get_or_insert_with(|| self.table.name.to_owned());
        broken::fill(self.table, error, &mut facts);
        facts
    }

    async fn culprit(
        &self,
        error: &Error,
        facts: &mut Facts,
        (connection, dialect): (&mut dyn Connection, Dialect),
    ) -> Option<usize> {
        if let Some(row) = facts.set.filter(|row| *row < self.rows.len()) {
            self.complete_facts(error, facts, (row, (connection, dialect))).await;
            return Some(row);
        }
        if error.is_not_null_violation() {
            let place = self.place(facts.columns.first()?)?;
            return self.rows.iter().position(|row| crate::value::is_null(&row.values[place]));
        }
        if let Some(said) = facts.values.clone() {
            return self.said(&said, facts);
        }
        if dialect == Dialect::Postgres {
            // In a transaction it takes no statement until the rollback.
            return None;
        }
        let found = if error.is_unique_violation() {
            self.taken(facts, (connection, dialect)).await
        } else if error.is_foreign_key_violation() {
            let row = self.dangling(0..self.rows.len(), facts, (connection, dialect)).await;
            broken::fill(self.table, error, facts);
            row
        } else {
            Ok(None)
        };
        found.ok().flatten()
    }

    /// Where the row is known, what is not said of its constraint: which foreign key names no row.
    async fn complete_facts(
        &self,
        error: &Error,
        facts: &mut Facts,
        (row, database): (usize, (&mut dyn Connection, Dialect)),
    ) {
        if error.is_foreign_key_violation() && facts.columns.is_empty() {
            // That the row is known must not depend on this.
            let _ = self.dangling(row..row + 1, facts, database).await;
            broken::fill(self.table, error, facts);
        }
    }

    /// The row whose values the message shows: of the constraint's columns, or of the key that is still referenced.
    fn said(&self, said: &str, facts: &Facts) -> Option<usize> {
        let key = broken::column_names(self.table, self.table.primary_key);
        let columns = if facts.columns.is_empty() { &key } else { &facts.columns };
        let places = self.places(columns)?;
        let shown = |row: &Tried| {
            let parts: Vec<String> = places.iter().map(|place| shown(&row.values[*place])).collect();
            parts.join(", ") == said
        };
        self.rows.iter().position(shown)
    }

    /// The row whose unique values another one of the statement has too, or one in the database.
    async fn taken(&self, facts: &Facts, database: (&mut dyn Connection, Dialect)) -> Result<Option<usize>> {
        let Some(places) = self.places(&facts.columns) else { return Ok(None) };
        let mut seen = HashSet::default();
        if let Some(twice) = (0..self.rows.len()).find(|row| !seen.insert(self.key(*row, &places))) {
            return Ok(Some(twice));
        }
        let columns: Vec<u16> = places.iter().map(|place| self.columns[*place]).collect();
        let there = self.existing((self.table, &columns), (0..self.rows.len(), &places), database).await?;
        Ok((0..self.rows.len()).find(|row| there.contains(&self.key(*row, &places))))
    }

    /// The row among these whose foreign key names no row.
    async fn dangling(
        &self,
        rows: Range<usize>,
        facts: &mut Facts,
        (connection, dialect): (&mut dyn Connection, Dialect),
    ) -> Result<Option<usize>> {
        for key in self.table.foreign_keys() {
            let columns = broken::column_names(self.table, key.columns);
            let Some(places) = self.places(&columns).filter(|_| facts.columns.is_empty() || facts.columns == columns)
            else {
                continue;
            };
            let place = (key.target, key.target_columns);
            let there = self.existing(place, (rows.clone(), &places), (&mut *connection, dialect)).await?;
            let is_missing = |row: &usize| {
                let key = self.key(*row, &places);
                !key.has_null() && !there.contains(&key)
            };
            if let Some(row) = rows.clone().find(is_missing) {
                facts.columns = columns;
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    fn key(&self, row: usize, places: &[usize]) -> Key {
        Key::of(places.iter().map(|place| Key::from(&self.rows[row].values[*place])))
    }

    /// Which of the rows' values a table has in these columns.
    async fn existing(
        &self,
        (table, columns): (&'static Table, &[u16]),
        (rows, places): (Range<usize>, &[usize]),
        (connection, dialect): (&mut dyn Connection, Dialect),
    ) -> Result<HashSet<Key>> {
        let keys = self.rows[rows].iter().map(|row| places.iter().map(|place| row.values[*place].clone()).collect());
        rows_with((table, columns), keys.collect(), (connection, dialect)).await
    }
}

/// The values that a table's rows have in these columns, of which the first ones are as in one of the keys.
pub(super) async fn rows_with(
    (table, columns): (&'static Table, &[u16]),
    keys: Vec<Vec<Value>>,
    (connection, dialect): (&mut dyn Connection, Dialect),
) -> Result<HashSet<Key>> {
    let mut found = HashSet::default();
    let width = keys.first().map_or(1, Vec::len);
    for keys in sql::key_chunks(dialect, width, keys).collect::<Vec<_>>() {
        // The columns may be more than the keys have values.
        let parts = Parts { filter: Some(Expr::among(table, &columns[..width], keys)), ..Parts::new(table) };
        let rows = read_columns(connection, dialect, (parts, columns)).await?;
        found.extend(rows.iter().map(|row| Key::of(row.iter().map(Key::from))));
    }
    Ok(found)
}

/// A value as PostgreSQL shows it in a message.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Bool(Some(value)) => if *value { "t" } else { "f" }.to_owned(),
        #[cfg(feature = "uuid")]
        Value::Uuid(Some(value)) => value.to_string(),
        #[cfg(feature = "rust_decimal")]
        Value::Decimal(Some(value)) => value.to_string(),
        other => match Key::from(other) {
            Key::Text(text) => text.into(),
            key => key.to_string(),
        },
    }
}
