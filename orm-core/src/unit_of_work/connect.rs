//! Runs the INSERT of rows that may be there already, and finds out which of them came back for which entity.
use super::{
    execute::{Database, Done, Executed, divided, fetch, read_columns, types},
    plan::Insert,
};
use crate::{
    driver::{Connection, Dialect},
    error::{Error, Kind, Result},
    fast::{HashMap, HashSet},
    query::{Lock, Parts, expr::Expr},
    schema::Table,
    sql::{
        self,
        write::{Connect, Rows},
    },
    value::{Key, Value},
};

pub(super) async fn run(
    (insert, by): (&mut Insert, &'static [u16]),
    database: &mut Database<'_>,
    executed: &Executed,
) -> Result<Done> {
    let (connection, dialect) = database.pair();
    let table = insert.table;
    let shape = Connect { table, columns: &insert.columns, by };
    let (values, _) = executed.values(std::mem::take(&mut insert.values), (&insert.columns, insert.followed))?;
    let rows = divided(values, insert.columns.len());
    let mut done = Done::inserted(&insert.rows, Vec::new());
    for chunk in sql::chunks(dialect, insert.columns.len(), rows).collect::<Vec<_>>() {
        let count = chunk.len();
        let keys: Rows = chunk.iter().map(|row| unique_values((&insert.columns, by), row)).collect();
        check_different(table, &keys)?;
        let statement = shape.statement(dialect, chunk);
        let context = |error: Error| in_step(error, table, count);
        let returned = if sql::returns_rows(dialect) {
            fetch(connection, &statement, types(table, &insert.returning)).await.map_err(context)?
        } else {
            connection.execute(&statement).await.map_err(context)?;
            read_back(connection, (dialect, table, by), keys.clone()).await?
        };
        done.came_back(&insert.returning, matched((table, by), keys, returned)?.into_iter().flatten().collect());
    }
    Ok(done)
}

fn in_step(error: Error, table: &Table, rows: usize) -> Error {
    let message =
        format!("inserting or connecting {rows} row{} of {}: {error}", if rows == 1 { "" } else { "s" }, table.name);
    error.context(message)
}

/// Rows whose unique values a parent filled may turn out to be the same; no database takes them in one statement.
fn check_different(table: &Table, keys: &Rows) -> Result<()> {
    let mut seen = HashSet::default();
    let key = |key: &Vec<Value>| Key::of(key.iter().map(Key::from));
    let Some(twice) = keys.iter().map(key).find(|key| !seen.insert(key.clone())) else { return Ok(()) };
    let message = format!(
        "two rows of {} with the unique value {twice} were given with `or_connect`, under parents that were not written yet: \
         give the same entity twice, or flush the parents first",
        table.name
    );
    Err(Error::usage(message))
}

/// The values of the unique columns of a row that is inserted.
fn unique_values((columns, by): (&[u16], &[u16]), row: &[Value]) -> Vec<Value> {
    let value = |column: &u16| columns.iter().position(|other| other == column).map(|place| row[place].clone());
    by.iter().filter_map(value).collect()
}

/// MySQL: the rows by their unique values. The lock makes the read see rows that others committed after this transaction began.
async fn read_back(
    connection: &mut dyn Connection,
    (dialect, table, by): (Dialect, &'static Table, &'static [u16]),
    keys: Rows,
) -> Result<Rows> {
    let filter = Some(Expr::among(table, by, keys));
    let parts = Parts { filter, lock: Some(Lock::Update), ..Parts::new(table) };
    let all: Vec<u16> = (0..table.columns.len() as u16).collect();
    read_columns(connection, dialect, (parts, &all)).await
}

/// The row of each entity: by its unique values, or, where the database takes values for equal that are not the same (upper
/// and lower case), by its place.
fn matched((table, by): (&Table, &[u16]), keys: Rows, returned: Rows) -> Result<Rows> {
    let mut places: HashMap<Key, usize> = HashMap::default();
    for (place, row) in returned.iter().enumerate() {
        places.insert(Key::of(by.iter().map(|column| Key::from(&row[usize::from(*column)]))), place);
    }
    let in_order = returned.len() == keys.len();
    let found = |(place, key): (usize, Vec<Value>)| {
        let key = Key::of(key.iter().map(Key::from));
        let place = places.get(&key).copied().or(in_order.then_some(place));
        place.map(|place| returned[place].clone()).ok_or_else(|| {
            let message = format!(
                "a row of {} with the unique value {key} was to be taken or added, and neither came back: another unique \
                 column of it may be taken",
                table.name
            );
            Error::new(Kind::UniqueViolation, message)
        })
    };
    keys.into_iter().enumerate().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::Record, sql::tests::models::User};

    fn text(text: &str) -> Value {
        Value::String(Some(text.into()))
    }

    fn row(id: i64, name: &str) -> Vec<Value> {
        vec![Value::BigInt(Some(id)), text(name)]
    }

    fn ids(names: &[&str], returned: Rows) -> Result<Vec<i64>> {
        let keys = names.iter().map(|name| vec![text(name)]).collect();
        let matched = matched((User::table(), &[1]), keys, returned)?;
        let id = |row: &Vec<Value>| match row[0] {
            Value::BigInt(Some(id)) => id,
            _ => 0,
        };
        Ok(matched.iter().map(id).collect())
    }

    #[test]
    fn rows_are_matched_by_their_values_in_any_order() {
        let returned = vec![row(7, "b"), row(3, "a")];
        assert_eq!(ids(&["a", "b"], returned).ok(), Some(vec![3, 7]));
    }

    #[test]
    fn values_that_the_database_takes_for_equal_are_matched_by_their_place() {
        let returned = vec![row(7, "RUST"), row(3, "orm")];
        assert_eq!(ids(&["rust", "orm"], returned).ok(), Some(vec![7, 3]));
    }

    #[test]
    fn a_row_that_does_not_come_back_is_a_unique_violation() {
        let error = ids(&["a", "b"], vec![row(3, "a")]).expect_err("b did not come back");
        assert!(error.is_unique_violation() && error.to_string().contains("\"b\""), "{error}");
    }
}
