//! Runs planned statements: the one place where rows cross from the database.
use super::{
    collect::Collected,
    named::Named,
    plan::{Path, Plan, plan_near},
    recall::Recall,
    unread,
};
use crate::{
    driver::{Connection, Dialect, Sink, Statement},
    error::{Error, Result},
    model::Batch,
    query::{Criteria, Include, expr::Expr},
    schema::{Strategy, Table},
    sql::{self, NearKeys, Select},
    value::{Row, RowReader, Value},
};
use std::any::Any;

/// Runs a plan's statement.
pub(super) async fn run(
    plan: &Plan,
    recall: Recall<'_>,
    connection: &mut dyn Connection,
    dialect: Dialect,
) -> Result<Box<Collected>> {
    feed(Box::new(Collected::new(plan, &recall)), &sql::select(dialect, &plan.select)?, connection).await
}

pub(super) async fn feed<S: Sink>(
    sink: Box<S>,
    statement: &Statement,
    connection: &mut dyn Connection,
) -> Result<Box<S>> {
    unpack(connection.query(statement, sink).await?)
}

/// The sink that was sent, of the type that it had.
pub(super) fn unpack<S: Sink>(sink: Box<dyn Sink>) -> Result<Box<S>> {
    let sink: Box<dyn Any> = sink;
    sink.downcast::<S>().map_err(|_| Error::usage("the driver gave back another sink"))
}

/// From which owners the targets of an include are loaded.
pub(super) struct From<'a> {
    /// Their keys.
    pub(super) keys: Vec<Vec<Value>>,
    /// The query that gave them, which a subquery can repeat.
    pub(super) query: Option<Select>,
    /// The models on the way to them, their own last.
    pub(super) path: Path,
    pub(super) criteria: Criteria,
    /// What has some of the targets already.
    pub(super) recall: Recall<'a>,
}

/// Loads the targets of an include from owners with these keys, in as few statements as the database allows.
pub(super) async fn run_near(
    include: &Include,
    from: From<'_>,
    connection: &mut dyn Connection,
    dialect: Dialect,
) -> Result<(Plan, Box<Collected>)> {
    let From { keys, query, path, criteria, recall } = from;
    if let Some(owners) = query.filter(|_| include.strategy() == Strategy::Subquery) {
        let plan = plan_near(include, NearKeys::Of(Box::new(owners)), &path, &criteria);
        let collected = run(&plan, recall, connection, dialect).await?;
        return Ok((plan, collected));
    }
    let (width, owners) = (keys.first().map_or(1, Vec::len), keys.len());
    let mut chunks = sql::key_chunks(dialect, width, keys).collect::<Vec<_>>().into_iter();
    let mut plan = plan_near(include, NearKeys::Values(chunks.next().unwrap_or_default()), &path, &criteria);
    let mut collected = Box::new(Collected::new(&plan, &recall));
    (collected.more, collected.owners) = (chunks.len(), owners);
    collected = feed(collected, &sql::select(dialect, &plan.select)?, connection).await?;
    while let Some(chunk) = chunks.next() {
        collected.more = chunks.len();
        plan.whole = false;
        if let Some(near) = &mut plan.select.near {
            near.keys = NearKeys::Values(chunk);
        }
        collected = feed(collected, &sql::select(dialect, &plan.select)?, connection).await?;
    }
    Ok((plan, collected))
}

/// The rows of one table, none of which comes twice.
struct Plain(Box<dyn Batch>);

impl Sink for Plain {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.0.decode(row, 0, false)
    }
}

/// The only row of a statement, if there is one, without anything that is loaded along.
pub(super) async fn fetch_by_key(
    table: &'static Table,
    statement: &Statement,
    connection: &mut dyn Connection,
) -> Result<Box<dyn Batch>> {
    let sink = Plain((table.operations.batch)(1));
    Ok(feed(Box::new(sink), statement, connection).await?.0)
}

/// Decodes each row by a function.
struct Decoded<T> {
    reading: Reading<T>,
    rows: Vec<T>,
}

/// How a row is decoded, from its first column on, or from columns of those names.
pub(crate) struct Reading<T> {
    pub(crate) read: fn(&mut RowReader<'_>) -> Result<T>,
    pub(crate) named: Option<Named>,
    /// What the query selects; nothing is known of the user's own SQL.
    pub(crate) selected: Vec<Expr>,
}

impl<T: Send + 'static> Sink for Decoded<T> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        let value = match &mut self.reading.named {
            None => read_all(&self.reading, row, self.rows.is_empty())?,
            Some(named) => {
                let row = named.arrange(row)?;
                let mut reader = RowReader::new(&row, 0, true);
                (self.reading.read)(&mut reader).map_err(|error| unread::explained(error, &row, reader.ordinal()))?
            }
        };
        self.rows.push(value);
        Ok(())
    }
}

/// Reads a row from its first column to its last; the first row of a result tells the number of columns.
fn read_all<T>(reading: &Reading<T>, row: &dyn Row, is_first: bool) -> Result<T> {
    let mut reader = RowReader::new(row, 0, true);
    let value = (reading.read)(&mut reader)
        .map_err(|error| unread::selected(error, row, (&reading.selected, reader.ordinal())))?;
    if is_first {
        unread::whole(row, reader.ordinal())?;
    }
    Ok(value)
}

/// The rows of a statement, each decoded by a function.
pub(crate) async fn fetch_tuples<T: Send + 'static>(
    statement: &Statement,
    reading: Reading<T>,
    connection: &mut dyn Connection,
) -> Result<Vec<T>> {
    Ok(feed(Box::new(Decoded { reading, rows: Vec::new() }), statement, connection).await?.rows)
}
