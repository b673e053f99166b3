//! The floor: tokio-postgres, prepared statements, arrays for many values.
mod read;
mod related;
mod write;

use super::server::client;
use crate::{
    Result,
    harness::{BoxFuture, Contender, Run, Workload},
};
use ::tokio_postgres::{Client, Error, Row, Statement, types::ToSql};
use std::collections::HashMap;

/// A connection, and its prepared statements by their texts.
pub(super) struct TokioPostgres {
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

impl TokioPostgres {
    pub(super) async fn connect(url: &str) -> Result<Self> {
        Ok(Self { client: client(url).await?, statements: HashMap::new() })
    }

    async fn query(
        &mut self,
        sql: &'static str,
        values: &[&(dyn ToSql + Sync)],
    ) -> std::result::Result<Vec<Row>, Error> {
        let statement = match self.statements.get(sql) {
            Some(statement) => statement,
            None => {
                let statement = self.client.prepare(sql).await?;
                self.statements.entry(sql).or_insert(statement)
            }
        };
        self.client.query(statement, values).await
    }
}

impl Contender for TokioPostgres {
    fn name(&self) -> &'static str {
        "tokio-postgres"
    }

    fn work<'a>(&'a mut self, workload: Workload, run: &'a mut Run) -> BoxFuture<'a, Result<()>> {
        match workload {
            Workload::Values | Workload::Entities | Workload::Again => Box::pin(read::load(self, run)),
            Workload::SelectIn => Box::pin(related::select_in(self, run)),
            Workload::SelectInLevels => Box::pin(related::select_in_levels(self, run)),
            Workload::Joined => Box::pin(related::joined(self, run)),
            Workload::JoinedLevels => Box::pin(related::joined_levels(self, run)),
            Workload::Insert => Box::pin(write::insert(self, run)),
            Workload::Get => Box::pin(read::get(self, run)),
            Workload::Change => Box::pin(write::change(self, run)),
            Workload::Walk => Box::pin(related::walk(self, run)),
            Workload::Memory | Workload::MemoryOfColumns => Box::pin(read::memory(self, run)),
            // It has no memory of what was loaded, and no pool.
            Workload::Known | Workload::Readers | Workload::ReadersAndWriter => Box::pin(async { Ok(()) }),
        }
    }
}
