//! Rows as entities: interned, and the relationships between them entered on both sides.
use super::{
    collect::{Collected, Part},
    count::count_near,
    plan::{After, Plan, below, plan},
    run::{From, fetch_by_key, run, run_near},
};
use crate::{
    driver::{BoxFuture, Connection, Dialect},
    error::Result,
    memory::{Edge, Freshness, Locked, Members, Memory, Nodes, ResultId, ResultSet, State, Target},
    model::Node,
    query::{Criteria, Given, Include, Parts},
    schema::{Relationship, RelationshipKind, Table},
    sql::{self, Select},
    value::{Key, Value},
};
use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};
use std::sync::Arc;

/// Loads into a session's memory over its connection.
pub(crate) struct Loader<'a> {
    pub(crate) memory: &'a Memory,
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
}

impl Request {
    /// Loads a relationship of entities that came some way or other.
    pub(crate) fn new(include: Include, owners: Vec<Node>, result: ResultId) -> Self {
        let path = vec![include.relationship.owner()];
        Self { include, owners, result, path, query: None, criteria: Criteria::default() }
    }
}

/// The entities that a statement gave.
struct Interned {
    /// The entities of each part, by the rows of the part.
    nodes: Vec<Nodes>,
    results: Vec<ResultId>,
}

impl Loader<'_> {
    /// Runs a query.
    pub(crate) async fn query(&mut self, parts: &Parts) -> Result<Loaded> {
        let mut plan = plan(parts, parts.criteria.load_with(&self.given));
        let mut collected = run(&plan, self.connection, self.dialect).await?;
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
    pub(crate) fn related(&mut self, request: Request) -> BoxFuture<'_, Result<ResultId>> {
        Box::pin(async move {
            let Request { mut include, owners, result, path, query, criteria } = request;
            let criteria = criteria.run_with(&self.given);
            include.without_criteria = criteria.are_ignored_by(&include);
            let below_path = [&path[..], &[include.relationship.target()]].concat();
            let below = below(&include, &below_path);
            let keys = self.wanted(&include, &owners);
            let mut found: HashMap<Key, Vec<Node>, RandomState> = HashMap::default();
            let mut loaded = None;
            if !keys.is_empty() {
                let (mut plan, collected) = run_near(
                    &include,
                    From { keys, query, path, criteria: criteria.clone() },
                    self.connection,
                    self.dialect,
                )
                .await?;
                let (interned, near) = self.intern(&mut plan, collected)?;
                for (key, row) in near {
                    if let Some(node) = interned.nodes[0].get(row as usize) {
                        found.entry(key).or_default().push(node);
                    }
                }
                loaded = Some((plan, interned));
            }
            let (targets, present) = self.enter(&include, &owners, (&found, result))?;
            let targets = self.memory.keep(ResultSet::new(Nodes::List(targets.into()), below.clone()));
            self.memory.set_child_result((result, &owners), include.relationship.position(), targets);
            if let Some((plan, mut interned)) = loaded {
                // What is loaded next hangs on the grouped result, not on the bare one.
                self.memory.move_children(interned.results[0], targets);
                interned.results[0] = targets;
                self.load_after(&plan, &interned).await?;
                self.count_asked(&interned.results[1..], &criteria).await?;
            }
            self.count_asked(&[targets], &criteria).await?;
            for nested in below.into_iter().filter(|nested| !present.is_empty() && nested.strategy().is_eager()) {
                let owners = present.clone();
                let (path, criteria) = (below_path.clone(), criteria.clone());
                let request = Request { include: nested, owners, result: targets, path, query: None, criteria };
                self.related(request).await?;
            }
            Ok(targets)
        })
    }

    async fn load_after(&mut self, plan: &Plan, interned: &Interned) -> Result<()> {
        for After { part, include, path, criteria } in &plan.after {
            let owners = interned.nodes[*part].iter().collect();
            let query = (*part == 0 && plan.whole).then(|| plan.select.clone());
            let (include, path, criteria) = (include.clone(), path.clone(), criteria.clone());
            self.related(Request { include, owners, result: interned.results[*part], path, query, criteria }).await?;
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
            let mut seen: HashSet<Key, RandomState> = HashSet::default();
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
        let mut seen: HashSet<Key, RandomState> = HashSet::default();
        let mut keys = Vec::new();
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
            let key = near_key(&graph, *owner, relationship);
            if asks && !key.has_null() && seen.insert(key) {
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
        (found, result): (&HashMap<Key, Vec<Node>, RandomState>, ResultId),
    ) -> Result<(Vec<Node>, Vec<Node>)> {
        let mut graph = self.memory.graph();
        let relationship = include.relationship;
        let position = relationship.position();
        let edge = Edge::of(relationship);
        let mut lists = Lists::default();
        for owner in owners {
            let loaded = found.get(&near_key(&graph, *owner, relationship));
            if include.is_partial() {
                lists.partial.push((*owner, loaded.cloned().unwrap_or_default()));
            } else if let (RelationshipKind::BelongsTo { .. }, Some(edge)) = (&relationship.kind, &edge) {
                match graph.target(*owner, edge) {
                    Target::Node(target) => lists.single(target, loaded.is_some()),
                    Target::Key(_) => _ = graph.graph.dangling.insert((*owner, edge.columns)),
                    Target::None | Target::Dangling => {}
                }
            } else if graph.is_fresh(*owner, position) && self.freshness != Freshness::Force {
                lists.present(graph.members(*owner, position));
            } else {
                let nodes = graph.merge_loaded(*owner, relationship, loaded.map_or(&[][..], Vec::as_slice));
                lists.loaded(*owner, nodes);
            }
        }
        if include.is_partial() {
            return Ok((self.enter_partial(lists, (result, position)), Vec::new()));
        }
        let all: Arc<[Node]> = lists.targets.as_slice().into();
        for (owner, start, len) in lists.owned {
            graph.set_members(owner, position, Members::Part { all: all.clone(), start, len });
        }
        Ok((lists.targets, lists.present))
    }

    fn enter_partial(&self, lists: Lists, (result, position): (ResultId, u16)) -> Vec<Node> {
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
    fn intern(&self, plan: &mut Plan, collected: Collected) -> Result<(Interned, Vec<(Key, u32)>)> {
        let Collected { parts, near, .. } = collected;
        let mut graph = self.memory.graph();
        let mut interned = Interned { nodes: Vec::new(), results: Vec::new() };
        let mut edges = Vec::new();
        for (number, Part { table, rows, edges: pairs, .. }) in parts.into_iter().enumerate() {
            let freshness = if number == 0 { self.freshness } else { self.freshness.of_related() };
            let unique = number > 0 || !plan.select.repeats();
            let nodes = graph.intern(table, rows, unique, freshness)?;
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
            let groups = group(&interned.nodes[owner], &interned.nodes[number + 1], &edges[number + 1]);
            self.enter_joined(&mut graph, join, interned.results[owner], groups);
        }
        Ok((interned, near))
    }

    fn enter_joined(
        &self,
        graph: &mut Locked<'_>,
        join: &crate::sql::JoinNode,
        result: ResultId,
        groups: Vec<(Node, Vec<Node>)>,
    ) {
        let relationship = join.relationship;
        let position = relationship.position();
        for (owner, targets) in groups {
            if join.named.is_some() && matches!(relationship.kind, RelationshipKind::BelongsTo { .. }) {
                // The foreign key leads to what was found; what was not may still be there.
            } else if join.is_partial() {
                if let Some(result) = self.memory.result(result) {
                    result.state().partial.insert((owner, position), Members::of(targets));
                }
            } else if let (RelationshipKind::BelongsTo { .. }, Some(edge)) =
                (&relationship.kind, Edge::of(relationship))
            {
                if targets.is_empty() && matches!(graph.target(owner, &edge), Target::Key(_)) {
                    graph.graph.dangling.insert((owner, edge.columns));
                }
            } else if !graph.is_fresh(owner, position) || self.freshness == Freshness::Force {
                let nodes = graph.merge_loaded(owner, relationship, &targets);
                graph.set_members(owner, position, Members::of(nodes));
            }
        }
    }
}

/// The targets of each owner of a joined part.
/// The key by which the targets of an owner are found: what the database has of the owner's own key, the owner's foreign key
/// as it is in memory.
fn near_key(graph: &Locked<'_>, owner: Node, relationship: &Relationship) -> Key {
    match relationship.kind {
        RelationshipKind::BelongsTo { .. } => graph.key(owner, relationship.near_key()),
        _ => graph.stored_key(owner, relationship.near_key()),
    }
}

fn group(owners: &Nodes, targets: &Nodes, edges: &[(u32, u32)]) -> Vec<(Node, Vec<Node>)> {
    let mut groups: Vec<(Node, Vec<Node>)> = owners.iter().map(|owner| (owner, Vec::new())).collect();
    for (owner, target) in edges {
        if let (Some(group), Some(target)) = (groups.get_mut(*owner as usize), targets.get(*target as usize)) {
            group.1.push(target);
        }
    }
    groups
}

/// Targets on their way into the cells of their owners.
#[derive(Default)]
struct Lists {
    /// All targets, by owner.
    targets: Vec<Node>,
    /// Owner, first target, number of targets.
    owned: Vec<(Node, u32, u32)>,
    /// Targets that were in memory before.
    present: Vec<Node>,
    partial: Vec<(Node, Vec<Node>)>,
    seen: HashSet<Node, RandomState>,
}

impl Lists {
    fn loaded(&mut self, owner: Node, nodes: Vec<Node>) {
        self.owned.push((owner, self.targets.len() as u32, nodes.len() as u32));
        self.targets.extend(nodes);
    }

    fn present(&mut self, nodes: Vec<Node>) {
        self.present.extend(&nodes);
        self.targets.extend(nodes);
    }

    fn single(&mut self, target: Node, loaded: bool) {
        if self.seen.insert(target) {
            self.targets.push(target);
            if !loaded {
                self.present.push(target);
            }
        }
    }
}

impl Locked<'_> {
    fn has_row(&self, node: Node) -> bool {
        matches!(self.arena.state(node), State::Persistent | State::Deleting)
    }
}
