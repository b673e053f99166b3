//! The floor: rusqlite, prepared statements, plain loops, no thread but the task's own.
mod read;
mod related;
mod write;

use super::{PRAGMAS, pool::Pool};
use crate::{
    Result,
    harness::{BoxFuture, Contender, Run, Workload},
};
use ::rusqlite::Connection;

/// One connection for what comes one after the other, and a pool for what comes at once.
pub(super) struct Rusqlite {
    connection: Connection,
    pool: Pool<Connection>,
}

impl Rusqlite {
    pub(super) fn open(file: &str) -> Result<Self> {
        Ok(Self { connection: open(file)?, pool: Pool::new(file, open) })
    }
}

impl Contender for Rusqlite {
    fn name(&self) -> &'static str {
        "rusqlite"
    }

    fn work<'a>(&'a mut self, workload: Workload, run: &'a mut Run) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let connection = &mut self.connection;
            match workload {
                Workload::Values | Workload::Entities | Workload::Again => read::load(connection, run),
                Workload::SelectIn => related::select_in(connection, run),
                Workload::SelectInLevels => related::select_in_levels(connection, run),
                Workload::Joined => related::joined(connection, run),
                Workload::JoinedLevels => related::joined_levels(connection, run),
                Workload::Insert => write::insert(connection, run),
                Workload::Get => read::get(connection, run),
                // It has no memory of what was loaded.
                Workload::Known => Ok(()),
                Workload::Change => write::change(connection, run),
                Workload::Walk => related::walk(connection, run),
                Workload::Memory | Workload::MemoryOfColumns => read::memory(connection, run),
                Workload::Readers => self.pool.read(run, read::request, None).await,
                Workload::ReadersAndWriter => self.pool.read(run, read::request, Some(write::one)).await,
            }
        })
    }
}

fn open(file: &str) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.execute_batch(PRAGMAS)?;
    Ok(connection)
}
