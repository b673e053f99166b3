//! `orm`: with sessions, and as plain values.
mod concurrent;
mod load;
mod models;
mod related;
mod values;
mod write;

use crate::{
    Result,
    harness::{BoxFuture, Contender, Run, Workload},
};
use orm::{Db, DbOptions};

pub use models::{Comment, Post, User};

/// `orm` with a session for each piece of work.
pub struct Sessions(Db);

/// `orm` without sessions: what a query gives are plain structs.
pub struct Values(Db);

impl Sessions {
    /// Connects.
    pub async fn connect(url: &str) -> Result<Self> {
        Ok(Self(Db::connect(DbOptions::new(url)).await?))
    }
}

impl Values {
    /// Connects.
    pub async fn connect(url: &str) -> Result<Self> {
        Ok(Self(Db::connect(DbOptions::new(url)).await?))
    }
}

impl Contender for Sessions {
    fn name(&self) -> &'static str {
        "orm"
    }

    fn work<'a>(&'a mut self, workload: Workload, run: &'a mut Run) -> BoxFuture<'a, Result<()>> {
        let db = &self.0;
        match workload {
            Workload::Values => Box::pin(values::load(db, run)),
            Workload::Entities => Box::pin(load::entities(db, run)),
            Workload::Again => Box::pin(load::again(db, run)),
            Workload::SelectIn => Box::pin(related::select_in(db, run)),
            Workload::SelectInLevels => Box::pin(related::select_in_levels(db, run)),
            Workload::Joined => Box::pin(related::joined(db, run)),
            Workload::JoinedLevels => Box::pin(related::joined_levels(db, run)),
            Workload::Insert => Box::pin(write::insert(db, run)),
            Workload::Get => Box::pin(load::get(db, run)),
            Workload::Known => Box::pin(load::known(db, run)),
            Workload::Change => Box::pin(write::change(db, run)),
            Workload::Walk => Box::pin(related::walk(db, run)),
            Workload::Memory => Box::pin(load::memory(db, run, size_of::<User>())),
            Workload::MemoryOfColumns => Box::pin(load::memory(db, run, size_of::<crate::data::User>())),
            Workload::Readers => Box::pin(concurrent::readers(db, run)),
            Workload::ReadersAndWriter => Box::pin(concurrent::readers_and_writer(db, run)),
        }
    }
}

impl Contender for Values {
    fn name(&self) -> &'static str {
        "orm-values"
    }

    fn work<'a>(&'a mut self, workload: Workload, run: &'a mut Run) -> BoxFuture<'a, Result<()>> {
        let db = &self.0;
        match workload {
            Workload::Values => Box::pin(values::load(db, run)),
            Workload::SelectIn => Box::pin(values::select_in(db, run)),
            Workload::SelectInLevels => Box::pin(values::select_in_levels(db, run)),
            Workload::Joined => Box::pin(values::joined(db, run)),
            Workload::JoinedLevels => Box::pin(values::joined_levels(db, run)),
            Workload::Insert => Box::pin(values::insert(db, run)),
            Workload::Get => Box::pin(values::get(db, run)),
            Workload::Memory => Box::pin(values::memory(db, run, size_of::<User>())),
            Workload::MemoryOfColumns => Box::pin(values::memory(db, run, size_of::<crate::data::User>())),
            // A session's work.
            Workload::Entities
            | Workload::Again
            | Workload::Known
            | Workload::Change
            | Workload::Walk
            | Workload::Readers
            | Workload::ReadersAndWriter => Box::pin(async { Ok(()) }),
        }
    }
}
