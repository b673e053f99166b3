//! The rows of a query in batches, each with its relationships loaded, in constant memory.
use super::{
    collect::Collected,
    pages::Pages,
    plan::{Plan, plan_stream},
    recall::Recall,
    run::{run, unpack},
    source::Source,
    values::assemble,
};
use crate::{
    driver::{Begin, Connection, Control, Dialect, Driver, Isolation},
    error::{Error, Result},
    model::Batch,
    query::Parts,
    sql,
};
use tokio::sync::mpsc::Sender;

/// The number of rows of a batch.
const BATCH: usize = 1_000;

/// Runs a query on a connection of its own and hands over its rows batch by batch, until the last one or until nobody
/// takes them.
pub(crate) async fn stream(parts: &Parts, driver: &dyn Driver, batches: Sender<Box<dyn Batch>>) -> Result<()> {
    let plan = plan_stream(parts);
    if plan.select.joins.iter().any(|join| join.named.is_some() && join.relationship.is_to_many()) {
        return Err(Error::usage(
            "a stream cannot load a collection from a join, whose rows may be in several batches: load it by `selectin()`, \
             with the condition of the join as its filter",
        ));
    }
    let dialect = driver.dialect();
    let mut connection = driver.acquire().await?;
    match plan.is_alone() {
        true => in_one(plan, (connection.as_mut(), dialect), batches).await,
        false => in_pages(parts, (connection.as_mut(), dialect), batches).await,
    }
}

type Held<'a> = (&'a mut dyn Connection, Dialect);

/// One statement, whose rows are read as they are taken.
async fn in_one(plan: Plan, (connection, dialect): Held<'_>, batches: Sender<Box<dyn Batch>>) -> Result<()> {
    let statement = sql::select(dialect, &plan.select)?;
    let mut rows = connection.stream(&statement, BATCH).await?;
    loop {
        let (sink, more) = rows.next(Box::new(Collected::new(&plan, &Recall::nothing()))).await?;
        let (batch, _) = assemble(plan.clone(), *unpack(sink)?, &mut Source::none(dialect)).await?;
        if batches.send(batch).await.is_err() || !more {
            return Ok(());
        }
    }
}

/// A statement for each batch, so that the connection is free for what is loaded with it; all of them see the database as
/// it was at the first.
async fn in_pages(parts: &Parts, (connection, dialect): Held<'_>, batches: Sender<Box<dyn Batch>>) -> Result<()> {
    let begin = Begin { isolation: Some(Isolation::RepeatableRead), read_only: parts.lock.is_none() };
    connection.control(Control::Begin(begin)).await?;
    let mut pages = Pages::of(parts, dialect, BATCH as u64);
    while let Some(page) = pages.next() {
        let plan = plan_stream(page);
        let collected = run(&plan, Recall::nothing(), connection, dialect).await?;
        pages.read(collected.parts[0].rows.as_ref());
        let (batch, _) = assemble(plan, *collected, &mut Source::given(connection, dialect)).await?;
        if batches.send(batch).await.is_err() {
            break;
        }
    }
    connection.control(Control::Commit).await
}
