//! SQLite through rusqlite: statements are stepped in one place, and no row crosses a channel.
mod away;
mod bind;
mod connection;
#[cfg(feature = "rust_decimal")]
mod decimal;
mod error;
mod file;
#[cfg(any(feature = "chrono", feature = "time"))]
mod iso;
mod open;
mod pace;
mod patience;
mod row;
mod step;
mod stream;

use super::{BoxFuture, Connection, DbOptions, Dialect, Driver, pool::Pool};
use crate::error::Result;
use connection::SqliteConnection;
use open::Opener;
use std::sync::Arc;

struct SqliteDriver {
    pool: Arc<Pool<Opener>>,
}

pub(super) async fn connect(options: &DbOptions) -> Result<Arc<dyn Driver>> {
    let opener = Opener::new(options)?;
    Ok(Arc::new(SqliteDriver { pool: Pool::connect(opener, options).await? }))
}

impl Driver for SqliteDriver {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>>> {
        Box::pin(async {
            let (raw, lease) = self.pool.acquire().await?;
            Ok(Box::new(SqliteConnection::new(raw, lease)) as Box<dyn Connection>)
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.pool.close();
        Box::pin(std::future::ready(()))
    }
}
