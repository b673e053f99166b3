//! Runs the INSERT of rows that may be there already, and finds out which of them came back for which entity.
use super::{
    execute::{Executed, fetch, in_step, types},
    plan::Insert,
};
use crate::{
    driver::{Connection, Dialect},
    error::{Error, Kind, Result},
    model::Node,
    query::{Lock, Parts, Tuples, expr::Expr},
    schema::Table,
    sql::{
        self,
        write::{Connect, Rows},
    },
    value::{Key, Value},
};
use std::collections::HashMap;

pub(super) async fn run(
    (insert, by): (&Insert, &'static [u16]),
    connection: &mut dyn Connection,
    dialect: Dialect,
    executed: &mut Executed,
) -> Result<()> {
    let table = insert.table;
    let shape = Connect { table, columns: &insert.columns, by };
    let rows: Result<Rows> = insert.rows.iter().map(|row| executed.resolve_all(&row.values)).collect();
    let mut nodes = insert.rows.iter().map(|row| row.node);
    for chunk in sql::chunks(dialect, insert.columns.len(), rows?).collect::<Vec<_>>() {
        let nodes: Vec<Node> = nodes.by_ref().take(chunk.len()).collect();
        let keys: Rows = chunk.iter().map(|row| unique_values((&insert.columns, by), row)).collect();
        let statement = shape.statement(dialect, chunk);
        let context = |error: Error| in_step(error, "inserting or connecting", table, nodes.len());
        let returned = if sql::returns_rows(dialect) {
            fetch(connection, &statement, types(table, &insert.returning)).await.map_err(context)?
        } else {
            connection.execute(&statement).await.map_err(context)?;
            read_back(connection, (dialect, table, by), keys.clone()).await?
        };
        for (node, values) in matched((table, by), (nodes, keys), returned)? {
            executed.made.insert(node, insert.returning.iter().copied().zip(values).collect());
        }
    }
    Ok(())
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
    let is = |key: Vec<Value>| {
        Expr::All(by.iter().zip(key).map(|(column, value)| Expr::equal(table, *column, value)).collect())
    };
    let filter = Some(Expr::Any(keys.into_iter().map(is).collect()));
    let parts = Parts { filter, lock: Some(Lock::Update), ..Parts::new(table) };
    let all: Vec<u16> = (0..table.columns.len() as u16).collect();
    let columns = all.iter().map(|column| Expr::column(table, *column)).collect();
    let tuples = Tuples { parts, columns, group_by: Vec::new(), having: None };
    fetch(connection, &sql::tuples(dialect, &tuples), types(table, &all)).await
}

/// The row of each entity: by its unique values, or, where the database takes values for equal that are not the same (upper
/// and lower case), by its place.
fn matched(
    (table, by): (&Table, &[u16]),
    (nodes, keys): (Vec<Node>, Rows),
    returned: Rows,
) -> Result<Vec<(Node, Vec<Value>)>> {
    let mut places: HashMap<Key, usize> = HashMap::new();
    for (place, row) in returned.iter().enumerate() {
        places.insert(Key::of(by.iter().map(|column| Key::from(&row[usize::from(*column)]))), place);
    }
    let in_order = returned.len() == nodes.len();
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
    let rows: Result<Rows> = keys.into_iter().enumerate().map(found).collect();
    Ok(nodes.into_iter().zip(rows?).collect())
}
