//! Global criteria: conditions that hold for all rows of a model, wherever a query meets them.
use super::{Include, Predicate, expr::Expr};
use crate::{
    model::Record,
    schema::{Link, Relationship, RelationshipKind, Table},
    value::Value,
};
use std::sync::Arc;

/// Which global criteria hold for a query: those that models declare, and those of the database handle that runs it.
#[derive(Debug, Clone, Default)]
pub struct Criteria {
    mode: Mode,
    given: Given,
}

/// How far criteria reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Mode {
    /// As in the query around it; what the session reads for itself has none around it.
    #[default]
    Inherited,
    /// Nowhere.
    Ignored,
    /// Everywhere but at the rows of the query itself.
    Beyond,
    /// Everywhere.
    Applied,
}

/// The criteria of a database handle. Most have none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given(Option<Arc<[Criterion]>>);

#[derive(Debug, Clone)]
struct Criterion {
    table: &'static Table,
    condition: Expr,
}

impl Given {
    /// These and one more.
    pub(crate) fn with<M: Record>(&self, condition: Predicate<M>) -> Self {
        let more = Criterion { table: M::table(), condition: condition.expr };
        Self(Some(self.all().iter().cloned().chain([more]).collect()))
    }

    /// As they hold for a query.
    pub(crate) fn applied(&self) -> Criteria {
        Criteria { mode: Mode::Applied, given: self.clone() }
    }

    /// Whether rows of a table may be hidden.
    pub(crate) fn concern(&self, table: &'static Table) -> bool {
        table.has_criteria() || self.all().iter().any(|criterion| criterion.table == table)
    }

    /// Whether targets of a relationship may be hidden, or the links that lead to them.
    pub(crate) fn concern_targets(&self, relationship: &Relationship) -> bool {
        let link = link_model(relationship);
        self.concern(relationship.target()) || link.is_some_and(|link| self.concern(link))
    }

    fn all(&self) -> &[Criterion] {
        self.0.as_deref().unwrap_or_default()
    }

    /// What must hold for the rows of a table, asked now.
    fn condition(&self, table: &'static Table) -> Option<Expr> {
        let soft = table.soft_delete.map(|column| alive(table, column));
        let declared = table.criteria.iter().map(|criterion| criterion());
        let given = self.all().iter().filter(|criterion| criterion.table == table);
        let all = soft.into_iter().chain(declared).chain(given.map(|criterion| criterion.condition.clone()));
        all.filter(|condition| !condition.is_always()).reduce(Expr::and)
    }
}

impl Criteria {
    /// What the query asks for, where it is run by a handle with these criteria.
    pub(crate) fn run_with(&self, given: &Given) -> Self {
        match self.mode {
            Mode::Inherited => given.applied(),
            mode => Self { mode, given: given.clone() },
        }
    }

    /// As [`run_with`](Self::run_with); rows that the session asks for by itself are found whether they are hidden or not.
    pub(crate) fn load_with(&self, given: &Given) -> Self {
        match self.mode {
            Mode::Inherited => given.applied().beyond(),
            _ => self.clone(),
        }
    }

    /// Nowhere, whatever holds around it.
    pub(crate) fn ignored() -> Self {
        Self { mode: Mode::Ignored, given: Given::default() }
    }

    /// The same, but for the rows of the query itself.
    pub(crate) fn beyond(&self) -> Self {
        let mode = if self.mode == Mode::Applied { Mode::Beyond } else { self.mode };
        Self { mode, given: self.given.clone() }
    }

    /// The same for queries that follow this one.
    pub(crate) fn following(&self) -> Self {
        let mode = if self.mode == Mode::Beyond { Mode::Applied } else { self.mode };
        Self { mode, given: self.given.clone() }
    }

    /// Those that hold for a query inside of one for which these hold.
    pub(crate) fn around(&self, inner: &Self) -> Self {
        if inner.mode == Mode::Inherited { self.following() } else { inner.following() }
    }

    pub(crate) fn is_ignored(&self) -> bool {
        self.mode == Mode::Ignored
    }

    /// Whether the rows of the query itself are all found.
    pub(crate) fn spares_root(&self) -> bool {
        self.mode == Mode::Beyond
    }

    /// Whether an include of the query gives what criteria would hide.
    pub(crate) fn are_ignored_by(&self, include: &Include) -> bool {
        (include.without_criteria || self.is_ignored()) && self.concern_targets(include.relationship)
    }

    /// Those for the targets of an include.
    pub(crate) fn of_targets(&self, include: &Include) -> Self {
        if include.without_criteria { self.beyond() } else { self.clone() }
    }

    /// Whether targets of a relationship may be hidden from who does not ignore that.
    pub(crate) fn concern_targets(&self, relationship: &Relationship) -> bool {
        self.given.concern_targets(relationship)
    }

    /// Whether rows of a table may be hidden from this query.
    pub(crate) fn hold_for(&self, table: &'static Table) -> bool {
        matches!(self.mode, Mode::Applied | Mode::Beyond) && self.given.concern(table)
    }

    /// What must hold for the rows of a table.
    pub(crate) fn condition(&self, table: &'static Table) -> Option<Expr> {
        if self.hold_for(table) { self.given.condition(table) } else { None }
    }
}

/// That a row is not softly deleted.
pub(crate) fn alive(table: &'static Table, column: u16) -> Expr {
    if table.columns[usize::from(column)].nullable {
        return Expr::IsNull(Box::new(Expr::column(table, column)));
    }
    Expr::equal(table, column, Value::Bool(Some(false)))
}

/// The model between the sides of a many-to-many.
fn link_model(relationship: &Relationship) -> Option<&'static Table> {
    match relationship.kind {
        RelationshipKind::ManyToMany(Link::Model { table, .. }) => Some(table()),
        _ => None,
    }
}

/// A criterion that a model declares, without its type: part of generated code.
pub fn criterion<M>(predicate: Predicate<M>) -> Expr {
    predicate.expr
}
