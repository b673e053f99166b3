//! Which tables a query reads: what an autoflush asks.
use super::{NearKeys, Select};
use crate::{
    query::{
        Criteria, Include, Join, Parts, Source, Tuples,
        expr::{Expr, Path},
        projection::List,
    },
    schema::{Link, Relationship, RelationshipKind, Table},
};
use std::any::TypeId;

/// The tables that a statement reads, each once.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    /// Those of models, link models included.
    pub tables: Vec<&'static Table>,
    /// Bare link tables, by name.
    pub links: Vec<&'static str>,
    /// The criteria that hold, which read tables too.
    criteria: Criteria,
}

impl Touched {
    /// By a select.
    pub fn by(select: &Select) -> Self {
        let mut touched = Self { criteria: select.criteria.clone(), ..Self::default() };
        touched.select(select);
        touched
    }

    /// By a statement that reads one table.
    pub fn of(table: &'static Table) -> Self {
        Self { tables: vec![table], ..Self::default() }
    }

    /// By a query and all that it loads along.
    pub fn by_parts(parts: &Parts) -> Self {
        let mut touched = Self { criteria: parts.criteria.clone(), ..Self::default() };
        touched.parts(parts);
        touched
    }

    /// By a query of columns and expressions.
    pub fn by_tuples(tuples: &Tuples) -> Self {
        let mut touched = Self { criteria: tuples.parts.criteria.clone(), ..Self::default() };
        touched.tuples(tuples);
        touched
    }

    /// By a query of columns and expressions and the lists of a projection.
    pub fn by_projection(tuples: &Tuples, lists: &[List]) -> Self {
        let mut touched = Self::by_tuples(tuples);
        touched.lists(lists, &mut Vec::new());
        touched
    }

    /// Whether a model's table is among them.
    pub fn has(&self, table: &'static Table) -> bool {
        self.tables.contains(&table)
    }

    /// Whether what lies between the sides of a many-to-many is among them.
    pub fn has_link(&self, link: &Link) -> bool {
        match link {
            Link::Model { table, .. } => self.has(table()),
            Link::Table(table) => self.links.contains(&table.name),
        }
    }

    fn table(&mut self, table: &'static Table) {
        if self.has(table) {
            return;
        }
        self.tables.push(table);
        if let Some(condition) = self.criteria.condition(table) {
            self.expr(&condition);
        }
    }

    /// The target, and the link on the way there.
    fn relationship(&mut self, relationship: &'static Relationship) {
        match relationship.kind {
            RelationshipKind::ManyToMany(Link::Model { table, .. }) => self.table(table()),
            RelationshipKind::ManyToMany(Link::Table(link)) if !self.links.contains(&link.name) => {
                self.links.push(link.name);
            }
            RelationshipKind::ManyToMany(Link::Table(_))
            | RelationshipKind::BelongsTo { .. }
            | RelationshipKind::HasOne(_)
            | RelationshipKind::HasMany(_) => {}
        }
        self.table(relationship.target());
    }

    fn select(&mut self, select: &Select) {
        self.table(select.table);
        self.beyond(select.source.as_deref(), &select.named);
        select.filter.iter().for_each(|filter| self.expr(filter));
        select.order.iter().for_each(|term| self.expr(&term.expr));
        for join in &select.joins {
            self.relationship(join.relationship);
            join.filter.iter().for_each(|filter| self.expr(filter));
            join.order.iter().for_each(|term| self.expr(&term.expr));
        }
        if let Some(near) = &select.near {
            self.relationship(near.relationship);
            if let NearKeys::Of(owners) = &near.keys {
                self.select(owners);
            }
        }
    }

    /// What a query joins by name, and what its rows are taken from.
    fn beyond(&mut self, source: Option<&Source>, joins: &[Join]) {
        for Join { table, along, on, .. } in joins {
            self.table(table);
            if let Some((path, relationship)) = along {
                self.path(path);
                self.relationship(relationship);
            }
            on.iter().for_each(|on| self.expr(on));
        }
        match source {
            None => {}
            Some(Source::Members(queries)) => queries.queries().for_each(|query| self.parts(query)),
            Some(Source::Outputs(_, queries)) => queries.queries().for_each(|query| self.tuples(query)),
            Some(Source::Reachable { from, relationship, depth: _ }) => {
                self.parts(from);
                self.relationship(relationship);
            }
        }
    }

    fn parts(&mut self, parts: &Parts) {
        self.table(parts.table);
        self.beyond(parts.source.as_deref(), &parts.joins);
        parts.filter.iter().for_each(|filter| self.expr(filter));
        parts.order.iter().for_each(|term| self.expr(&term.expr));
        parts.include.iter().for_each(|include| self.include(include));
    }

    /// By what an include loads.
    pub(crate) fn include(&mut self, include: &Include) {
        self.relationship(include.relationship);
        include.filter.iter().for_each(|filter| self.expr(filter));
        include.order.iter().for_each(|term| self.expr(&term.expr));
        include.nested.iter().for_each(|nested| self.include(nested));
    }

    fn tuples(&mut self, tuples: &Tuples) {
        let Tuples { parts, columns, group_by, having } = tuples;
        self.parts(parts);
        columns.iter().chain(group_by).chain(having).for_each(|expr| self.expr(expr));
    }

    /// Each projection once: a list may hold more of its own kind.
    fn lists(&mut self, lists: &[List], known: &mut Vec<TypeId>) {
        for List { path, include, nested } in lists {
            path.iter().for_each(|step| self.relationship(step));
            self.include(include);
            if !known.contains(&nested.id) {
                known.push(nested.id);
                let outline = (nested.outline)();
                outline.columns.iter().for_each(|column| self.expr(column));
                self.lists(&outline.lists, known);
            }
        }
    }

    fn path(&mut self, path: &Path) {
        path.steps.iter().for_each(|step| self.relationship(step));
    }

    /// By an expression.
    pub(crate) fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Column { path, .. } => self.path(path),
            Expr::Linked { path, relationship, owner: _ } => {
                self.path(path);
                self.relationship(relationship);
            }
            Expr::Related { path, relationship, condition } => {
                self.path(path);
                self.relationship(relationship);
                condition.iter().for_each(|condition| self.expr(condition));
            }
            Expr::OfRelated { path, relationship, condition, value } => {
                self.path(path);
                self.relationship(relationship);
                condition.iter().chain([value]).for_each(|expr| self.expr(expr));
            }
            Expr::Exists(query) | Expr::Scalar(query) => {
                self.path(&query.path);
                self.tuples(&query.tuples);
            }
            Expr::InQuery(_, query) => self.tuples(query),
            _ => {}
        }
        expr.parts(&mut |part| self.expr(part));
    }
}
