//! PostgreSQL: a database for each contender, copied from one that was filled once.
mod diesel;
mod diesel_async;
mod keeper;
mod server;
mod sqlx;
mod tokio_postgres;

use crate::{
    Result,
    harness::{BoxFuture, Contender, Entrant, Keeper, Place, Workload},
    ours, sea_orm,
};
use server::Server;

/// A server, and the databases made there.
pub struct Postgres(Server);

impl Postgres {
    /// The server at a URL that ends in the name of a database.
    pub async fn new(url: String) -> Result<Self> {
        Ok(Self(Server::connect(url).await?))
    }
}

impl Place for Postgres {
    fn title(&self) -> &'static str {
        "PostgreSQL"
    }

    fn names(&self) -> &'static [&'static str] {
        &["tokio-postgres", "orm", "orm-values", "sqlx", "diesel", "diesel-async", "sea-orm"]
    }

    /// Sessions at once are measured where the library has a pool of its own, on SQLite.
    fn has(&self, workload: Workload) -> bool {
        !matches!(workload, Workload::Readers | Workload::ReadersAndWriter)
    }

    fn enter<'a>(&'a mut self, name: &'static str, users: usize) -> BoxFuture<'a, Result<Entrant>> {
        Box::pin(async move {
            let url = self.0.copy(users).await?;
            let keeper = keeper::PostgresKeeper::connect(&url, users).await?;
            Ok((connect(name, &url).await?, Box::new(keeper) as Box<dyn Keeper>))
        })
    }

    fn leave(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.0.drop_all())
    }
}

async fn connect(name: &str, url: &str) -> Result<Box<dyn Contender>> {
    Ok(match name {
        "tokio-postgres" => Box::new(tokio_postgres::TokioPostgres::connect(url).await?),
        "orm" => Box::new(ours::Sessions::connect(url).await?),
        "orm-values" => Box::new(ours::Values::connect(url).await?),
        "sqlx" => Box::new(sqlx::Sqlx::connect(url).await?),
        "diesel" => Box::new(diesel::Diesel::connect(url)?),
        "diesel-async" => Box::new(diesel_async::DieselAsync::connect(url).await?),
        "sea-orm" => Box::new(sea_orm::SeaOrm::connect(url).await?),
        _ => return Err(format!("{name} does not take part on PostgreSQL").into()),
    })
}
