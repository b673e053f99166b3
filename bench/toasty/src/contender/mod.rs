//! toasty.
mod models;
mod read;
mod related;
mod write;

use crate::{
    Result,
    harness::{BoxFuture, Contender, Run, Workload},
};
use models::{Comment, Post, User};
use toasty::Db;

/// toasty on a pool of one connection.
pub struct Toasty {
    db: Db,
    /// Whether queries may include relationships: on SQLite they panic (`todo!` in toasty 0.11) where keys are `i64`.
    includes: bool,
}

impl Toasty {
    /// What is worth a line: it has no memory of what was loaded, and sessions at once are measured elsewhere.
    pub(crate) fn can(workload: Workload) -> bool {
        !matches!(workload, Workload::Known | Workload::Readers | Workload::ReadersAndWriter)
    }

    /// On SQLite, told the same as the others are.
    pub(crate) async fn sqlite(file: &str) -> Result<Self> {
        let mut db = connect(&format!("sqlite:{file}")).await?;
        toasty::sql::statement("PRAGMA synchronous = NORMAL").exec(&mut db).await?;
        toasty::sql::statement("PRAGMA foreign_keys = ON").exec(&mut db).await?;
        Ok(Self { db, includes: false })
    }

    /// On PostgreSQL.
    pub(crate) async fn postgres(url: &str) -> Result<Self> {
        Ok(Self { db: connect(url).await?, includes: true })
    }
}

async fn connect(url: &str) -> Result<Db> {
    let mut builder = Db::builder();
    builder.models(toasty::models!(User, Post, Comment)).max_pool_size(1).pool_pre_ping(false);
    Ok(builder.connect(url).await?)
}

impl Contender for Toasty {
    fn name(&self) -> &'static str {
        "toasty"
    }

    fn work<'a>(&'a mut self, workload: Workload, run: &'a mut Run) -> BoxFuture<'a, Result<()>> {
        let db = &mut self.db;
        match workload {
            Workload::Values | Workload::Entities | Workload::Again => Box::pin(read::load(db, run)),
            Workload::SelectIn if self.includes => Box::pin(related::select_in(db, run)),
            Workload::SelectInLevels if self.includes => Box::pin(related::select_in_levels(db, run)),
            Workload::Insert => Box::pin(write::insert(db, run)),
            Workload::Get => Box::pin(read::get(db, run)),
            Workload::Change => Box::pin(write::change(db, run)),
            Workload::Walk => Box::pin(related::walk(db, run)),
            Workload::Memory => Box::pin(read::memory(db, run, size_of::<User>())),
            Workload::MemoryOfColumns => Box::pin(read::memory(db, run, size_of::<crate::data::User>())),
            // It has no memory of what was loaded, and no loading by a join.
            _ => Box::pin(async { Ok(()) }),
        }
    }
}
