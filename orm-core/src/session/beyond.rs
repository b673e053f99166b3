//! Loading what lies behind another relationship: for all members at once, which are at hand together.
use super::Session;
use crate::{
    error::Result,
    load::{Request, touched_near},
    memory::{Freshness, ResultId},
    model::Node,
    query::Include,
    schema::Relationship,
};

impl Session {
    /// Loads a relationship of entities that came with one result, and, at the second time, of their peers.
    pub(crate) async fn load_together(
        &self,
        nodes: &[Node],
        result: ResultId,
        relationship: &'static Relationship,
    ) -> Result<()> {
        let mut held = self.held.lock().await;
        let asked = self.memory.result(result).and_then(|result| result.include(relationship));
        let include = asked.filter(|include| !include.is_partial()).cloned();
        let include = include.unwrap_or_else(|| Include::new(relationship));
        self.autoflush(&mut held, || touched_near(&include, self.db.criteria().applied())).await?;
        self.check()?;
        let mut owners: Vec<Node> = nodes.iter().copied().filter(|node| !self.knows(*node, relationship)).collect();
        let Some(last) = owners.last().copied() else { return Ok(()) };
        owners.extend(self.peers(last, result, relationship).into_iter().skip(1));
        let mut seen = std::collections::HashSet::new();
        owners.retain(|node| seen.insert(*node));
        let mut loader = self.loader(&mut held, Freshness::ByTransaction).await?;
        let loaded = loader.related(Request::new(include, owners, result)).await;
        held.count_into(&self.statements);
        loaded.map(|_| ())
    }
}
