//! What a query joins, and what is loaded after it: a pure function of the query and the declarations.
use crate::{
    query::{Criteria, Include, Parts, expr::OrderTerm},
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
}

/// The models on the way to a relationship, the root first.
pub(super) type Path = Vec<&'static Table>;

/// Plans a query under criteria.
pub(super) fn plan(parts: &Parts, criteria: Criteria) -> Plan {
    let select = Select { criteria, ..Select::from_parts(parts) };
    plan_select(select, &parts.include, &mut vec![parts.table])
}

/// Plans a query whose rows are taken in batches: relationships to many are not joined, and no later statement repeats it.
pub(super) fn plan_stream(parts: &Parts) -> Plan {
    let plan = Plan { whole: false, single: true, ..Plan::new(Select::from_parts(parts)) };
    plan.load(&parts.include, &mut vec![parts.table])
}

/// The tables that a query reads, those of the loads that attributes add among them.
pub(crate) fn touched(parts: &Parts) -> Touched {
    let mut touched = Touched::by_parts(parts);
    let mut path = vec![parts.table];
    touch(&with_defaults(parts.table, &parts.include, &path), &mut path, &mut touched);
    touched
}

/// The tables that a lazy load reads.
pub(crate) fn touched_near(include: &Include, criteria: Criteria) -> Touched {
    let relationship = include.relationship;
    let mut touched = Touched::by(&Select::near(relationship, Vec::new(), criteria));
    touch(std::slice::from_ref(include), &mut vec![relationship.owner()], &mut touched);
    touched
}

fn touch(includes: &[Include], path: &mut Path, touched: &mut Touched) {
    for include in includes {
        touched.include(include);
        path.push(include.relationship.target());
        // A further level of the same relationship reads no other table.
        let below = below(&Include { recursive: None, ..include.clone() }, path);
        touch(&below, path, touched);
        path.pop();
    }
}

fn plan_select(select: Select, includes: &[Include], path: &mut Path) -> Plan {
    Plan::new(select).load(includes, path)
}

#[derive(Clone, Copy)]
struct At {
    table: &'static Table,
    part: usize,
    /// Whether all joins on the way are inner ones.
    inner: bool,
}

impl Plan {
    fn new(select: Select) -> Self {
        Self { select, after: Vec::new(), includes: vec![Vec::new()], whole: true, single: false }
    }

    fn load(mut self, includes: &[Include], path: &mut Path) -> Self {
        let table = self.select.table;
        self.expand(At { table, part: 0, inner: true }, includes, path);
        self
    }

    fn expand(&mut self, at: At, includes: &[Include], path: &mut Path) {
        for mut include in with_defaults(at.table, includes, path) {
            include.without_criteria = self.select.criteria.are_ignored_by(&include);
            self.includes[at.part].push(include.clone());
            match include.strategy() {
                Strategy::Joined if self.may_join(at, &include) => self.join(at, include, false, path),
                Strategy::InnerJoined if self.may_join(at, &include) => self.join(at, include, at.inner, path),
                Strategy::Joined
                | Strategy::InnerJoined
                | Strategy::SelectIn
                | Strategy::Subquery
                | Strategy::Immediate => self.follow(at, include, path),
                Strategy::Lazy | Strategy::Raise | Strategy::NoLoad => {}
            }
        }
    }

    fn follow(&mut self, at: At, include: Include, path: &Path) {
        let criteria = self.select.criteria.following();
        self.after.push(After { part: at.part, include, path: path.clone(), criteria });
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
            order,
            without_criteria: include.without_criteria,
        });
        self.includes.push(Vec::new());
        path.push(target);
        self.expand(At { table: target, part: self.select.joins.len(), inner }, &include.nested, path);
        path.pop();
    }
}

/// What a query names, and what the model's attributes load where it says nothing. Attributes stop at the way back and at
/// a model that is on the path already.
fn with_defaults(table: &'static Table, includes: &[Include], path: &[&'static Table]) -> Vec<Include> {
    let mut all = includes.to_vec();
    for relationship in table.relationships {
        let named = includes.iter().any(|include| std::ptr::eq(include.relationship, relationship));
        if !named && is_default(relationship) && !path.contains(&relationship.target()) {
            all.push(Include { strategy: relationship.load, ..Include::new(relationship) });
        }
    }
    all
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
        let deeper = Include { recursive: Some(depth - 1), ..include.clone() };
        Include::merge(&mut nested, deeper);
    }
    with_defaults(include.relationship.target(), &nested, path)
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
    plan_select(select, &nested, &mut path)
}
