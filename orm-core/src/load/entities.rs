//! Rows as entities: interned, and the relationships between them entered on both sides.
use super::{
    alone::{is_alone, run_alone},
    collect::{Collected, Part},
    count::count_near,
    entered::Entered,
    near::{Grouped, Lists, Near},
    plan::{After, Plan, below, is_deeper, plan},
    recall::Recall,
    run::{From, fetch_by_key, run, run_near},
};
use crate::{
    driver::{BoxFuture, Connection, Dialect},
    error::Result,
    fast::{HashMap, HashSet},
    memory::{Edge, Freshness, Locked, Members, Memory, Nodes, ResultId, ResultSet, State, Target},
    model::Node,
    query::{Criteria, Given, Include, Parts},
    schema::{Relationship, RelationshipKind, Table},
    sql::{self, Select},
    value::{Key, KeyMap, Value},
};
use std::sync::Arc;

/// Loads into a session's memory over its connection.
pub(crate) struct Loader<'a> {
    pub(crate) memory: &'a Arc<Memory>,
    pub(crate) connection: &'a mut dyn Connection,
    pub(crate) dialect: Dialect,
    pub(crate) freshness: Freshness,
    /// The global criteria of the session.
    pub(crate) given: Given,
}

/// What a query gave.
pub(crate) struct Loaded {
    /// Its entities, in order.
    pub(crate) result: ResultId,
    /// What was selected beside each row.
    pub(crate) beside: Vec<Vec<Value>>,
}

/// A relationship of entities that is to be loaded.
pub(crate) struct Request {
    pub(crate) include: Include,
    pub(crate) owners: Vec<Node>,
    /// The result that the owners belong to.
    pub(crate) result: ResultId,
    /// The models on the way to the owners, their own last.
    pub(crate) path: Vec<&'static Table>,
    /// The query that gave the owners, which a subquery can repeat.
    pub(crate) query: Option<Select>,
    /// The global criteria of the query that it belongs to.
    pub(crate) criteria: Criteria,
    /// Of a recursion to the leaves: the result by which each entity was met on the levels before.
    met: HashMap<Node, ResultId>,
}

impl Request {
    /// Loads a relationship of entities that came some way or other.
    pub(crate) fn new(include: Include, owners: Vec<Node>, result: ResultId) -> Self {
        let path = vec![include.relationship.owner()];
        Self { include, owners, result, path, query: None, criteria: Criteria::default(), met: HashMap::default() }
    }
}

/// The entities that a statement gave.
struct Interned {
    /// The entities of each part, by the rows of the part.
    nodes: Vec<Nodes>,
    results: Vec<ResultId>,
}

/// The targets of a relationship of some owners.
struct Targets {
    /// Which holds them, grouped by owner.
    result: ResultId,
    all: Vec<Node>,
    /// Those that were in memory already.
    present: Vec<Node>,
    /// The query that gave all of them, if one did.
    query: Option<Select>,
}

impl Loader<'_> {
    /// Runs a query.
    pub(crate) async fn query(&mut self, parts: Box<Parts>) -> Result<Loaded> {
        let criteria = parts.criteria.load_with(&self.given);
        if is_alone(&parts) {
            return self.alone(parts, criteria).await;
        }
        Box::pin(self.planned(parts, criteria)).await
    }

    async fn alone(&mut self, parts: Box<Parts>, criteria: Criteria) -> Result<Loaded> {
        let recall = Recall::of(self.memory, self.freshness);
        let root = run_alone((parts, criteria), recall, self.connection, self.dialect).await?;
        let Part { table, rows, places, .. } = *root;
        let nodes = self.memory.graph().intern_among(table, rows, (places, true), self.freshness)?;
        let result = self.memory.keep(ResultSet::new(nodes, Vec::new()));
        Ok(Loaded { result, beside: Vec::new() })
    }

    async fn planned(&mut self, parts: Box<Parts>, criteria: Criteria) -> Result<Loaded> {
        let mut plan = plan(*parts, criteria);
        let mut collected = run(&plan, Recall::of(self.memory, self.freshness), self.connection, self.dialect).await?;
        let beside = std::mem::take(&mut collected.beside);
        let (interned, _) = self.intern(&mut plan, collected)?;
        self.freshness = self.freshness.of_related();
        self.load_after(&plan, &interned).await?;
        self.count_asked(&interned.results, &plan.select.criteria.following()).await?;
        Ok(Loaded { result: interned.results[0], beside })
    }

    /// The entity with that primary key, by a model whose attributes load nothing along.
    pub(crate) async fn by_key(&mut self, table: &'static Table, key: Vec<Value>) -> Result<Option<Node>> {
        let statement = sql::by_key(self.dialect, table, key, self.given.applied())?;
        let rows = fetch_by_key(table, &statement, self.connection).await?;
        if rows.len() == 0 {
            return Ok(None);
        }
        Ok(self.memory.graph().intern(table, rows, true, self.freshness)?.get(0))
    }

    /// Loads a relationship of some entities; the result holds its targets, grouped by owner.
    pub(crate) fn related(&mut self, mut request: Request) -> BoxFuture<'_, Result<ResultId>> {
        Box::pin(async move {
            request.criteria = request.criteria.run_with(&self.given);
            request.include.without_criteria = request.criteria.are_ignored_by(&request.include);
            let path = [&request.path[..], &[request.include.relationship.target()]].concat();
            let below = below(&request.include, &path);
            let targets = self.targets(&request, &below).await?;
            for nested in below.into_iter().filter(|nested| nested.strategy().is_eager()) {
                let deeper = is_deeper(&request.include, &nested);
                let owners = distinct(if deeper { &targets.all } else { &targets.present });
                let (path, criteria) = (path.clone(), request.criteria.clone());
                let mut next = Request { path, criteria, ..Request::new(nested, owners, targets.result) };
                if deeper {
                    next.met.clone_from(&request.met);
                    next.query.clone_from(&targets.query);
                }
                if next.owners.is_empty() || (deeper && self.ends(&mut next)) {
                    continue;
                }
                self.related(next).await?;
            }
            Ok(targets.result)
        })
    }

    /// Loads the targets that memory lacks, with what their statement plans for them but a further level of a recursion,
    /// which goes on from all targets at once.
    async fn targets(&mut self, request: &Request, below: &[Include]) -> Result<Targets> {
        let Request { include, owners, result, path, query, criteria, met: _ } = request;
        let keys = self.wanted(include, owners);
        let mut found = Grouped::default();
        let mut loaded = None;
        if !keys.is_empty() {
            let recall = Recall::of(self.memory, self.freshness);
            let from = From { keys, query: query.clone(), path: path.clone(), criteria: criteria.clone(), recall };
            let (mut plan, collected) = run_near(include, from, self.connection, self.dialect).await?;
            let (interned, near) = self.intern(&mut plan, collected)?;
            found = near.grouped(|row| interned.nodes[0].get(row as usize));
            loaded = Some((plan, interned));
        }
        let (all, present) = self.enter(include, owners, (&found, *result))?;
        let targets = self.memory.keep(ResultSet::new(Nodes::of(&all), below.to_vec()));
        self.memory.set_child_result((*result, owners), include.relationship.position(), targets);
        let mut query = None;
        if let Some((mut plan, mut interned)) = loaded {
            query = (plan.whole && present.is_empty()).then(|| plan.select.clone());
            plan.after.retain(|after| after.part > 0 || !is_deeper(include, &after.include));
            // What is loaded next hangs on the grouped result, not on the bare one.
            self.memory.move_children(interned.results[0], targets);
            interned.results[0] = targets;
            self.load_after(&plan, &interned).await?;
            self.count_asked(&interned.results[1..], criteria).await?;
        }
        self.count_asked(&[targets], criteria).await?;
        Ok(Targets { result: targets, all, present, query })
    }

    /// Whether the next level of a recursion to the leaves would meet nobody new. Then the targets of its entities are among
    /// them, and all in memory.
    fn ends(&self, next: &mut Request) -> bool {
        if next.include.recursive != Some(u32::MAX) {
            return false;
        }
        let mut new = false;
        for owner in &next.owners {
            new |= !next.met.contains_key(owner);
            next.met.entry(*owner).or_insert(next.result);
        }
        if !new {
            let position = next.include.relationship.position();
            self.memory.set_child_result((next.result, &next.owners), position, next.result);
            self.memory.repeat_partial(next.result, position, &next.met);
        }
        !new
    }

    async fn load_after(&mut self, plan: &Plan, interned: &Interned) -> Result<()> {
        for After { part, include, path, criteria, .. } in &plan.after {
            let owners = interned.nodes[*part].iter().collect();
            let query = (*part == 0 && plan.whole).then(|| plan.select.clone());
            let (include, path, criteria) = (include.clone(), path.clone(), criteria.clone());
            let request = Request { path, query, criteria, ..Request::new(include, owners, interned.results[*part]) };
            self.related(request).await?;
        }
        Ok(())
    }

    /// Counts what the query of results asked to be counted.
    async fn count_asked(&mut self, results: &[ResultId], criteria: &Criteria) -> Result<()> {
        let memory = self.memory;
        for (id, result) in results.iter().filter_map(|id| Some((*id, memory.result(*id)?))) {
            for include in result.includes.iter().filter(|include| include.counts()) {
                let owners: Vec<Node> = result.nodes.iter().collect();
                let counts = self.count(include.relationship, &owners, criteria.of_targets(include)).await?;
                memory.keep_counts(id, include.relationship.position(), &counts);
            }
        }
        Ok(())
    }

    /// How many targets each of these owners has in the database.
    pub(crate) async fn count(
        &mut self,
        relationship: &'static Relationship,
        owners: &[Node],
        criteria: Criteria,
    ) -> Result<Vec<(Node, u64)>> {
        let columns = relationship.near_key();
        let (owned, keys) = {
            let graph = self.memory.graph();
            let stored = owners.iter().filter(|owner| graph.has_row(**owner));
            let owned: Vec<(Node, Key)> = stored.map(|owner| (*owner, graph.stored_key(*owner, columns))).collect();
            let mut seen: HashSet<Key> = HashSet::default();
            let wanted = owned.iter().filter(|(_, key)| !key.has_null() && seen.insert(key.clone()));
            let keys: Vec<Vec<Value>> = wanted.map(|(owner, _)| graph.stored_values(*owner, columns)).collect();
            (owned, keys)
        };
        if keys.is_empty() {
            return Ok(owned.into_iter().map(|(owner, _)| (owner, 0)).collect());
        }
        let numbers = count_near((relationship, criteria), keys, self.connection, self.dialect).await?;
        Ok(owned.into_iter().map(|(owner, key)| (owner, numbers.get(&key).copied().unwrap_or_default())).collect())
    }

    /// The keys for which a load must ask: those that memory cannot answer.
    fn wanted(&self, include: &Include, owners: &[Node]) -> Vec<Vec<Value>> {
        let mut graph = self.memory.graph();
        let relationship = include.relationship;
        let position = relationship.position();
        let columns = relationship.near_key();
        let edge = Edge::of(relationship);
        let force = include.is_partial() || self.freshness == Freshness::Force;
        let (mut seen, mut keys) = (KeyMap::default(), Vec::with_capacity(owners.len()));
        for owner in owners {
            let asks = match (&relationship.kind, &edge) {
                (RelationshipKind::BelongsTo { .. }, Some(edge)) => match graph.target(*owner, edge) {
                    Target::Key(_) => true,
                    Target::Node(_) => force,
                    // It may be a criterion that hid the row.
                    Target::Dangling => include.without_criteria,
                    Target::None => false,
                },
                _ => graph.has_row(*owner) && (force || !graph.is_fresh(*owner, position)),
            };
            if !asks {
                continue;
            }
            let key = near_key(&graph, *owner, relationship);
            if !key.has_null() && seen.insert(key, ()).is_none() {
                keys.push(match relationship.kind {
                    RelationshipKind::BelongsTo { .. } => graph.values(*owner, columns),
                    _ => graph.stored_values(*owner, columns),
                });
            }
        }
        keys
    }

    /// Enters what a load found into the relationship's cells. Returns all targets in the order of their owners, and those
    /// that were in memory already.
    fn enter(
        &self,
        include: &Include,
        owners: &[Node],
        (found, result): (&Grouped<Node>, ResultId),
    ) -> Result<(Vec<Node>, Vec<Node>)> {
        let mut graph = self.memory.graph();
        let relationship = include.relationship;
        let position = relationship.position();
        let edge = Edge::of(relationship);
        let mut lists = Entered::default();
        for owner in owners {
            let loaded = found.get(&near_key(&graph, *owner, relationship));
            if include.is_partial() {
                lists.partial.push((*owner, loaded.unwrap_or_default().to_vec()));
            } else if let (RelationshipKind::BelongsTo { .. }, Some(edge)) = (&relationship.kind, &edge) {
                match graph.target(*owner, edge) {
                    Target::Node(target) => lists.single(target, loaded.is_some()),
                    Target::Key(_) => _ = graph.graph.dangling.insert((*owner, edge.columns)),
                    Target::None | Target::Dangling => {}
                }
            } else if graph.is_fresh(*owner, position) && self.freshness != Freshness::Force {
                lists.present(graph.members(*owner, position));
            } else {
                let nodes = graph.merge_loaded(*owner, relationship, loaded.unwrap_or_default());
                lists.loaded(*owner, &nodes);
            }
        }
        if include.is_partial() {
            return Ok((self.enter_partial(lists, (result, position)), Vec::new()));
        }
        lists.share(&mut graph, position);
        Ok((lists.targets, lists.present))
    }

    fn enter_partial(&self, lists: Entered, (result, position): (ResultId, u16)) -> Vec<Node> {
        let targets = lists.partial.iter().flat_map(|(_, nodes)| nodes.iter().copied()).collect();
        if let Some(result) = self.memory.result(result) {
            let mut state = result.state();
            for (owner, nodes) in lists.partial {
                state.partial.insert((owner, position), Members::of(nodes));
            }
        }
        targets
    }

    /// Makes entities of the rows of all parts, and enters what the joins say of their relationships.
    fn intern(&self, plan: &mut Plan, collected: Box<Collected>) -> Result<(Interned, Near)> {
        let Collected { parts, near, .. } = *collected;
        let mut graph = self.memory.graph();
        let mut interned = Interned { nodes: Vec::new(), results: Vec::new() };
        let mut edges = Vec::new();
        for (number, Part { table, rows, places, edges: pairs, .. }) in parts.into_iter().enumerate() {
            let freshness = if number == 0 { self.freshness } else { self.freshness.of_related() };
            let unique = number > 0 || !plan.select.repeats();
            let nodes = graph.intern_among(table, rows, (places, unique), freshness)?;
            let includes = std::mem::take(&mut plan.includes[number]);
            interned.results.push(self.memory.keep(ResultSet::new(nodes.clone(), includes)));
            interned.nodes.push(nodes);
            edges.push(pairs);
        }
        for (number, join) in plan.select.joins.iter().enumerate() {
            let owner = join.parent.map_or(0, |parent| parent + 1);
            let position = join.relationship.position();
            let owners = (interned.results[owner], &[][..]);
            self.memory.set_child_result(owners, position, interned.results[number + 1]);
            let groups = group((&interned.nodes[owner], &interned.nodes[number + 1]), &edges[number + 1]);
            let owners = (&interned.nodes[owner], interned.results[owner]);
            self.enter_joined(&mut graph, join, owners, &groups);
        }
        Ok((interned, near))
    }

    fn enter_joined(
        &self,
        graph: &mut Locked<'_>,
        join: &crate::sql::JoinNode,
        (owners, result): (&Nodes, ResultId),
        groups: &Lists<Node>,
    ) {
        let relationship = join.relationship;
        let position = relationship.position();
        let mut lists = Entered::default();
        for (number, owner) in owners.iter().enumerate() {
            let targets = groups.get(number);
            if join.named.is_some() && matches!(relationship.kind, RelationshipKind::BelongsTo { .. }) {
                // The foreign key leads to what was found; what was not may still be there.
            } else if join.is_partial() {
                if let Some(result) = self.memory.result(result) {
                    result.state().partial.insert((owner, position), Members::of(targets.to_vec()));
                }
            } else if let (RelationshipKind::BelongsTo { .. }, Some(edge)) =
                (&relationship.kind, Edge::of(relationship))
            {
                if targets.is_empty() && matches!(graph.target(owner, &edge), Target::Key(_)) {
                    graph.graph.dangling.insert((owner, edge.columns));
                }
            } else if !graph.is_fresh(owner, position) || self.freshness == Freshness::Force {
                let nodes = graph.merge_loaded(owner, relationship, targets);
                lists.loaded(owner, &nodes);
            }
        }
        lists.share(graph, position);
    }
}

/// The key by which the targets of an owner are found: what the database has of the owner's own key, the owner's foreign key
/// as it is in memory.
fn near_key(graph: &Locked<'_>, owner: Node, relationship: &Relationship) -> Key {
    match relationship.kind {
        RelationshipKind::BelongsTo { .. } => graph.key(owner, relationship.near_key()),
        _ => graph.stored_key(owner, relationship.near_key()),
    }
}

/// The targets of each owner of a joined part.
fn group((owners, targets): (&Nodes, &Nodes), edges: &[(u32, u32)]) -> Lists<Node> {
    let pair = |(owner, target): &(u32, u32)| Some((*owner, targets.get(*target as usize)?));
    Lists::of(owners.len(), &edges.iter().filter_map(pair).collect::<Vec<_>>())
}

/// Each once, in the order of their first places.
fn distinct(nodes: &[Node]) -> Vec<Node> {
    let mut seen: HashSet<Node> = HashSet::default();
    nodes.iter().copied().filter(|node| seen.insert(*node)).collect()
}

impl Locked<'_> {
    fn has_row(&self, node: Node) -> bool {
        matches!(self.arena.state(node), State::Persistent | State::Deleting)
    }
}
