//! Looks at a database and tidies it up, by a connection of its own.
use crate::{
    Result,
    harness::{BoxFuture, Keeper},
};
use ::sqlx::{Connection, MySqlConnection, query, query_as, query_scalar, raw_sql};

/// The keeper of one database.
pub(super) struct MariaDbKeeper {
    connection: MySqlConnection,
    users: i64,
}

impl MariaDbKeeper {
    pub(super) async fn connect(url: &str, users: usize) -> Result<Self> {
        Ok(Self { connection: MySqlConnection::connect(url).await?, users: users as i64 })
    }
}

impl Keeper for MariaDbKeeper {
    fn inserted(&mut self) -> BoxFuture<'_, Result<Vec<(i64, String)>>> {
        Box::pin(async {
            let select = query_as("SELECT id, name FROM users WHERE id > ?").bind(self.users);
            Ok(select.fetch_all(&mut self.connection).await?)
        })
    }

    fn dyed(&mut self, round: u64) -> BoxFuture<'_, Result<i64>> {
        Box::pin(async move {
            let count = "SELECT count(*) FROM users WHERE hair_color = CONCAT('dyed ', id, ' in round ', ?)";
            Ok(query_scalar(count).bind(round.to_string()).fetch_one(&mut self.connection).await?)
        })
    }

    fn restore(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            query("DELETE FROM users WHERE id > ?").bind(self.users).execute(&mut self.connection).await?;
            Ok(())
        })
    }

    fn tidy(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            raw_sql("ANALYZE TABLE users").execute(&mut self.connection).await?;
            Ok(())
        })
    }
}
