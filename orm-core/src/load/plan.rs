//! What a query joins, and what is loaded after it: a pure function of the query and the declarations.
use super::met::Met;
use crate::{
    query::{
        Criteria, DefaultLoads, Include, Parts,
        expr::{Expr, OrderTerm, Path as Way, Start},
        same,
    },
    schema::{Relationship, Strategy, Table},
    sql::{JoinNode, NearKeys, Select, Touched},
};

/// A query made ready: one statement, then more for the rows of its parts.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) select: Select,
    pub(super) after: Vec<After>,
    /// What each part was asked to load, for what entities remember: part 0 is the root, part `n` the join `n - 1`.
    pub(super) includes: Vec<Vec<Include>>,
    /// Whether the select gives all rows of the root; not where its keys had to be asked for in pieces.
    pub(super) whole: bool,
    /// How relationships are loaded that nothing names.
    defaults: DefaultLoads,
    /// Whether each row of the result is a row of the root, so that rows can be taken in batches.
    single: bool,
}

/// A relationship that is loaded after the statement, for the rows of one of its parts.
#[derive(Debug, Clone)]
pub(super) struct After {
    pub(super) part: usize,
    pub(super) include: Include,
    /// The models on the way to it, its owner last.
    pub(super) path: Path,
    pub(super) criteria: Criteria,
    /// For plain values: what a recursion to the leaves has met before this level of it.
    pub(super) met: Option<Met>,
}

/// The models on the way to a relationship, the root first.
pub(super) type Path = Vec<&'static Table>;

/// Plans a query under criteria.
pub(super) fn plan(parts: Parts, criteria: Criteria) -> Plan {
    let (table, include, defaults) = (parts.table, parts.include.clone(), parts.defaults.clone());
    let select = Select { criteria, ..Select::of(parts) };
    Plan::new(select, &defaults).load(&include, &mut vec![table])
}

/// Plans a query whose rows are taken in batches: relationships to many are not joined, and no later statement repeats it.
pub(super) fn plan_stream(parts: &Parts) -> Plan {
    let plan = Plan { whole: false, single: true, ..Plan::new(Select::from_parts(parts), &parts.defaults) };
    plan.load(&parts.include, &mut vec![parts.table])
}

/// The tables that a query reads, those of the loads that attributes add among them.
pub(crate) fn touched(parts: &Parts) -> Touched {
    let mut touched = Touched::by_parts(parts);
    let mut path = vec![parts.table];
    touch(&with_defaults(&parts.include, &path, &parts.defaults), &mut path, &mut touched);
    touched
}

/// The tables that a lazy load reads.
pub(crate) fn touched_near(include: &Include, criteria: Criteria) -> Touched {
    let relationship = include.relationship;
    let mut touched = Touched::by(&Select::near(relationship, Vec::new(), criteria));
    touch_one(include, &mut vec![relationship.owner()], &mut touched);
    touched
}

fn touch(includes: &[Include], path: &mut Path, touched: &mut Touched) {
    // What is only read when it is awaited is read by a statement of its own.
    for include in includes.iter().filter(|include| include.strategy().is_eager()) {
        touch_one(include, path, touched);
    }
}

fn touch_one(include: &Include, path: &mut Path, touched: &mut Touched) {
    touched.include(include);
    path.push(include.relationship.target());
    // A further level of the same relationship reads no other table.
    let below = below(&Include { recursive: None, ..include.clone() }, path);
    touch(&below, path, touched);
    path.pop();
}

#[derive(Clone, Copy)]
struct At {
    part: usize,
    /// Whether owners without a target may be left out: rows of the query itself, and what only inner joins to one lead to.
    inner: bool,
}

impl Plan {
    fn new(select: Select, defaults: &DefaultLoads) -> Self {
        let defaults = defaults.clone();
        Self { select, after: Vec::new(), includes: vec![Vec::new()], whole: true, defaults, single: false }
    }

    fn load(mut self, includes: &[Include], path: &mut Path) -> Self {
        // Targets of a relationship are members, none of which may be lost.
        let inner = self.select.near.is_none();
        self.expand(At { part: 0, inner }, includes, path);
        self.limit_after_inner_joins();
        self
    }

    fn expand(&mut self, at: At, includes: &[Include], path: &mut Path) {
        for mut include in with_defaults(includes, path, &self.defaults) {
            include.without_criteria = self.select.criteria.are_ignored_by(&include);
            self.includes[at.part].push(include.clone());
            match include.strategy() {
                Strategy::Joined if self.may_join(at, &include) => self.join(at, include, false, path),
                Strategy::InnerJoined if self.may_join(at, &include) => self.join(at, include, at.inner, path),
                Strategy::InnerJoined => {
                    self.leave_out(at, &include);
                    self.load_later(at, include, path);
                }
                Strategy::Joined | Strategy::SelectIn | Strategy::Subquery | Strategy::Immediate => {
                    self.load_later(at, include, path);
                }
                Strategy::Lazy | Strategy::Raise | Strategy::RaiseOnSql | Strategy::NoLoad => {}
            }
        }
    }

    /// Whether nothing is sent after the statement.
    pub(super) fn is_alone(&self) -> bool {
        self.after.is_empty() && !self.includes.iter().flatten().any(Include::counts)
    }

    fn load_later(&mut self, at: At, include: Include, path: &Path) {
        let criteria = self.select.criteria.following();
        self.after.push(After { part: at.part, include, path: path.clone(), criteria, met: None });
    }

    /// Rows for which an inner join would find nothing, though it is not joined.
    fn leave_out(&mut self, at: At, include: &Include) {
        if at.inner {
            self.require(at.part, include.relationship, include.filter.clone());
        }
    }

    /// A limit that counts rows of the root in front of the joins must not count those that inner joins leave out.
    fn limit_after_inner_joins(&mut self) {
        let limited = self.select.limit.is_some() || self.select.offset.is_some();
        if !(limited && self.select.joins.iter().any(|join| join.relationship.is_to_many())) {
            return;
        }
        let inner = self.select.joins.iter().filter(|join| join.inner);
        let inner: Vec<_> = inner.map(|join| (join.parent, join.relationship, join.filter.clone())).collect();
        for (parent, relationship, filter) in inner {
            self.require(parent.map_or(0, |parent| parent + 1), relationship, filter);
        }
    }

    /// Only rows from which a relationship of a part leads to a target.
    fn require(&mut self, part: usize, relationship: &'static Relationship, condition: Option<Expr>) {
        let path = Way { start: Start::Root, steps: self.steps(part) };
        let there = Expr::Related { path, relationship, condition: condition.map(Box::new) };
        self.select.filter = Some(match self.select.filter.take() {
            Some(filter) => filter.and(there),
            None => there,
        });
    }

    /// The relationships that lead from the root to a part.
    fn steps(&self, part: usize) -> Vec<&'static Relationship> {
        let Some(join) = part.checked_sub(1).map(|join| &self.select.joins[join]) else { return Vec::new() };
        let mut steps = self.steps(join.parent.map_or(0, |parent| parent + 1));
        steps.push(join.relationship);
        steps
    }

    /// Whether joining keeps the rows as many as one collection makes them: a second collection beside the first would
    /// multiply them, and a limit for each owner cannot be joined.
    fn may_join(&self, at: At, include: &Include) -> bool {
        if include.from_join.is_some() {
            return true;
        }
        // Rows that the query's own joins repeat could not be told from those of another collection.
        let many_in_batches = include.relationship.is_to_many() && (self.single || !self.select.named.is_empty());
        if include.limit.is_some() || include.recursive.is_some() || many_in_batches {
            return false;
        }
        let many = self.select.joins.iter().rposition(|join| join.relationship.is_to_many());
        !include.relationship.is_to_many() || many.is_none_or(|many| self.is_below(at.part, many + 1))
    }

    fn is_below(&self, mut part: usize, ancestor: usize) -> bool {
        while part != ancestor {
            match part.checked_sub(1).and_then(|join| self.select.joins[join].parent) {
                Some(parent) => part = parent + 1,
                None => return false,
            }
        }
        true
    }

    fn join(&mut self, at: At, include: Include, inner: bool, path: &mut Path) {
        let target = include.relationship.target();
        let mut order = include.order.clone();
        order.extend(OrderTerm::of(target, include.relationship.order_by));
        self.select.joins.push(JoinNode {
            parent: at.part.checked_sub(1),
            relationship: include.relationship,
            named: include.from_join,
            inner,
            deferred: include.deferred,
            filter: include.filter.clone(),
            without_criteria: include.without_criteria,
            order,
        });
        self.includes.push(Vec::new());
        path.push(target);
        let inner = inner && !include.relationship.is_to_many();
        self.expand(At { part: self.select.joins.len(), inner }, &include.nested, path);
        path.pop();
    }
}

/// What a query names of the relationships of the last model of a path, and what it or the model's attributes say of the
/// others.
fn with_defaults(includes: &[Include], path: &[&'static Table], defaults: &DefaultLoads) -> Vec<Include> {
    let mut all = includes.to_vec();
    let owner = path.last().into_iter();
    for relationship in owner.flat_map(|table| table.relationships) {
        if !includes.iter().any(|include| same(include.relationship, relationship)) {
            all.extend(unnamed(relationship, path, defaults));
        }
    }
    all.iter_mut().for_each(|include| include.defaults.clone_from(defaults));
    all
}

/// How a relationship is loaded that a query does not name, if anything says so. Where the query says something of others,
/// each says what it is, so that lazy loads go on with it.
fn unnamed(relationship: &'static Relationship, path: &[&'static Table], defaults: &DefaultLoads) -> Option<Include> {
    let include = |strategy| Include { strategy: Some(strategy), ..Include::new(relationship) };
    let asked = defaults.of(relationship.owner());
    let declared = |strategy| Include { unnamed: asked.is_none(), ..include(strategy) };
    let lazy = || (!defaults.is_empty()).then(|| Include { unnamed: true, ..include(Strategy::Lazy) });
    match asked.or(relationship.load) {
        Some(strategy) if strategy.is_eager() => eager(include(strategy), path).or_else(lazy),
        Some(Strategy::NoLoad) if asked.is_none() && path.contains(&relationship.target()) => lazy(),
        Some(strategy) if asked.is_some() || strategy == Strategy::NoLoad || !defaults.is_empty() => {
            Some(declared(strategy))
        }
        _ => lazy(),
    }
}

/// A load that nobody named stops at the way back and at a model that is on the path already; one that leads to its own
/// model goes down as many levels as it declares.
fn eager(include: Include, path: &[&'static Table]) -> Option<Include> {
    let (target, depth) = (include.relationship.target(), include.relationship.load_depth);
    match path.iter().filter(|table| **table == target).count() {
        0 => Some(include),
        1 if depth > 0 && include.relationship.owner() == target => Some(Include { recursive: Some(depth), ..include }),
        _ => None,
    }
}

/// Whether the declaration says what a query does about a relationship that it does not name.
fn is_default(relationship: &Relationship) -> bool {
    relationship.load.is_some_and(|load| load.is_eager() || load == Strategy::NoLoad)
}

/// Whether a query of a model that names nothing loads nothing along.
pub(crate) fn loads_alone(table: &'static Table) -> bool {
    !table.relationships.iter().any(is_default)
}

/// What is loaded with the targets of an include: what it names, further levels of itself, and what attributes say. The
/// path ends with the targets' model.
pub(super) fn below(include: &Include, path: &[&'static Table]) -> Vec<Include> {
    let mut nested = include.nested.clone();
    if let Some(depth) = include.recursive.filter(|depth| *depth > 1) {
        let depth = if depth == u32::MAX { depth } else { depth - 1 };
        Include::merge(&mut nested, Include { recursive: Some(depth), ..include.clone() });
    }
    with_defaults(&nested, path, &include.defaults)
}

/// Whether a load is the next level of a recursion.
pub(super) fn is_deeper(include: &Include, below: &Include) -> bool {
    include.recursive.is_some() && below.recursive.is_some() && same(include.relationship, below.relationship)
}

/// The select for the targets of an include from certain owners, and what it plans for them; `path` ends with the owners'
/// model.
pub(super) fn plan_near(include: &Include, keys: NearKeys, path: &[&'static Table], criteria: &Criteria) -> Plan {
    let relationship = include.relationship;
    let mut select = Select::near(relationship, Vec::new(), criteria.of_targets(include));
    select.deferred = include.deferred;
    select.filter = include.filter.clone();
    select.order.splice(0..0, include.order.iter().cloned());
    if let Some(near) = &mut select.near {
        near.limit = include.limit;
        near.keys = keys;
    }
    let mut path = [path, &[relationship.target()]].concat();
    let nested = below(include, &path);
    Plan::new(select, &include.defaults).load(&nested, &mut path)
}
