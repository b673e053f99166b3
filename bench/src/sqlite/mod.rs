//! SQLite: a file for each contender, in a temporary directory, all with the same pragmas.
mod diesel;
mod keeper;
mod pool;
mod rusqlite;
mod sqlx;
mod template;

use crate::{
    Result,
    harness::{BoxFuture, Contender, Entrant, Keeper, Place, Workload},
    ours, sea_orm,
};
use std::path::PathBuf;
use tempfile::TempDir;

/// What every connection is told. The journal is set in the file.
const PRAGMAS: &str = "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;";

/// A directory of database files.
pub struct Sqlite {
    directory: TempDir,
    made: usize,
}

impl Sqlite {
    /// An empty directory.
    ///
    /// # Errors
    /// There is no place for one.
    pub fn new() -> Result<Self> {
        Ok(Self { directory: TempDir::with_prefix("orm-bench-")?, made: 0 })
    }

    /// A copy of the file with so many users.
    fn copy(&mut self, users: usize) -> Result<PathBuf> {
        let template = self.directory.path().join(format!("template-{users}.db"));
        if !template.exists() {
            template::make(&template, users)?;
        }
        self.made += 1;
        let copy = self.directory.path().join(format!("{}.db", self.made));
        std::fs::copy(template, &copy)?;
        Ok(copy)
    }
}

impl Place for Sqlite {
    fn title(&self) -> &'static str {
        "SQLite"
    }

    fn names(&self) -> &'static [&'static str] {
        &["rusqlite", "orm", "orm-values", "sqlx", "diesel", "sea-orm"]
    }

    fn has(&self, _: Workload) -> bool {
        true
    }

    fn enter<'a>(&'a mut self, name: &'static str, users: usize) -> BoxFuture<'a, Result<Entrant>> {
        Box::pin(async move {
            let file = self.copy(users)?.to_string_lossy().into_owned();
            let keeper = keeper::SqliteKeeper::open(&file, users)?;
            Ok((connect(name, &file).await?, Box::new(keeper) as Box<dyn Keeper>))
        })
    }

    /// The directory goes with its value.
    fn leave(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { Ok(()) })
    }
}

async fn connect(name: &str, file: &str) -> Result<Box<dyn Contender>> {
    let url = format!("sqlite://{file}");
    Ok(match name {
        "rusqlite" => Box::new(rusqlite::Rusqlite::open(file)?),
        "orm" => Box::new(ours::Sessions::connect(&url).await?),
        "orm-values" => Box::new(ours::Values::connect(&url).await?),
        "sqlx" => Box::new(sqlx::Sqlx::open(file).await?),
        "diesel" => Box::new(diesel::Diesel::open(file)?),
        "sea-orm" => Box::new(sea_orm::SeaOrm::connect(&url).await?),
        _ => return Err(format!("{name} does not take part on SQLite").into()),
    })
}
