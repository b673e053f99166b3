//! Loading through a session: queries, and relationships when they are awaited.
use super::{Loading, Session};
use crate::{
    driver::Begin,
    error::Result,
    load::{Request, touched, touched_near},
    memory::{ALONE, Edge, Freshness, ResultId, State, Target},
    model::Node,
    query::{Include, Parts},
    schema::{Relationship, RelationshipKind},
};

/// How many entities of a result a lazy load takes along.
const PEERS: usize = 1_000;

impl Session {
    /// Runs a query into memory; the result holds its entities.
    pub(super) async fn load_query(&self, parts: &Parts) -> Result<ResultId> {
        let mut held = self.held.lock().await;
        self.autoflush(&mut held, || touched(parts)).await?;
        self.check()?;
        if parts.lock.is_some() {
            held.begin(&self.db, Begin::default()).await?;
        }
        let freshness = match parts.lock {
            _ if parts.refresh_existing => Freshness::Force,
            Some(_) => Freshness::Locked,
            None => Freshness::ByTransaction,
        };
        let result = self.loader(&mut held, freshness).await?.query(parts).await;
        held.count_into(&self.statements);
        result
    }

    /// Loads a relationship of an entity, with those of its peers where that is due. Whoever else loads it at the same time
    /// waits and finds it loaded.
    pub(crate) async fn load_lazy(
        &self,
        node: Node,
        result: ResultId,
        relationship: &'static Relationship,
    ) -> Result<()> {
        let mut held = self.held.lock().await;
        if self.knows(node, relationship) {
            return Ok(());
        }
        let asked = self.memory.result(result).and_then(|result| result.include(relationship));
        let include = asked.filter(|include| !include.is_partial()).cloned();
        let include = include.unwrap_or_else(|| Include::new(relationship));
        self.autoflush(&mut held, || touched_near(&include)).await?;
        self.check()?;
        if self.knows(node, relationship) {
            return Ok(());
        }
        let owners = self.peers(node, result, relationship);
        let request = Request::new(include, owners, result);
        let mut loader = self.loader(&mut held, Freshness::ByTransaction).await?;
        let loaded = loader.related(request).await;
        held.count_into(&self.statements);
        loaded.map(|_| ())
    }

    /// Whether memory can answer for a relationship.
    pub(crate) fn knows(&self, node: Node, relationship: &'static Relationship) -> bool {
        let mut graph = self.memory.graph();
        if let (RelationshipKind::BelongsTo { .. }, Some(edge)) = (&relationship.kind, Edge::of(relationship)) {
            return !matches!(graph.target(node, &edge), Target::Key(_));
        }
        let position = relationship.position();
        graph.know_new(node, position);
        graph.graph.cells.get(&(node, position)).is_some_and(|cell| cell.members.is_some())
    }

    /// Whose relationship is loaded along: at the second await among the entities of a result, those that come next.
    fn peers(&self, node: Node, id: ResultId, relationship: &'static Relationship) -> Vec<Node> {
        let Some(result) = self.memory.result(id).filter(|_| id != ALONE) else { return vec![node] };
        let first = result.state().awaited.insert(relationship.position());
        let together = match self.loading() {
            Loading::EachAlone | Loading::RaiseOnSql => false,
            Loading::Adaptive => !first,
            Loading::Peers => true,
        };
        let Some(position) = result.position(node).filter(|_| together) else { return vec![node] };
        let next = (position + 1..result.nodes.len()).filter_map(|position| result.nodes.get(position));
        let open = next.filter(|peer| *peer != node && self.is_peer(*peer, relationship)).take(PEERS - 1);
        std::iter::once(node).chain(open).collect()
    }

    /// Entities that were changed, deleted or loaded already do not load along.
    fn is_peer(&self, node: Node, relationship: &'static Relationship) -> bool {
        self.memory.arena.state(node) == State::Persistent
            && !self.memory.graph().graph.base.contains_key(&node)
            && !self.knows(node, relationship)
    }
}
