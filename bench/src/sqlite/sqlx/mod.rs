//! sqlx with SQL of one's own: for each workload the variant that was the fastest of those measured.
mod concurrent;
mod work;
mod write;

use crate::{
    Result,
    harness::{BoxFuture, Contender, Run, Workload},
};
use ::futures_util::TryStreamExt;
use ::sqlx::{
    QueryBuilder, Sqlite, SqliteConnection, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
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
            Workload::Values | Workload::Entities | Workload::Again => Box::pin(work::load(connection, run)),
            Workload::SelectIn => Box::pin(work::select_in(connection, run)),
            Workload::SelectInLevels => Box::pin(work::select_in_levels(connection, run)),
            Workload::Joined => Box::pin(work::joined(connection, run)),
            Workload::JoinedLevels => Box::pin(work::joined_levels(connection, run)),
            Workload::Insert => Box::pin(write::insert(connection, run)),
            Workload::Get => Box::pin(work::get(connection, run)),
            // It has no memory of what was loaded.
            Workload::Known => Box::pin(async { Ok(()) }),
            Workload::Change => Box::pin(write::change(connection, run)),
            Workload::Walk => Box::pin(work::walk(connection, run)),
            Workload::Memory | Workload::MemoryOfColumns => Box::pin(work::memory(connection, run)),
            Workload::Readers => Box::pin(concurrent::readers(&self.pool, run)),
            Workload::ReadersAndWriter => Box::pin(concurrent::readers_and_writer(&self.pool, run)),
        }
    }
}

/// The most keys of one statement; SQLite takes 32,766.
const KEYS: usize = 10_000;

/// Rows by foreign keys.
async fn children<T>(
    connection: &mut SqliteConnection,
    select: &str,
    keys: &[i64],
    read: impl Fn(&SqliteRow) -> ::sqlx::Result<T>,
) -> ::sqlx::Result<Vec<T>> {
    let mut found = Vec::new();
    for keys in keys.chunks(KEYS) {
        let mut select = QueryBuilder::new(select);
        let mut list = select.push(" IN (").separated(", ");
        for key in keys {
            list.push_bind(*key);
        }
        list.push_unseparated(")");
        let mut rows = select.build().fetch(&mut *connection);
        while let Some(row) = rows.try_next().await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}
