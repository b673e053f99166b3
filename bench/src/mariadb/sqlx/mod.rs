//! sqlx with SQL of one's own: for each workload the variant that was the fastest of those measured.
mod work;
mod write;

use crate::{
    Result,
    harness::{BoxFuture, Contender, Run, Workload},
};
use ::futures_util::TryStreamExt;
use ::sqlx::{Connection, MySqlConnection, QueryBuilder, mysql::MySqlRow};

/// One connection.
pub(super) struct Sqlx(MySqlConnection);

impl Sqlx {
    pub(super) async fn connect(url: &str) -> Result<Self> {
        Ok(Self(MySqlConnection::connect(url).await?))
    }
}

impl Contender for Sqlx {
    fn name(&self) -> &'static str {
        "sqlx"
    }

    fn work<'a>(&'a mut self, workload: Workload, run: &'a mut Run) -> BoxFuture<'a, Result<()>> {
        let connection = &mut self.0;
        match workload {
            Workload::Values | Workload::Entities | Workload::Again => Box::pin(work::load(connection, run)),
            Workload::SelectIn => Box::pin(work::select_in(connection, run)),
            Workload::SelectInLevels => Box::pin(work::select_in_levels(connection, run)),
            Workload::Joined => Box::pin(work::joined(connection, run)),
            Workload::JoinedLevels => Box::pin(work::joined_levels(connection, run)),
            Workload::Insert => Box::pin(write::insert(connection, run)),
            Workload::Get => Box::pin(work::get(connection, run)),
            Workload::Change => Box::pin(write::change(connection, run)),
            Workload::Walk => Box::pin(work::walk(connection, run)),
            Workload::Memory | Workload::MemoryOfColumns => Box::pin(work::memory(connection, run)),
            // It has no memory of what was loaded; sessions at once are measured on SQLite.
            Workload::Known | Workload::Readers | Workload::ReadersAndWriter => Box::pin(async { Ok(()) }),
        }
    }
}

/// The most keys of one statement; MariaDB takes 65,535 values.
const KEYS: usize = 10_000;

/// Rows by foreign keys.
async fn children<T>(
    connection: &mut MySqlConnection,
    select: &str,
    keys: &[i64],
    read: impl Fn(&MySqlRow) -> ::sqlx::Result<T>,
) -> ::sqlx::Result<Vec<T>> {
    let mut found = Vec::new();
    for keys in keys.chunks(KEYS) {
        let mut select = QueryBuilder::new(select);
        let mut list = select.push(" IN (").separated(", ");
        for key in keys {
            list.push_bind(*key);
        }
        list.push_unseparated(")");
        let mut rows = select.build().fetch(&mut *connection);
        while let Some(row) = rows.try_next().await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}
