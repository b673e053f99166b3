//! Columns of entities that were left out of their load.
use super::{Loader, collect::read_key, run::feed};
use crate::{
    driver::Sink,
    error::Result,
    fast::HashMap,
    model::Node,
    query::{Parts, Tuples, expr::Expr},
    schema::Table,
    sql,
    value::{Key, Row, SqlType, Value},
};

/// The rows of a statement: their primary key, then the columns.
struct Found {
    key: Vec<(usize, SqlType)>,
    columns: Vec<(u16, SqlType)>,
    rows: HashMap<Key, Vec<(u16, Value)>>,
}

impl Sink for Found {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        let value = |(place, (column, sql_type)): (usize, &(u16, SqlType))| {
            let ordinal = self.key.len() + place;
            Ok((*column, row.value(ordinal, *sql_type)?))
        };
        let values = self.columns.iter().enumerate().map(value).collect::<Result<_>>()?;
        self.rows.insert(read_key(row, &self.key)?, values);
        Ok(())
    }
}

impl Found {
    fn new(table: &'static Table, columns: &[u16]) -> Self {
        Self {
            key: table.sql_types(table.primary_key).enumerate().collect(),
            columns: columns.iter().copied().zip(table.sql_types(columns)).collect(),
            rows: HashMap::default(),
        }
    }
}

impl Loader<'_> {
    /// Loads columns of entities of one model, which are left as they are otherwise. Rows that are gone stay as they are.
    pub(crate) async fn columns(&mut self, table: &'static Table, nodes: &[Node], columns: &[u16]) -> Result<()> {
        let keys: Vec<Vec<Value>> = {
            let graph = self.memory.graph();
            nodes.iter().map(|node| graph.stored_values(*node, table.primary_key)).collect()
        };
        let mut found = Box::new(Found::new(table, columns));
        for chunk in sql::key_chunks(self.dialect, table.primary_key.len(), keys).collect::<Vec<_>>() {
            let statement = sql::tuples(self.dialect, &of_rows(table, chunk, columns))?;
            found = feed(found, &statement, self.connection).await?;
        }
        let mut graph = self.memory.graph();
        for node in nodes {
            let key = graph.stored_key(*node, table.primary_key);
            if let Some(values) = found.rows.remove(&key) {
                graph.fill_in(*node, values)?;
            }
        }
        Ok(())
    }
}

fn of_rows(table: &'static Table, keys: Vec<Vec<Value>>, columns: &[u16]) -> Tuples {
    let parts = Parts { filter: Some(Expr::keyed(table, keys)), ..Parts::new(table) };
    Tuples::of_columns(parts, &[table.primary_key, columns].concat())
}
