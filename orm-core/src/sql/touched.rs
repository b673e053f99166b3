//! Which tables a query reads: what an autoflush asks.
use super::{NearKeys, Select};
use crate::{
    query::{Include, Parts, Tuples, expr::Expr},
    schema::{Link, Relationship, RelationshipKind, Table},
};

/// The tables that a statement reads, each once.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    /// Those of models, link models included.
    pub tables: Vec<&'static Table>,
    /// Bare link tables, by name.
    pub links: Vec<&'static str>,
}

impl Touched {
    /// By a select.
    pub fn by(select: &Select) -> Self {
        let mut touched = Self::default();
        touched.select(select);
        touched
    }

    /// By a statement that reads one table.
    pub fn of(table: &'static Table) -> Self {
        Self { tables: vec![table], links: Vec::new() }
    }

    /// By a query and all that it loads along.
    pub fn by_parts(parts: &Parts) -> Self {
        let mut touched = Self::default();
        touched.parts(parts);
        touched
    }

    /// By a query of columns and expressions.
    pub fn by_tuples(tuples: &Tuples) -> Self {
        let mut touched = Self::default();
        touched.tuples(tuples);
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
        if !self.has(table) {
            self.tables.push(table);
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

    fn parts(&mut self, parts: &Parts) {
        self.table(parts.table);
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

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Column { path, .. } => path.iter().for_each(|step| self.relationship(step)),
            Expr::Value(_) | Expr::Given { .. } => {}
            Expr::Binary(a, _, b) => [a, b].into_iter().for_each(|part| self.expr(part)),
            Expr::All(parts) | Expr::Any(parts) | Expr::Function(_, parts) => {
                parts.iter().for_each(|part| self.expr(part));
            }
            Expr::Not(inner)
            | Expr::IsNull(inner)
            | Expr::In(inner, _)
            | Expr::Like { text: inner, .. }
            | Expr::Cast(inner, _) => self.expr(inner),
            Expr::InQuery(inner, query) => {
                self.expr(inner);
                self.tuples(query);
            }
            Expr::Between(value, low, high) => [value, low, high].into_iter().for_each(|part| self.expr(part)),
            Expr::Linked { path, relationship, owner: _ } => {
                path.iter().for_each(|step| self.relationship(step));
                self.relationship(relationship);
            }
            Expr::Related { path, relationship, condition } => {
                path.iter().for_each(|step| self.relationship(step));
                self.relationship(relationship);
                condition.iter().for_each(|condition| self.expr(condition));
            }
        }
    }
}
