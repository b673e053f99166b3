//! PostgreSQL, with toasty.
#[path = "../../src/postgres/keeper.rs"]
mod keeper;
#[path = "../../src/postgres/server.rs"]
mod server;
#[path = "../../src/postgres/tokio_postgres/mod.rs"]
mod tokio_postgres;

use crate::{
    Result,
    contender::Toasty,
    harness::{BoxFuture, Entrant, Place, Workload},
};
use server::Server;

/// A PostgreSQL server.
pub struct Postgres(Server);

impl Postgres {
    /// The server at a URL that ends in the name of a database.
    ///
    /// # Errors
    /// It cannot be reached.
    pub async fn new(url: String) -> Result<Self> {
        Ok(Self(Server::connect(url).await?))
    }
}

impl Place for Postgres {
    fn title(&self) -> &'static str {
        "PostgreSQL, toasty"
    }

    fn names(&self) -> &'static [&'static str] {
        &["tokio-postgres", "toasty"]
    }

    fn has(&self, workload: Workload) -> bool {
        Toasty::can(workload)
    }

    fn enter<'a>(&'a mut self, name: &'static str, users: usize) -> BoxFuture<'a, Result<Entrant>> {
        Box::pin(async move {
            let url = self.0.copy(users).await?;
            let keeper = Box::new(keeper::PostgresKeeper::connect(&url, users).await?);
            if name == "tokio-postgres" {
                return Ok((Box::new(tokio_postgres::TokioPostgres::connect(&url).await?) as _, keeper as _));
            }
            Ok((Box::new(Toasty::postgres(&url).await?) as _, keeper as _))
        })
    }

    fn leave(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.0.drop_all())
    }
}
