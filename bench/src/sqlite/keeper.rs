//! Looks at a file and tidies it up, by a connection of its own.
use super::PRAGMAS;
use crate::{
    Result,
    harness::{BoxFuture, Keeper},
};
use ::rusqlite::Connection;

/// The keeper of one file.
pub(super) struct SqliteKeeper {
    connection: Connection,
    users: usize,
}

impl SqliteKeeper {
    pub(super) fn open(file: &str, users: usize) -> Result<Self> {
        let connection = Connection::open(file)?;
        connection.execute_batch(PRAGMAS)?;
        Ok(Self { connection, users })
    }

    fn find_inserted(&self) -> ::rusqlite::Result<Vec<(i64, String)>> {
        let mut select = self.connection.prepare("SELECT id, name FROM users WHERE id > ?")?;
        select.query_map([self.users as i64], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }

    fn count_dyed(&self, round: u64) -> ::rusqlite::Result<i64> {
        let sql = "SELECT count(*) FROM users WHERE hair_color = 'dyed ' || id || ' in round ' || ?";
        self.connection.query_row(sql, [round.to_string()], |row| row.get(0))
    }
}

impl Keeper for SqliteKeeper {
    fn inserted(&mut self) -> BoxFuture<'_, Result<Vec<(i64, String)>>> {
        let found = self.find_inserted();
        Box::pin(async { Ok(found?) })
    }

    fn dyed(&mut self, round: u64) -> BoxFuture<'_, Result<i64>> {
        let found = self.count_dyed(round);
        Box::pin(async { Ok(found?) })
    }

    fn restore(&mut self) -> BoxFuture<'_, Result<()>> {
        let done = self.connection.execute("DELETE FROM users WHERE id > ?", [self.users as i64]);
        Box::pin(async {
            done?;
            Ok(())
        })
    }

    fn tidy(&mut self) -> BoxFuture<'_, Result<()>> {
        let done = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
        Box::pin(async { Ok(done?) })
    }
}
