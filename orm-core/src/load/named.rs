//! Rows whose columns are found by their names: results of the user's own SQL.
use super::{run::feed, unread::shown};
use crate::{
    driver::{Connection, Sink, Statement},
    error::{Error, Kind, Result},
    model::Batch,
    schema::Table,
    value::{Rearranged, Row},
};

/// The columns that are wanted, and where the result has them.
pub(crate) struct Named {
    wanted: Vec<&'static str>,
    /// Found at the first row; a result has the same columns in all of them.
    places: Vec<usize>,
}

impl Named {
    pub(crate) fn new(wanted: Vec<&'static str>) -> Self {
        Self { wanted, places: Vec::new() }
    }

    /// The row with the wanted columns in their order.
    pub(super) fn arrange<'r>(&'r mut self, row: &'r dyn Row) -> Result<Rearranged<'r>> {
        if self.places.is_empty() {
            let place = |name: &&str| row.ordinal_of(name).ok_or_else(|| missing(name, row));
            self.places = self.wanted.iter().map(place).collect::<Result<_>>()?;
        }
        Ok(Rearranged { row, places: &self.places })
    }
}

fn missing(name: &str, row: &dyn Row) -> Error {
    let message = format!(
        "the result has no column `{name}`: select it, or give it that name by `AS {name}`; there are {}",
        shown(&row.names())
    );
    Error::new(Kind::Decode, message)
}

/// Decodes rows of a model.
struct Rows {
    table: &'static Table,
    batch: Box<dyn Batch>,
    /// With whether deferred columns are among them.
    named: Option<(Named, bool)>,
}

impl Sink for Rows {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        let table = self.table;
        let (named, deferred) = self.named.get_or_insert_with(|| {
            let mut late = table.columns.iter().filter(|column| column.deferred).peekable();
            let deferred = late.peek().is_some() && late.all(|column| row.ordinal_of(column.name).is_some());
            let wanted = table.columns.iter().filter(|column| deferred || !column.deferred);
            (Named::new(wanted.map(|column| column.name).collect()), deferred)
        });
        self.batch.decode(&named.arrange(row)?, 0, *deferred)
    }
}

/// The rows of a statement as rows of a model. Deferred columns are read if all of them are there.
pub(crate) async fn fetch_named(
    table: &'static Table,
    statement: &Statement,
    connection: &mut dyn Connection,
) -> Result<Box<dyn Batch>> {
    let rows = Rows { table, batch: (table.operations.batch)(0), named: None };
    Ok(feed(Box::new(rows), statement, connection).await?.batch)
}
