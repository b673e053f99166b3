//! Loading through a session: queries, and relationships when they are awaited.
use super::{Asked, Loading, Session};
use crate::{
    driver::Begin,
    error::Result,
    load::{Loaded, Request, touched, touched_near},
    memory::{ALONE, Awaited, Edge, Freshness, ResultId, ResultSet, State, Target},
    model::Node,
    query::{Include, Parts},
    schema::{Relationship, RelationshipKind},
};

/// How many entities of a result a lazy load takes along.
const PEERS: usize = 1_000;

impl Session {
    /// Runs a query into memory.
    pub(super) async fn load_query(&self, parts: Box<Parts>) -> Result<Loaded> {
        let mut held = self.held.lock().await;
        self.autoflush(&mut held, || touched(&parts)).await?;
        self.check()?;
        if parts.lock.is_some() {
            held.begin(&self.db, Begin::default()).await?;
        }
        if parts.lock.is_some() || parts.refresh_existing {
            self.memory.note_write();
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
    pub(crate) async fn load_lazy(&self, asked: Asked, relationship: &'static Relationship) -> Result<()> {
        let Asked { node, result, site } = asked;
        let mut held = self.held.lock().await;
        let _asked_for = self.log.at(site);
        if self.knows(node, relationship) {
            return Ok(());
        }
        let include = self.include_of(result, relationship);
        self.autoflush(&mut held, || touched_near(&include, self.db.criteria().applied())).await?;
        self.check()?;
        if self.knows(node, relationship) {
            return Ok(());
        }
        let awaited = Awaited::Targets(relationship.position());
        let owners = self.peers(asked, awaited, |_, peer| !self.knows(peer, relationship));
        let request = Request::new(include, owners, result);
        let mut loader = self.loader(&mut held, Freshness::ByTransaction).await?;
        let loaded = loader.related(request).await;
        held.count_into(&self.statements);
        loaded.map(|_| ())
    }

    /// What is loaded with a relationship: what the query of the result named, if that was the whole of it.
    pub(super) fn include_of(&self, result: ResultId, relationship: &'static Relationship) -> Include {
        let named = self.memory.result(result).and_then(|result| result.include(relationship));
        let whole = named.filter(|include| !include.is_partial()).cloned();
        whole.unwrap_or_else(|| Include::new(relationship))
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

    /// The number of targets in the database, counted with that of its peers where that is due.
    pub(crate) async fn count_lazy(&self, asked: Asked, relationship: &'static Relationship) -> Result<u64> {
        let Asked { node, result, site } = asked;
        let position = relationship.position();
        let mut held = self.held.lock().await;
        let _asked_for = self.log.at(site);
        self.autoflush(&mut held, || touched_near(&Include::new(relationship), self.db.criteria().applied())).await?;
        self.check()?;
        if let Some(number) = self.memory.take_count((result, node), position) {
            return Ok(number);
        }
        let owners = self.peers(asked, Awaited::Count(position), |result, peer| {
            !self.memory.has_count(result, peer, position) && !self.knows(peer, relationship)
        });
        let criteria = self.db.criteria().applied();
        let mut loader = self.loader(&mut held, Freshness::ByTransaction).await?;
        let counts = loader.count(relationship, &owners, criteria).await;
        held.count_into(&self.statements);
        let counts = counts?;
        self.memory.keep_counts_ahead(result, position, counts.get(1..).unwrap_or_default());
        Ok(counts.first().map_or(0, |(_, number)| *number))
    }

    /// What is loaded along with an entity: at the second await among the entities of a result, those that come next and
    /// lack what is awaited.
    pub(super) fn peers(&self, asked: Asked, awaited: Awaited, lacks: impl Fn(&ResultSet, Node) -> bool) -> Vec<Node> {
        let result = self.memory.result(asked.result).filter(|_| asked.result != ALONE);
        let first = result.is_none_or(|result| result.state().awaited.insert(awaited));
        let together = match self.loading() {
            Loading::EachAlone | Loading::RaiseOnSql => false,
            Loading::Adaptive => !first,
            Loading::Peers => true,
        };
        let mut nodes = vec![asked.node];
        if let Some(result) = result.filter(|_| together) {
            nodes.extend(self.next_of(result, asked.node, lacks));
        }
        if nodes.len() == 1 {
            self.note_alone(asked, awaited, first);
        }
        nodes
    }

    /// The entities of a result that come after one.
    fn next_of(
        &self,
        result: &ResultSet,
        node: Node,
        lacks: impl Fn(&ResultSet, Node) -> bool,
    ) -> impl Iterator<Item = Node> {
        let start = result.position(node).map_or(result.nodes.len(), |position| position + 1);
        let next = (start..result.nodes.len()).filter_map(|position| result.nodes.get(position));
        next.filter(move |peer| *peer != node && self.is_unchanged(*peer) && lacks(result, *peer)).take(PEERS - 1)
    }

    /// Entities that were changed or deleted do not load along.
    fn is_unchanged(&self, node: Node) -> bool {
        self.memory.arena.state(node) == State::Persistent && !self.memory.graph().graph.base.contains_key(&node)
    }
}
