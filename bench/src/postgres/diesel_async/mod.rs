//! diesel-async, over tokio-postgres.
mod work;

use crate::{
    Result,
    data::new_users,
    harness::{BoxFuture, Contender, Run, Workload},
    tables::users,
};
use ::diesel::{ExpressionMethods, QueryResult};
use ::diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, TransactionManager};

type Manager = <AsyncPgConnection as AsyncConnection>::TransactionManager;

/// The most rows of one statement; PostgreSQL takes 65,535 values.
const ROWS: usize = 30_000;

/// One connection.
pub(super) struct DieselAsync(AsyncPgConnection);

impl DieselAsync {
    pub(super) async fn connect(url: &str) -> Result<Self> {
        Ok(Self(AsyncPgConnection::establish(url).await?))
    }
}

impl Contender for DieselAsync {
    fn name(&self) -> &'static str {
        "diesel-async"
    }

    fn work<'a>(&'a mut self, workload: Workload, run: &'a mut Run) -> BoxFuture<'a, Result<()>> {
        let connection = &mut self.0;
        match workload {
            Workload::Values | Workload::Entities | Workload::Again => Box::pin(work::load(connection, run)),
            Workload::SelectIn => Box::pin(work::select_in(connection, run)),
            Workload::SelectInLevels => Box::pin(work::select_in_levels(connection, run)),
            Workload::Joined => Box::pin(work::joined(connection, run)),
            Workload::JoinedLevels => Box::pin(work::joined_levels(connection, run)),
            Workload::Insert => Box::pin(insert(connection, run)),
            Workload::Get => Box::pin(work::get(connection, run)),
            Workload::Change => Box::pin(work::change(connection, run)),
            Workload::Walk => Box::pin(work::walk(connection, run)),
            Workload::Memory | Workload::MemoryOfColumns => Box::pin(work::memory(connection, run)),
            // It has no memory of what was loaded; sessions at once are measured on SQLite.
            Workload::Known | Workload::Readers | Workload::ReadersAndWriter => Box::pin(async { Ok(()) }),
        }
    }
}

async fn begin(connection: &mut AsyncPgConnection) -> QueryResult<()> {
    Manager::begin_transaction(connection).await
}

async fn commit(connection: &mut AsyncPgConnection) -> QueryResult<()> {
    Manager::commit_transaction(connection).await
}

async fn insert(connection: &mut AsyncPgConnection, run: &mut Run) -> Result<()> {
    let rows = new_users(run.size);
    let keys = run.time(insert_all(connection, rows.clone())).await?;
    run.check_written(keys.into_iter().zip(rows.map(|(name, _)| name)));
    Ok(())
}

/// One statement is a transaction of its own.
async fn insert_all(
    connection: &mut AsyncPgConnection,
    rows: impl Iterator<Item = (String, Option<String>)>,
) -> QueryResult<Vec<i64>> {
    let rows: Vec<_> = rows.map(|(name, hair)| (users::name.eq(name), users::hair_color.eq(hair))).collect();
    let (mut keys, several) = (Vec::with_capacity(rows.len()), rows.len() > ROWS);
    if several {
        begin(connection).await?;
    }
    for rows in rows.chunks(ROWS) {
        let insert = ::diesel::insert_into(users::table).values(rows).returning(users::id);
        keys.extend(insert.get_results::<i64>(connection).await?);
    }
    if several {
        commit(connection).await?;
    }
    Ok(keys)
}
