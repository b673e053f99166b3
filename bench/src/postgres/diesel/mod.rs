//! diesel over libpq, on the task's own thread.
mod work;

use crate::{
    Result,
    data::new_users,
    harness::{BoxFuture, Contender, Run, Workload},
    tables::users,
};
use ::diesel::{Connection, ExpressionMethods, PgConnection, QueryResult, RunQueryDsl, connection::TransactionManager};

type Manager = <PgConnection as Connection>::TransactionManager;

/// The most rows of one statement; PostgreSQL takes 65,535 values.
const ROWS: usize = 30_000;

/// One connection.
pub(super) struct Diesel(PgConnection);

impl Diesel {
    pub(super) fn connect(url: &str) -> Result<Self> {
        Ok(Self(PgConnection::establish(url)?))
    }
}

impl Contender for Diesel {
    fn name(&self) -> &'static str {
        "diesel"
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

async fn begin(connection: &mut PgConnection) -> QueryResult<()> {
    Manager::begin_transaction(connection)
}

async fn commit(connection: &mut PgConnection) -> QueryResult<()> {
    Manager::commit_transaction(connection)
}

async fn insert(connection: &mut PgConnection, run: &mut Run) -> Result<()> {
    let rows = new_users(run.size);
    let keys = run.time_blocking(|| {
        let columns = |(name, hair)| (users::name.eq(name), users::hair_color.eq(hair));
        let rows: Vec<_> = rows.clone().map(columns).collect();
        let insert_all = |connection: &mut PgConnection| {
            let mut keys: Vec<i64> = Vec::with_capacity(rows.len());
            for rows in rows.chunks(ROWS) {
                let insert = ::diesel::insert_into(users::table).values(rows).returning(users::id);
                keys.extend(insert.get_results::<i64>(connection)?);
            }
            QueryResult::Ok(keys)
        };
        // One statement is a transaction of its own.
        if rows.len() <= ROWS { insert_all(connection) } else { connection.transaction(insert_all) }
    })?;
    run.check_written(keys.into_iter().zip(rows.map(|(name, _)| name)));
    Ok(())
}
