//! Loading what lies behind another relationship: for all members at once, which are at hand together.
use super::{Asked, Session, Site};
use crate::{
    error::Result,
    fast::HashSet,
    load::{Request, touched_near},
    memory::{Awaited, Freshness, ResultId},
    model::Node,
    schema::Relationship,
};

impl Session {
    /// Loads a relationship of entities that came with one result, and, at the second time, of their peers.
    pub(crate) async fn load_together(
        &self,
        nodes: &[Node],
        (result, site): (ResultId, Option<Site>),
        relationship: &'static Relationship,
    ) -> Result<()> {
        let mut held = self.held.lock().await;
        let include = self.include_of(result, relationship);
        self.autoflush(&mut held, || touched_near(&include, self.db.criteria().applied())).await?;
        self.check()?;
        let mut owners: Vec<Node> = nodes.iter().copied().filter(|node| !self.knows(*node, relationship)).collect();
        let Some(last) = owners.last().copied() else { return Ok(()) };
        let asked = Asked { node: last, result, site };
        let awaited = Awaited::Targets(relationship.position());
        owners.extend(self.peers(asked, awaited, |_, peer| !self.knows(peer, relationship)).into_iter().skip(1));
        let mut seen = HashSet::default();
        owners.retain(|node| seen.insert(*node));
        let mut loader = self.loader(&mut held, Freshness::ByTransaction).await?;
        let loaded = loader.related(Request::new(include, owners, result)).await;
        held.count_into(&self.statements);
        loaded.map(|_| ())
    }
}
