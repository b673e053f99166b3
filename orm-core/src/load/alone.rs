//! Queries that load nothing along, and of whose rows none comes twice. Most queries are such, and need no plan.
use super::{collect::Part, plan::loads_alone, recall::Recall, run::feed};
use crate::{
    driver::{Connection, Dialect, Sink},
    error::Result,
    query::{Criteria, Parts},
    sql::{self, Select},
    value::Row,
};

/// Whether the rows of the table are all there is to load, each of them once.
pub(super) fn is_alone(parts: &Parts) -> bool {
    let names_none = parts.include.is_empty() && parts.defaults.is_empty();
    let repeats = !parts.joins.is_empty() || parts.source.is_some();
    names_none && !repeats && parts.beside.is_empty() && loads_alone(parts.table)
}

/// Runs such a query under criteria.
pub(super) async fn run_alone(
    (parts, criteria): (Box<Parts>, Criteria),
    recall: Recall<'_>,
    connection: &mut dyn Connection,
    dialect: Dialect,
) -> Result<Box<Part>> {
    let select = Select { criteria, ..Select::of(*parts) };
    let statement = sql::select(dialect, &select)?;
    let root = Part::root(&select, true).for_memory(&recall, |recall| recall.of_root(select.table));
    feed(Box::new(root), &statement, connection).await
}

impl Sink for Part {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.take(row).map(|_| ())
    }

    fn expect(&mut self, rows: usize) {
        Part::expect(self, rows);
    }

    fn end(&mut self) {
        self.fit();
    }
}
