//! What entities remember of the result they were reached through: who came with them, and what was asked to be loaded.
use super::{Members, Memory, Nodes, counts::Counts};
use crate::{
    fast::{HashMap, HashSet},
    model::Node,
    query::Include,
    schema::{Relationship, Strategy},
};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The number of a result within its session.
pub(crate) type ResultId = u32;

/// The result of an entity that came alone.
pub(crate) const ALONE: ResultId = u32::MAX;

/// One result: the entities of a query, or the targets that one load found for all its owners.
pub(crate) struct ResultSet {
    pub(crate) nodes: Nodes,
    /// What its query asked to load, and what of that is read from elsewhere than the whole collection.
    pub(crate) includes: Vec<Include>,
    positions: OnceLock<HashMap<Node, u32>>,
    /// In a box that is made when it is needed: most results are only walked.
    state: OnceLock<Box<Mutex<ResultState>>>,
}

/// What an entity is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Awaited {
    /// The targets of the relationship at that position.
    Targets(u16),
    /// Their number.
    Count(u16),
    /// The column at that position, which was left out.
    Column(u16),
}

/// What happened to a result since.
#[derive(Default)]
pub(crate) struct ResultState {
    /// The results that hold the targets of relationships.
    children: HashMap<u16, Children>,
    /// What has been awaited of one entity.
    pub(crate) awaited: HashSet<Awaited>,
    pub(super) counts: Counts,
    /// Filtered and limited loads.
    pub(crate) partial: HashMap<(Node, u16), Members>,
}

/// Where the targets of one relationship of a result's entities are: in one result, if they were loaded with all, else in
/// one for each load.
#[derive(Default)]
struct Children {
    all: Option<ResultId>,
    /// Of loads for one entity, by its position.
    single: HashMap<u32, ResultId>,
    /// Of loads for several, by their first and last positions. What a load left out between them was loaded before.
    ranges: Vec<(u32, u32, ResultId)>,
}

impl Children {
    fn at(&self, position: Option<u32>) -> Option<ResultId> {
        let own = position.and_then(|position| {
            let within = |(first, last, _): &&(u32, u32, ResultId)| (*first..=*last).contains(&position);
            let range = || self.ranges.iter().find(within).map(|(_, _, result)| *result);
            self.single.get(&position).copied().or_else(range)
        });
        own.or(self.all)
    }

    fn is_divided(&self) -> bool {
        !(self.single.is_empty() && self.ranges.is_empty())
    }
}

impl ResultSet {
    pub(crate) fn new(nodes: Nodes, includes: Vec<Include>) -> Self {
        Self { nodes, includes, positions: OnceLock::new(), state: OnceLock::new() }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, ResultState> {
        self.state.get_or_init(Box::default).lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where an entity is in the result; the first place, if there are several.
    pub(crate) fn position(&self, node: Node) -> Option<usize> {
        match &self.nodes {
            Nodes::Run { chunk, start, len } => {
                let position = node.row.checked_sub(*start).filter(|position| position < len && node.chunk == *chunk);
                position.map(|position| position as usize)
            }
            Nodes::List(nodes) => {
                let positions = self.positions.get_or_init(|| {
                    let places = nodes.iter().enumerate().rev();
                    places.map(|(position, node)| (*node, position as u32)).collect()
                });
                positions.get(&node).map(|position| *position as usize)
            }
        }
    }

    /// What was asked of a relationship.
    pub(crate) fn include(&self, relationship: &Relationship) -> Option<&Include> {
        self.includes.iter().find(|include| std::ptr::eq(include.relationship, relationship))
    }
}

impl Memory {
    /// Keeps a result.
    pub(crate) fn keep(&self, result: ResultSet) -> ResultId {
        self.results.push(result) as ResultId
    }

    pub(crate) fn result(&self, result: ResultId) -> Option<&ResultSet> {
        let place = result as usize;
        (place < self.results.len()).then(|| &self.results[place])
    }

    /// The strategy for a relationship of an entity of that result: the query's, else the declared one.
    pub(crate) fn strategy(&self, result: ResultId, relationship: &'static Relationship) -> Option<Strategy> {
        let asked = self.result(result).and_then(|result| result.include(relationship));
        asked.map(Include::strategy).or(relationship.load)
    }

    /// The result that holds the targets of a relationship of an entity of a result.
    pub(crate) fn child_result(&self, (result, node): (ResultId, Node), relation: u16) -> ResultId {
        let Some(result) = self.result(result) else { return ALONE };
        let state = result.state();
        let Some(children) = state.children.get(&relation) else { return ALONE };
        let position = if children.is_divided() { result.position(node) } else { None };
        children.at(position.map(|position| position as u32)).unwrap_or(ALONE)
    }

    /// Remembers the result that holds the targets of those owners of a result; of all, if none are named.
    pub(crate) fn set_child_result(&self, (result, owners): (ResultId, &[Node]), relation: u16, child: ResultId) {
        let Some(result) = self.result(result) else { return };
        let mut positions = owners.iter().filter_map(|owner| result.position(*owner)).map(|position| position as u32);
        let (first, last) = (positions.next(), positions.next_back());
        let mut state = result.state();
        let children = state.children.entry(relation).or_default();
        match (first, last) {
            _ if owners.len() >= result.nodes.len() => *children = Children { all: Some(child), ..Children::default() },
            (Some(only), None) => _ = children.single.insert(only, child),
            (Some(first), Some(last)) => children.ranges.push((first, last, child)),
            (None, _) => children.all = Some(child),
        }
    }

    /// What filtered and limited loads found for entities by other results holds for them by this one.
    pub(crate) fn repeat_partial(&self, to: ResultId, relation: u16, from: &HashMap<Node, ResultId>) {
        for (node, from) in from.iter().filter(|(_, from)| **from != to) {
            let found = self.result(*from).and_then(|from| from.state().partial.get(&(*node, relation)).cloned());
            if let (Some(members), Some(to)) = (found, self.result(to)) {
                to.state().partial.entry((*node, relation)).or_insert(members);
            }
        }
    }

    /// The results of relationships that one result was told of belong to another one.
    pub(crate) fn move_children(&self, from: ResultId, to: ResultId) {
        let (Some(from), Some(to)) = (self.result(from), self.result(to)) else { return };
        let (children, partial, counts) = {
            let mut state = from.state();
            let counts = std::mem::take(&mut state.counts);
            (std::mem::take(&mut state.children), std::mem::take(&mut state.partial), counts)
        };
        let mut state = to.state();
        state.children.extend(children);
        state.partial.extend(partial);
        state.counts.take_over(counts);
    }
}
