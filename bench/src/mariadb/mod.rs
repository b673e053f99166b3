//! MariaDB: a database for each contender.
mod keeper;
mod server;
mod sqlx;

use crate::{
    Result,
    harness::{BoxFuture, Contender, Entrant, Keeper, Place, Workload},
    ours, sea_orm,
};
use server::Server;

/// A server, and the databases made there.
pub struct MariaDb(Server);

impl MariaDb {
    /// The server at a URL that ends in its port.
    pub async fn new(url: String) -> Result<Self> {
        Ok(Self(Server::connect(url).await?))
    }
}

impl Place for MariaDb {
    fn title(&self) -> &'static str {
        "MariaDB"
    }

    fn names(&self) -> &'static [&'static str] {
        &["sqlx", "orm", "orm-values", "sea-orm"]
    }

    /// Sessions at once are measured on SQLite.
    fn has(&self, workload: Workload) -> bool {
        !matches!(workload, Workload::Readers | Workload::ReadersAndWriter)
    }

    fn enter<'a>(&'a mut self, name: &'static str, users: usize) -> BoxFuture<'a, Result<Entrant>> {
        Box::pin(async move {
            let url = self.0.fill(users).await?;
            let keeper = keeper::MariaDbKeeper::connect(&url, users).await?;
            Ok((connect(name, &url).await?, Box::new(keeper) as Box<dyn Keeper>))
        })
    }

    fn leave(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.0.drop_all())
    }
}

async fn connect(name: &str, url: &str) -> Result<Box<dyn Contender>> {
    Ok(match name {
        "sqlx" => Box::new(sqlx::Sqlx::connect(url).await?),
        "orm" => Box::new(ours::Sessions::connect(url).await?),
        "orm-values" => Box::new(ours::Values::connect(url).await?),
        "sea-orm" => Box::new(sea_orm::SeaOrm::connect(url).await?),
        _ => return Err(format!("{name} does not take part on MariaDB").into()),
    })
}
