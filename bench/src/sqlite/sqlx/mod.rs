//! sqlx with SQL of one's own: for each workload the variant that was the fastest of those measured.
mod concurrent;
mod read;
mod related;
mod write;

use crate::{
    Result,
    harness::{BoxFuture, Contender, Run, Workload},
};
use ::sqlx::{
    Sqlite, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};

/// A pool, and one connection of it for what comes one after the other.
pub(super) struct Sqlx {
    connection: PoolConnection<Sqlite>,
    pool: SqlitePool,
}

impl Sqlx {
    pub(super) async fn open(file: &str) -> Result<Self> {
        let options = SqliteConnectOptions::new().filename(file);
        // Sends rows to the task in larger pieces than by default, which is faster.
        let options = options.foreign_keys(true).synchronous(SqliteSynchronous::Normal).row_buffer_size(500);
        let pool =
            SqlitePoolOptions::new().max_connections(10).test_before_acquire(false).connect_with(options).await?;
        Ok(Self { connection: pool.acquire().await?, pool })
    }
}

impl Contender for Sqlx {
    fn name(&self) -> &'static str {
        "sqlx"
    }

    fn work<'a>(&'a mut self, workload: Workload, run: &'a mut Run) -> BoxFuture<'a, Result<()>> {
        let connection = &mut *self.connection;
        match workload {
            Workload::Values | Workload::Entities | Workload::Again => Box::pin(read::load(connection, run)),
            Workload::SelectIn => Box::pin(related::select_in(connection, run)),
            Workload::SelectInLevels => Box::pin(related::select_in_levels(connection, run)),
            Workload::Joined => Box::pin(related::joined(connection, run)),
            Workload::JoinedLevels => Box::pin(related::joined_levels(connection, run)),
            Workload::Insert => Box::pin(write::insert(connection, run)),
            Workload::Get => Box::pin(read::get(connection, run)),
            // It has no memory of what was loaded.
            Workload::Known => Box::pin(async { Ok(()) }),
            Workload::Change => Box::pin(write::change(connection, run)),
            Workload::Walk => Box::pin(related::walk(connection, run)),
            Workload::Memory | Workload::MemoryOfColumns => Box::pin(read::memory(connection, run)),
            Workload::Readers => Box::pin(concurrent::readers(&self.pool, run)),
            Workload::ReadersAndWriter => Box::pin(concurrent::readers_and_writer(&self.pool, run)),
        }
    }
}
