//! SeaORM, on any of the databases.
mod concurrent;
mod models;
mod read;
mod related;
mod write;

use crate::{
    Result,
    harness::{BoxFuture, Contender, Run, Workload},
};
use ::sea_orm::{ConnectOptions, Database, DatabaseConnection};

/// A pool of SeaORM.
pub struct SeaOrm(DatabaseConnection);

impl SeaOrm {
    /// Connects.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn connect(url: &str) -> Result<Self> {
        let mut options = ConnectOptions::new(url);
        options.max_connections(10).min_connections(1).test_before_acquire(false).sqlx_logging(false);
        options.map_sqlx_sqlite_opts(|sqlite| {
            let synchronous = sqlx::sqlite::SqliteSynchronous::Normal;
            sqlite.foreign_keys(true).synchronous(synchronous).row_buffer_size(500)
        });
        Ok(Self(Database::connect(options).await?))
    }
}

impl Contender for SeaOrm {
    fn name(&self) -> &'static str {
        "sea-orm"
    }

    fn work<'a>(&'a mut self, workload: Workload, run: &'a mut Run) -> BoxFuture<'a, Result<()>> {
        let db = &self.0;
        match workload {
            Workload::Values | Workload::Entities | Workload::Again => Box::pin(read::load(db, run)),
            Workload::SelectIn => Box::pin(related::select_in(db, run)),
            Workload::SelectInLevels => Box::pin(related::select_in_levels(db, run)),
            Workload::Joined => Box::pin(related::joined(db, run)),
            Workload::JoinedLevels => Box::pin(related::joined_levels(db, run)),
            Workload::Insert => Box::pin(write::insert(db, run)),
            Workload::Get => Box::pin(read::get(db, run)),
            // It has no memory of what was loaded.
            Workload::Known => Box::pin(async { Ok(()) }),
            Workload::Change => Box::pin(write::change(db, run)),
            Workload::Walk => Box::pin(related::walk(db, run)),
            Workload::Memory | Workload::MemoryOfColumns => Box::pin(read::memory(db, run, workload)),
            Workload::Readers => Box::pin(concurrent::readers(db, run)),
            Workload::ReadersAndWriter => Box::pin(concurrent::readers_and_writer(db, run)),
        }
    }
}
