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

/// What would be stored otherwise than given is an error. sqlx sets the character set and the time zone (UTC).
const SET_UP: &str = "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES,STRICT_TRANS_TABLES')";

struct MySqlServer {
    source: Source<MySql>,
    /// As it is shown in errors.
    address: String,
    timeout: Duration,
    log_values: bool,
    /// Known from the first connection on.
    dialect: OnceLock<Dialect>,
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
        Self { source, address, timeout, log_values, dialect: OnceLock::new() }
    }

    async fn set_up(&self, raw: &mut Raw<MySql>) -> sqlx::Result<()> {
        if self.source.keeps() {
            sqlx::raw_sql(SET_UP).execute(raw.connection()).await?;
        } else if self.dialect.get().is_some() {
            return Ok(());
        }
        let about = sqlx::query_as("SELECT CONNECTION_ID(), VERSION()").persistent(false);
        let (id, version): (u64, String) = about.fetch_one(raw.connection()).await?;
        raw.id = self.source.keeps().then_some(id);
        let is_maria = version.to_ascii_lowercase().contains("mariadb");
        self.dialect.get_or_init(|| if is_maria { Dialect::MariaDb } else { Dialect::MySql });
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
        self.dialect.get().copied().unwrap_or(Dialect::MySql)
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
