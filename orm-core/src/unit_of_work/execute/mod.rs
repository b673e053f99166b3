//! Runs a plan: the one place where writes cross to the database.
mod delete;
mod done;
mod fetch;
mod insert;
mod update;

pub(crate) use done::{Done, Executed, Filled};
pub(super) use fetch::{divided, fetch, read_columns, types};

use super::{
    blame, connect,
    link_rows::run_links,
    plan::{Delete, Insert, Plan, Step, Update},
    rowids::RowIds,
};
use crate::{
    driver::{Begin, Connection, Control, Dialect},
    error::{Error, Kind, Result},
    memory::Arena,
};
use std::time::SystemTime;

/// Where a plan is run.
pub(crate) struct Database<'d> {
    pub(crate) connection: &'d mut dyn Connection,
    pub(crate) dialect: Dialect,
    pub(crate) now: SystemTime,
    /// Where the values are that the plan left in memory.
    pub(crate) arena: &'d Arena,
    pub(crate) rowids: &'d RowIds,
    /// Whether the one statement of the plan is a transaction by itself.
    pub(crate) alone: bool,
}

impl Database<'_> {
    pub(super) fn pair(&mut self) -> (&mut dyn Connection, Dialect) {
        (&mut *self.connection, self.dialect)
    }

    /// Whether a statement has to check by itself that it writes all of its rows: where nothing can be undone after it, and it
    /// may write fewer.
    pub(super) fn writes_whole(&self) -> bool {
        self.alone && self.dialect == Dialect::Postgres
    }

    /// Whether a statement that checks itself was refused as none that PostgreSQL takes: tables with rules have none such. What
    /// it was to do is done in a [transaction](Self::apart) then.
    pub(super) fn is_refused_whole(&self, error: &Error) -> bool {
        self.writes_whole() && error.kind() == Kind::Unsupported
    }

    /// From here on there is a transaction after all, until [`rejoin`](Self::rejoin). Where an error leaves it open, the
    /// connection is not used again.
    pub(super) async fn apart(&mut self) -> Result<()> {
        self.alone = false;
        self.connection.control(Control::Begin(Begin::default())).await
    }

    /// The transaction that [`apart`](Self::apart) began is over.
    pub(super) async fn rejoin(&mut self) -> Result<()> {
        self.connection.control(Control::Commit).await
    }

    /// Whether many rows are written by one statement that is run for each: where that needs no round trips it costs least,
    /// and tells what became of each row.
    fn runs_each(&self) -> bool {
        self.dialect == Dialect::Sqlite
    }
}

/// Runs the statements of a plan in their order. The values that rows are written with are moved out of it.
///
/// # Errors
/// What the database refuses, and rows that are gone. Nothing is undone here: the caller rolls back.
pub(crate) async fn execute(plan: &mut Plan, mut database: Database<'_>) -> Result<Executed> {
    let arena = database.arena;
    let mut executed = Executed { steps: Vec::new(), learned: database.rowids.learning() };
    for step in &mut plan.steps {
        let ran = run(step, &mut database, &executed).await;
        let done = ran.map_err(|error| match database.alone && error.kind() == Kind::Decode {
            true => written_unread(name_only_row(error, step, arena)),
            false => name_only_row(error, step, arena),
        })?;
        if let (Step::Insert(insert), Some(is_rowid)) = (step, done.is_rowid) {
            executed.learned.note(insert.table, is_rowid);
        }
        executed.steps.push(done);
    }
    Ok(executed)
}

async fn run(step: &mut Step, database: &mut Database<'_>, executed: &Executed) -> Result<Done> {
    match step {
        Step::Insert(insert) => match insert.connect {
            Some(by) => connect::run((insert, by), database, executed).await,
            None => insert::run(insert, database, executed).await,
        },
        Step::Update(update) => update::run(update, database, executed).await,
        Step::Delete(delete) => delete::run(delete, database).await.map(|()| Done::default()),
        Step::Link(links) => run_links(links, database, executed).await.map(|()| Done::default()),
    }
}

/// The error of a statement that was a transaction by itself, of which only the answer could not be read.
fn written_unread(error: Error) -> Error {
    let message = format!("the rows are written, but what the database made of them cannot be read: {error}");
    error.context(message)
}

/// Where a step writes one row, its error is about that row; of several, databases do not say which.
fn name_only_row(error: Error, step: &Step, arena: &Arena) -> Error {
    let entity = match step {
        Step::Insert(Insert { table, rows, .. }) if rows.len() == 1 => format!("{} (new)", table.model),
        Step::Update(Update { table, rows, .. }) if rows.len() == 1 => {
            blame::named(table, &rows[0].known_key(arena, table))
        }
        Step::Delete(Delete { table, rows }) if rows.len() == 1 => blame::name(table, &rows[0].key),
        Step::Insert(_) | Step::Update(_) | Step::Delete(_) | Step::Link(_) => return error,
    };
    error.with_entity(entity)
}
