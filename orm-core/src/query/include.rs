//! What a query loads along with its rows, without types: a tree of relationships.
use super::{
    DefaultLoads,
    expr::{Expr, OrderTerm},
    path,
};
use crate::schema::{Relationship, Strategy};

/// A relationship to load, and what to load with its targets.
#[derive(Debug, Clone)]
pub struct Include {
    /// The relationship.
    pub relationship: &'static Relationship,
    /// How; by default as the relationship says, else joined for to-one and select-in for to-many.
    pub strategy: Option<Strategy>,
    /// Which targets, of which the target is the root; then the load is partial.
    pub filter: Option<Expr>,
    /// In which order, before the relationship's own.
    pub order: Vec<OrderTerm>,
    /// At most so many for each owner; then the load is partial.
    pub limit: Option<u64>,
    /// What to load with the targets.
    pub nested: Vec<Include>,
    /// Whether the targets' deferred columns are loaded too.
    pub deferred: bool,
    /// Whether the number of targets is loaded too.
    pub count: bool,
    /// For a relationship to its own model: how many levels; `u32::MAX` is all.
    pub recursive: Option<u32>,
    /// The name of the query's own join that gives the targets; then the load is partial.
    pub from_join: Option<&'static str>,
    /// Whether targets that global criteria hide are loaded too; then the load is partial.
    pub without_criteria: bool,
    /// Whether its query says nothing of it: it is there for what is said of others, below it.
    pub unnamed: bool,
    /// How relationships below it are loaded that nothing names; the planner sets it.
    pub defaults: DefaultLoads,
}

impl Include {
    /// The relationship, with nothing else said.
    pub fn new(relationship: &'static Relationship) -> Self {
        Self {
            relationship,
            strategy: None,
            filter: None,
            order: Vec::new(),
            limit: None,
            nested: Vec::new(),
            deferred: false,
            count: false,
            recursive: None,
            from_join: None,
            without_criteria: false,
            unnamed: false,
            defaults: DefaultLoads::default(),
        }
    }

    /// Whether other targets are loaded than all that the session sees.
    pub fn is_partial(&self) -> bool {
        self.filter.is_some() || self.limit.is_some() || self.from_join.is_some() || self.without_criteria
    }

    /// The strategy: the one said here, else the relationship's own if that is an eager one, else joined for to-one and
    /// select-in for to-many.
    pub fn strategy(&self) -> Strategy {
        use Strategy::{Immediate, InnerJoined, Joined, Lazy, NoLoad, Raise, RaiseOnSql, SelectIn, Subquery};
        let default = if self.relationship.is_to_many() { SelectIn } else { Joined };
        self.strategy.unwrap_or(match self.relationship.load {
            Some(eager @ (SelectIn | Joined | InnerJoined | Subquery | Immediate)) => eager,
            Some(Lazy | Raise | RaiseOnSql | NoLoad) | None => default,
        })
    }

    /// Adds a relationship to its siblings. If it is among them already, both become one: what the later one says counts,
    /// filters must both hold, and what is nested is added in the same way.
    pub(crate) fn merge(siblings: &mut Vec<Self>, later: Self) {
        match siblings.iter_mut().find(|sibling| path::same(sibling.relationship, later.relationship)) {
            Some(sibling) => sibling.take_in(later),
            None => siblings.push(later),
        }
    }

    /// Whether the number of targets is all that is to be loaded.
    fn only_counts(&self) -> bool {
        self.count && self.strategy == Some(Strategy::Lazy)
    }

    fn take_in(&mut self, later: Self) {
        let only_counts = (self.only_counts(), later.only_counts());
        let Self {
            relationship: _,
            strategy,
            filter,
            order,
            limit,
            nested,
            deferred,
            count,
            recursive,
            from_join,
            without_criteria,
            unnamed,
            defaults: _,
        } = later;
        self.strategy = match only_counts {
            (true, false) => strategy,
            (false, true) => self.strategy,
            (true, true) | (false, false) => strategy.or(self.strategy),
        };
        self.filter = match (self.filter.take(), filter) {
            (Some(a), Some(b)) => Some(a.and(b)),
            (a, b) => a.or(b),
        };
        if !order.is_empty() {
            self.order = order;
        }
        self.limit = limit.or(self.limit);
        self.deferred |= deferred;
        self.count |= count;
        self.recursive = recursive.or(self.recursive);
        self.from_join = from_join.or(self.from_join);
        self.without_criteria |= without_criteria;
        self.unnamed &= unnamed;
        nested.into_iter().for_each(|include| Self::merge(&mut self.nested, include));
    }
}
