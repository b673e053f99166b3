//! Columns that were left out are loaded when they are awaited.
use super::{Asked, Session};
use crate::{
    error::Result,
    memory::{Awaited, Freshness, State},
    model::Node,
    schema::Table,
    sql::Touched,
};

impl Session {
    /// Loads a column of an entity, with those of its group, and with those of its peers where that is due. An entity that
    /// is not written is left as it is.
    pub(crate) async fn load_column(&self, asked: Asked, column: u16) -> Result<()> {
        let Asked { node, site, .. } = asked;
        let table = self.memory.arena.table(node);
        let mut held = self.held.lock().await;
        let _asked_for = self.log.at(site);
        if self.has_column(node, column) {
            return Ok(());
        }
        if self.memory.arena.state(node) == State::Pending {
            self.autoflush(&mut held, || Touched::of(table)).await?;
        }
        self.check()?;
        if self.memory.arena.state(node) != State::Persistent || self.has_column(node, column) {
            return Ok(());
        }
        let nodes = self.peers(asked, Awaited::Column(column), |_, peer| !self.has_column(peer, column));
        let mut loader = self.loader(&mut held, Freshness::ByTransaction).await?;
        let loaded = loader.columns(table, &nodes, &table.group_of(column)).await;
        held.count_into(&self.statements);
        loaded
    }

    pub(crate) fn has_column(&self, node: Node, column: u16) -> bool {
        self.memory.graph().is_loaded(node, column)
    }
}

impl Table {
    /// The columns that are loaded together with one that was left out.
    fn group_of(&self, column: u16) -> Vec<u16> {
        let Some(group) = self.columns[usize::from(column)].group else { return vec![column] };
        let together = (0..).zip(self.columns).filter(|(_, column)| column.group == Some(group));
        together.map(|(position, _)| position).collect()
    }
}
