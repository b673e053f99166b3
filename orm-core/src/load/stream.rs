//! The rows of a query in batches, each with its relationships loaded, in constant memory.
use super::{collect::Collected, plan::plan_stream, run::unpack, source::Source, values::assemble};
use crate::{
    driver::Driver,
    error::{Error, Result},
    model::Batch,
    query::Parts,
    sql,
};
use tokio::sync::mpsc::Sender;

/// The number of rows of a batch.
const BATCH: usize = 1_000;

/// Runs a query on a connection of its own and hands over its rows batch by batch, until the last one or until nobody
/// takes them. What is loaded along takes a second connection, since the first one is busy with the rows.
pub(crate) async fn stream(parts: &Parts, driver: &dyn Driver, batches: Sender<Box<dyn Batch>>) -> Result<()> {
    let plan = plan_stream(parts);
    if plan.select.joins.iter().any(|join| join.named.is_some() && join.relationship.is_to_many()) {
        return Err(Error::usage(
            "a stream cannot load a collection from a join, whose rows may be in several batches",
        ));
    }
    let statement = sql::select(driver.dialect(), &plan.select)?;
    let mut source = Source::pool(driver);
    let mut connection = driver.acquire().await?;
    let mut rows = connection.stream(&statement, BATCH).await?;
    loop {
        let (sink, more) = rows.next(Box::new(Collected::new(&plan))).await?;
        let (batch, _) = assemble(plan.clone(), unpack(sink)?, &mut source).await?;
        if batches.send(batch).await.is_err() || !more {
            return Ok(());
        }
    }
}
