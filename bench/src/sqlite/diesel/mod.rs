//! diesel, on the task's own thread.
mod work;

use super::{PRAGMAS, pool::Pool};
use crate::{
    Result,
    data::{User, new_users},
    harness::{BoxFuture, Contender, ROWS_PER_REQUEST, Run, Workload},
    tables::users,
};
use ::diesel::{
    Connection, ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl, SqliteConnection,
    connection::{SimpleConnection, TransactionManager},
};

type Manager = <SqliteConnection as Connection>::TransactionManager;

/// One connection for what comes one after the other, and a pool for what comes at once.
pub(super) struct Diesel {
    connection: SqliteConnection,
    pool: Pool<SqliteConnection>,
}

impl Diesel {
    pub(super) fn open(file: &str) -> Result<Self> {
        Ok(Self { connection: open(file)?, pool: Pool::new(file, open) })
    }
}

fn open(file: &str) -> Result<SqliteConnection> {
    let mut connection = SqliteConnection::establish(file)?;
    connection.batch_execute(PRAGMAS)?;
    Ok(connection)
}

impl Contender for Diesel {
    fn name(&self) -> &'static str {
        "diesel"
    }

    fn work<'a>(&'a mut self, workload: Workload, run: &'a mut Run) -> BoxFuture<'a, Result<()>> {
        let connection = &mut self.connection;
        match workload {
            Workload::Values | Workload::Entities | Workload::Again => Box::pin(work::load(connection, run)),
            Workload::SelectIn => Box::pin(work::select_in(connection, run)),
            Workload::SelectInLevels => Box::pin(work::select_in_levels(connection, run)),
            Workload::Joined => Box::pin(work::joined(connection, run)),
            Workload::JoinedLevels => Box::pin(work::joined_levels(connection, run)),
            Workload::Insert => Box::pin(insert(connection, run)),
            Workload::Get => Box::pin(work::get(connection, run)),
            // It has no memory of what was loaded.
            Workload::Known => Box::pin(async { Ok(()) }),
            Workload::Change => Box::pin(work::change(connection, run)),
            Workload::Walk => Box::pin(work::walk(connection, run)),
            Workload::Memory | Workload::MemoryOfColumns => Box::pin(work::memory(connection, run)),
            Workload::Readers => Box::pin(self.pool.read(run, request, None)),
            Workload::ReadersAndWriter => Box::pin(self.pool.read(run, request, Some(write))),
        }
    }
}

async fn begin(connection: &mut SqliteConnection) -> QueryResult<()> {
    Manager::begin_transaction(connection)
}

async fn commit(connection: &mut SqliteConnection) -> QueryResult<()> {
    Manager::commit_transaction(connection)
}

/// One statement for each row: its text is the same, so that it is prepared once.
async fn insert(connection: &mut SqliteConnection, run: &mut Run) -> Result<()> {
    let rows = new_users(run.size);
    let keys = run.time_blocking(|| {
        connection.transaction(|connection| {
            let insert = |(name, hair)| {
                let row = (users::name.eq(name), users::hair_color.eq(hair));
                ::diesel::insert_into(users::table).values(row).returning(users::id).get_result(connection)
            };
            rows.clone().map(insert).collect::<QueryResult<Vec<i64>>>()
        })
    })?;
    run.check_written(keys.into_iter().zip(rows.map(|(name, _)| name)));
    Ok(())
}

fn request(connection: &mut SqliteConnection, first: i64) -> Result<usize> {
    let range = users::id.between(first, first + ROWS_PER_REQUEST - 1);
    let users: Vec<User> = users::table.filter(range).load(connection)?;
    Ok(users.len())
}

fn write(connection: &mut SqliteConnection, color: &str) -> Result<()> {
    ::diesel::update(users::table.find(1)).set(users::hair_color.eq(color)).execute(connection)?;
    Ok(())
}
