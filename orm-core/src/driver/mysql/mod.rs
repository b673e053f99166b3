//! MySQL and MariaDB through sqlx.
mod bind;
mod columns;
mod error;
mod row;

use super::{
    Begin, BoxFuture, DbOptions, Dialect, Driver, IntoDriver, Isolation, Outcome, Sink,
    address::Address,
    pool::Open,
    wire::{self, Arguments, Raw, Server, Source},
};
use crate::{
    error::{Error, Result},
    value::Value,
};
use columns::Kind;
use futures_core::stream::BoxStream;
use row::MySqlRow;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection as _, Executor, MySql, MySqlPool,
    mysql::{self, MySqlConnectOptions, MySqlConnection, MySqlQueryResult},
};
use std::{
    str::FromStr,
    sync::{Arc, OnceLock},
    time::Duration,
};

/// What would be stored otherwise than given is an error, and a statement outside of a transaction is one by itself. sqlx sets
/// the character set and the time zone (UTC).
const SET_UP: &str =
    "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES,STRICT_TRANS_TABLES'), SESSION autocommit = 1";

/// The MariaDB from which on a trigger can leave a row out (MDEV-34724); it may be a later one.
const LEAVES_ROWS_OUT: (u32, u32) = (11, 5);

struct MySqlServer {
    source: Source<MySql>,
    /// As it is shown in errors.
    address: String,
    timeout: Duration,
    log_values: bool,
    /// Known from the first connection on.
    known: OnceLock<Known>,
}

/// What a server is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Known {
    dialect: Dialect,
    /// Whether its triggers can leave rows out.
    leaves_rows_out: bool,
}

impl Known {
    /// By what `VERSION()` says: `8.4.2`, `10.11.6-MariaDB-0+deb12u1`, `5.5.5-10.11.6-MariaDB`.
    fn by(version: &str) -> Self {
        let version = version.to_ascii_lowercase();
        if !version.contains("mariadb") {
            return Self { dialect: Dialect::MySql, leaves_rows_out: false };
        }
        let version = version.strip_prefix("5.5.5-").unwrap_or(&version);
        let mut numbers = version.split(|c: char| !c.is_ascii_digit()).map_while(|number| number.parse().ok());
        let leaves_rows_out = match (numbers.next(), numbers.next()) {
            (Some(major), Some(minor)) => (major, minor) >= LEAVES_ROWS_OUT,
            _ => true,
        };
        Self { dialect: Dialect::MariaDb, leaves_rows_out }
    }
}

pub(super) async fn connect(options: &DbOptions) -> Result<Arc<dyn Driver>> {
    let address = Address::shown(&options.url);
    let url = match options.url.strip_prefix("mariadb:") {
        Some(rest) => format!("mysql:{rest}"),
        None => options.url.clone(),
    };
    let parsed = MySqlConnectOptions::from_str(&url).map_err(|error| wire::unreachable(&address, error))?;
    // Statements are told to `tracing` by the meter, once.
    let parsed = parsed.statement_cache_capacity(options.statement_cache).disable_statement_logging();
    wire::connect(MySqlServer::new(Source::Address(Box::new(parsed)), address, options), options).await
}

impl IntoDriver for MySqlPool {
    fn into_driver(self, options: DbOptions) -> BoxFuture<'static, Result<Arc<dyn Driver>>> {
        Box::pin(async move {
            let options = options.max_connections(self.options().get_max_connections()).min_connections(0);
            let address = "the database of the pool".to_owned();
            wire::connect(MySqlServer::new(Source::Pool(self), address, &options), &options).await
        })
    }
}

impl MySqlServer {
    fn new(source: Source<MySql>, address: String, options: &DbOptions) -> Self {
        let (timeout, log_values) = (options.acquire_timeout, options.log_values);
        Self { source, address, timeout, log_values, known: OnceLock::new() }
    }

    async fn set_up(&self, raw: &mut Raw<MySql>) -> sqlx::Result<()> {
        if self.source.keeps() {
            sqlx::raw_sql(SET_UP).execute(raw.connection()).await?;
        } else if self.known.get().is_some() {
            return Ok(());
        }
        let about = sqlx::query_as("SELECT CONNECTION_ID(), VERSION()").persistent(false);
        let (id, version): (u64, String) = about.fetch_one(raw.connection()).await?;
        raw.id = self.source.keeps().then_some(id);
        self.known.get_or_init(|| Known::by(&version));
        Ok(())
    }
}

impl Open for MySqlServer {
    type Raw = Raw<MySql>;
    const ASK_AFTER: Option<Duration> = Some(wire::ASK_AFTER);

    fn open(&self) -> BoxFuture<'_, Result<Raw<MySql>>> {
        Box::pin(async {
            let unreachable = |error| wire::unreachable(&self.address, error);
            let mut raw = self.source.connect(self.timeout).await.map_err(unreachable)?;
            self.set_up(&mut raw).await.map_err(unreachable)?;
            Ok(raw)
        })
    }

    fn still_works<'a>(&'a self, raw: &'a mut Raw<MySql>) -> BoxFuture<'a, bool> {
        Box::pin(async move { raw.connection().ping().await.is_ok() })
    }

    fn keeps(&self) -> bool {
        self.source.keeps()
    }
}

impl Server for MySqlServer {
    type Db = MySql;
    type Columns = Vec<Kind>;
    const FAILS_AS_A_WHOLE: bool = false;

    fn dialect(&self) -> Dialect {
        self.known.get().map_or(Dialect::MySql, |known| known.dialect)
    }

    fn commits_alone(&self) -> bool {
        // A pool of the user's may have set `autocommit` to 0.
        self.source.keeps()
    }

    fn leaves_rows_out(&self) -> bool {
        self.known.get().is_none_or(|known| known.leaves_rows_out)
    }

    fn log_values(&self) -> bool {
        self.log_values
    }

    fn arguments(values: &[Value]) -> Result<Arguments<Self>> {
        bind::arguments(values)
    }

    fn send(
        connection: &mut MySqlConnection,
        sql: Arc<str>,
        arguments: Arguments<Self>,
    ) -> BoxStream<'_, wire::Answer<Self>> {
        connection.fetch_many(sqlx::query_with(AssertSqlSafe(sql), arguments))
    }

    fn send_for_one(
        connection: &mut MySqlConnection,
        sql: Arc<str>,
        arguments: Arguments<Self>,
    ) -> BoxFuture<'_, sqlx::Result<Option<mysql::MySqlRow>>> {
        // sqlx's own function leaves the end of the answer to the next statement.
        Box::pin(async move {
            let (mut answers, mut found) = (Self::send(connection, sql, arguments), None);
            while let Some(answer) = wire::next::<Self>(&mut answers).await {
                found = answer?.right().or(found);
            }
            Ok(found)
        })
    }

    fn send_text(connection: &mut MySqlConnection, sql: String) -> BoxStream<'_, wire::Answer<Self>> {
        connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(sql)))
    }

    fn columns(row: &mysql::MySqlRow) -> Vec<Kind> {
        columns::kinds(row)
    }

    fn feed(row: &mysql::MySqlRow, columns: &Vec<Kind>, sink: &mut dyn Sink) -> Result<()> {
        sink.row(&MySqlRow { row, kinds: columns })
    }

    fn outcome(result: &MySqlQueryResult) -> Outcome {
        // 0 says that no key was generated; keys above 2^63 keep their bits.
        let key = Some(result.last_insert_id() as i64).filter(|key| *key != 0);
        Outcome { rows: result.rows_affected(), first_key: key }
    }

    fn error(error: sqlx::Error, sql: &str) -> Error {
        error::translated(error, sql)
    }

    fn ends_transaction(error: &sqlx::Error) -> bool {
        error::ends_transaction(error)
    }

    fn is_stale(_: &sqlx::Error) -> bool {
        // The server prepares again by itself.
        false
    }

    fn begin(begin: Begin) -> String {
        let isolation = match begin.isolation {
            None => "",
            Some(Isolation::ReadUncommitted) => "SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; ",
            Some(Isolation::ReadCommitted) => "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; ",
            Some(Isolation::RepeatableRead) => "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; ",
            Some(Isolation::Serializable) => "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; ",
        };
        format!("{isolation}START TRANSACTION{}", if begin.read_only { " READ ONLY" } else { "" })
    }

    fn cancel(&self, id: u64) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let Ok(mut raw) = self.source.connect(self.timeout).await else { return };
            let cancel = sqlx::raw_sql(AssertSqlSafe(format!("KILL QUERY {id}")));
            // If it cannot be cancelled, the connection is given up after a while.
            let _ = cancel.execute(raw.connection()).await;
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_known_by_its_version() {
        let known = |dialect, leaves_rows_out| Known { dialect, leaves_rows_out };
        for (version, is) in [
            ("8.4.2", known(Dialect::MySql, false)),
            ("10.11.6-MariaDB-0+deb12u1", known(Dialect::MariaDb, false)),
            ("5.5.5-10.11.6-MariaDB", known(Dialect::MariaDb, false)),
            ("11.4.2-MariaDB-log", known(Dialect::MariaDb, false)),
            ("11.8.3-MariaDB", known(Dialect::MariaDb, true)),
            ("12.1.0-MariaDB", known(Dialect::MariaDb, true)),
            ("MariaDB", known(Dialect::MariaDb, true)),
        ] {
            assert_eq!(Known::by(version), is, "{version}");
        }
    }
}
