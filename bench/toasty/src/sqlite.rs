//! SQLite, with toasty.
#[path = "../../src/sqlite/keeper.rs"]
mod keeper;
#[path = "../../src/sqlite/pool.rs"]
mod pool;
#[path = "../../src/sqlite/rusqlite/mod.rs"]
mod rusqlite;
#[path = "../../src/sqlite/template.rs"]
mod template;

use crate::{
    Result,
    contender::Toasty,
    harness::{BoxFuture, Entrant, Place, Workload},
};
use tempfile::TempDir;

/// What every connection is told. The journal is set in the file.
const PRAGMAS: &str = "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;";

/// A directory of database files.
pub struct Sqlite(TempDir);

impl Sqlite {
    /// An empty directory.
    ///
    /// # Errors
    /// There is no place for one.
    pub fn new() -> Result<Self> {
        Ok(Self(TempDir::with_prefix("orm-bench-toasty-")?))
    }

    fn copy(&self, name: &str, users: usize) -> Result<String> {
        let template = self.0.path().join(format!("template-{users}.db"));
        if !template.exists() {
            template::make(&template, users)?;
        }
        let copy = self.0.path().join(format!("{name}-{users}.db"));
        std::fs::copy(template, &copy)?;
        Ok(copy.to_string_lossy().into_owned())
    }
}

impl Place for Sqlite {
    fn title(&self) -> &'static str {
        "SQLite, toasty"
    }

    fn names(&self) -> &'static [&'static str] {
        &["rusqlite", "toasty"]
    }

    fn has(&self, workload: Workload) -> bool {
        Toasty::can(workload)
    }

    fn enter<'a>(&'a mut self, name: &'static str, users: usize) -> BoxFuture<'a, Result<Entrant>> {
        Box::pin(async move {
            let file = self.copy(name, users)?;
            let keeper = Box::new(keeper::SqliteKeeper::open(&file, users)?);
            if name == "rusqlite" {
                return Ok((Box::new(rusqlite::Rusqlite::open(&file)?) as _, keeper as _));
            }
            Ok((Box::new(Toasty::sqlite(&file).await?) as _, keeper as _))
        })
    }

    fn leave(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { Ok(()) })
    }
}
