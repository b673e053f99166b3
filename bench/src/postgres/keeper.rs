//! Looks at a database and tidies it up, by a connection of its own.
use super::server::client;
use crate::{
    Result,
    harness::{BoxFuture, Keeper},
};
use ::tokio_postgres::Client;

/// The keeper of one database.
pub(super) struct PostgresKeeper {
    client: Client,
    users: i64,
}

impl PostgresKeeper {
    pub(super) async fn connect(url: &str, users: usize) -> Result<Self> {
        Ok(Self { client: client(url).await?, users: users as i64 })
    }
}

impl Keeper for PostgresKeeper {
    fn inserted(&mut self) -> BoxFuture<'_, Result<Vec<(i64, String)>>> {
        Box::pin(async {
            let rows = self.client.query("SELECT id, name FROM users WHERE id > $1", &[&self.users]).await?;
            Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
        })
    }

    fn dyed(&mut self, round: u64) -> BoxFuture<'_, Result<i64>> {
        Box::pin(async move {
            let count = "SELECT count(*) FROM users WHERE hair_color = 'dyed ' || id || ' in round ' || $1::TEXT";
            Ok(self.client.query_one(count, &[&round.to_string()]).await?.get(0))
        })
    }

    fn restore(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            self.client.execute("DELETE FROM users WHERE id > $1", &[&self.users]).await?;
            Ok(())
        })
    }

    fn tidy(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { Ok(self.client.batch_execute("VACUUM ANALYZE users").await?) })
    }
}
