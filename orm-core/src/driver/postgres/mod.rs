//! PostgreSQL through sqlx.
mod array;
mod bind;
mod columns;
mod error;
mod moment;
mod numeric;
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
use row::PostgresRow;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection as _, Executor, PgPool, Postgres,
    postgres::{PgConnectOptions, PgConnection, PgQueryResult, PgRow},
};
use std::{str::FromStr, sync::Arc, time::Duration};

struct PostgresServer {
    source: Source<Postgres>,
    /// As it is shown in errors.
    address: String,
    timeout: Duration,
    log_values: bool,
}

pub(super) async fn connect(options: &DbOptions) -> Result<Arc<dyn Driver>> {
    let address = Address::shown(&options.url);
    let parsed = PgConnectOptions::from_str(&options.url).map_err(|error| wire::unreachable(&address, error))?;
    // Statements are told to `tracing` by the meter, once.
    let parsed = parsed.statement_cache_capacity(options.statement_cache).disable_statement_logging();
    let source = Source::Address(Box::new(parsed));
    let server = PostgresServer { source, address, timeout: options.acquire_timeout, log_values: options.log_values };
    wire::connect(server, options).await
}

impl IntoDriver for PgPool {
    fn into_driver(self, options: DbOptions) -> BoxFuture<'static, Result<Arc<dyn Driver>>> {
        Box::pin(async move {
            let options = options.max_connections(self.options().get_max_connections()).min_connections(0);
            let (timeout, log_values) = (options.acquire_timeout, options.log_values);
            let address = "the database of the pool".to_owned();
            let server = PostgresServer { source: Source::Pool(self), address, timeout, log_values };
            wire::connect(server, &options).await
        })
    }
}

/// The number by which the server can be asked to cancel a statement.
async fn number(connection: &mut PgConnection) -> sqlx::Result<u64> {
    let id: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").persistent(false).fetch_one(connection).await?;
    Ok(u64::from(id.unsigned_abs()))
}

impl Open for PostgresServer {
    type Raw = Raw<Postgres>;
    const ASK_AFTER: Option<Duration> = Some(wire::ASK_AFTER);

    fn open(&self) -> BoxFuture<'_, Result<Raw<Postgres>>> {
        Box::pin(async {
            let mut raw = self.source.connect(self.timeout).await.map_err(|e| wire::unreachable(&self.address, e))?;
            if self.source.keeps() {
                let id = number(raw.connection()).await.map_err(|error| wire::unreachable(&self.address, error))?;
                raw.id = Some(id);
            }
            Ok(raw)
        })
    }

    fn still_works<'a>(&'a self, raw: &'a mut Raw<Postgres>) -> BoxFuture<'a, bool> {
        Box::pin(async move { raw.connection().ping().await.is_ok() })
    }

    fn keeps(&self) -> bool {
        self.source.keeps()
    }
}

impl Server for PostgresServer {
    type Db = Postgres;
    type Columns = Vec<Kind>;
    const FAILS_AS_A_WHOLE: bool = true;

    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn log_values(&self) -> bool {
        self.log_values
    }

    fn arguments(values: &[Value]) -> Result<Arguments<Self>> {
        bind::arguments(values)
    }

    fn send(
        connection: &mut PgConnection,
        sql: Arc<str>,
        arguments: Arguments<Self>,
    ) -> BoxStream<'_, wire::Answer<Self>> {
        connection.fetch_many(sqlx::query_with(AssertSqlSafe(sql), arguments))
    }

    fn send_for_one(
        connection: &mut PgConnection,
        sql: Arc<str>,
        arguments: Arguments<Self>,
    ) -> BoxFuture<'_, sqlx::Result<Option<PgRow>>> {
        // One stream less than for many; it reads to the end as well.
        connection.fetch_optional(sqlx::query_with(AssertSqlSafe(sql), arguments))
    }

    fn send_text(connection: &mut PgConnection, sql: String) -> BoxStream<'_, wire::Answer<Self>> {
        connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(sql)))
    }

    fn columns(row: &PgRow) -> Vec<Kind> {
        columns::kinds(row)
    }

    fn feed(row: &PgRow, columns: &Vec<Kind>, sink: &mut dyn Sink) -> Result<()> {
        sink.row(&PostgresRow { row, kinds: columns })
    }

    fn outcome(result: &PgQueryResult) -> Outcome {
        Outcome { rows: result.rows_affected(), first_key: None }
    }

    fn error(error: sqlx::Error, _: &str) -> Error {
        error::translated(error)
    }

    fn ends_transaction(_: &sqlx::Error) -> bool {
        // After an error PostgreSQL itself refuses everything until the rollback.
        false
    }

    fn is_stale(error: &sqlx::Error) -> bool {
        let error = error.as_database_error();
        error.is_some_and(|error| error.code().as_deref() == Some("0A000") && error.message().contains("cached plan"))
    }

    fn begin(begin: Begin) -> String {
        let isolation = match begin.isolation {
            None => "",
            Some(Isolation::ReadUncommitted) => " ISOLATION LEVEL READ UNCOMMITTED",
            Some(Isolation::ReadCommitted) => " ISOLATION LEVEL READ COMMITTED",
            Some(Isolation::RepeatableRead) => " ISOLATION LEVEL REPEATABLE READ",
            Some(Isolation::Serializable) => " ISOLATION LEVEL SERIALIZABLE",
        };
        format!("BEGIN{isolation}{}", if begin.read_only { " READ ONLY" } else { "" })
    }

    fn cancel(&self, id: u64) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let Ok(mut raw) = self.source.connect(self.timeout).await else { return };
            let cancel = sqlx::raw_sql(AssertSqlSafe(format!("SELECT pg_cancel_backend({id})")));
            // If it cannot be cancelled, the connection is given up after a while.
            let _ = cancel.execute(raw.connection()).await;
        })
    }
}
