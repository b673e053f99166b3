//! The models of a program, closed over everything that they are related to.
use super::{Link, Relationship, RelationshipKind, Table, TableRef, verify};
use crate::error::Result;
use hashbrown::{HashMap, HashSet};
use std::any::TypeId;

/// The tables of some models and of all models that they are related to, in an order in which they can be created.
///
/// Made by [`schema!`](crate::schema!). SQLAlchemy's `MetaData`, EF Core's model.
#[derive(Debug, Clone)]
pub struct Schema {
    tables: Vec<&'static Table>,
}

impl Schema {
    /// The schema of these models and of all that they lead to.
    pub fn of(roots: &[TableRef]) -> Self {
        let roots = roots.iter().map(|root| root()).collect();
        Self { tables: dependency_order(&closure(roots)) }
    }

    /// The tables, each after those that its foreign keys reference, as far as there is such an order.
    ///
    /// Views are among them; they are neither created nor dropped.
    pub fn tables(&self) -> &[&'static Table] {
        &self.tables
    }

    /// Checks that the models fit together, as far as their derives could not see it.
    ///
    /// Everything that creates tables does this first.
    ///
    /// # Errors
    /// They do not; the error lists every place.
    pub fn verify(&self) -> Result<()> {
        verify::verify(&self.tables)
    }
}

/// The schema of the models named, closed over the models that they are related to.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let schema = orm::schema![User, Order];
/// println!("{}", schema.ddl(orm::Dialect::Postgres)?);
/// # Ok(()) }
/// ```
#[macro_export]
macro_rules! schema {
    ($($model:ty),* $(,)?) => {
        $crate::schema::Schema::of(&[$(<$model as $crate::model::Record>::table),*])
    };
}

/// The tables and all that they lead to, each once, in the order in which they are met.
fn closure(roots: Vec<&'static Table>) -> Vec<&'static Table> {
    let mut seen = HashSet::new();
    let mut tables: Vec<_> = roots.into_iter().filter(|table| seen.insert((table.id)())).collect();
    let mut next = 0;
    while let Some(table) = tables.get(next).copied() {
        tables.extend(related(table).filter(|table| seen.insert((table.id)())));
        next += 1;
    }
    tables
}

fn related(table: &'static Table) -> impl Iterator<Item = &'static Table> {
    let references =
        table.columns.iter().filter_map(|column| column.references.as_ref()).map(|reference| (reference.table)());
    let links = table.relationships.iter().filter_map(link_model);
    table.relationships.iter().map(Relationship::target).chain(links).chain(references)
}

fn link_model(relationship: &'static Relationship) -> Option<&'static Table> {
    match relationship.kind {
        RelationshipKind::ManyToMany(Link::Model { table, .. }) => Some(table()),
        RelationshipKind::ManyToMany(Link::Table(_))
        | RelationshipKind::BelongsTo { .. }
        | RelationshipKind::HasOne(_)
        | RelationshipKind::HasMany(_) => None,
    }
}

/// Each table after those that its foreign keys reference; in a cycle, the one that is met last comes first.
///
/// A walk in depth with a stack of its own: chains of models are longer than a thread's stack should have to hold.
pub(crate) fn dependency_order(tables: &[&'static Table]) -> Vec<&'static Table> {
    let places: HashMap<TypeId, usize> =
        tables.iter().enumerate().map(|(place, table)| ((table.id)(), place)).collect();
    let mut walk = Walk { met: vec![false; tables.len()], stack: Vec::new() };
    let mut order = Vec::with_capacity(tables.len());
    for root in 0..tables.len() {
        walk.meet(root, tables, &places);
        while let Some((place, dependencies)) = walk.stack.last_mut() {
            match dependencies.pop() {
                Some(dependency) => walk.meet(dependency, tables, &places),
                None => {
                    order.push(tables[*place]);
                    walk.stack.pop();
                }
            }
        }
    }
    order
}

/// Tables that are being walked, each with the dependencies that are still to be met.
struct Walk {
    met: Vec<bool>,
    stack: Vec<(usize, Vec<usize>)>,
}

impl Walk {
    fn meet(&mut self, place: usize, tables: &[&'static Table], places: &HashMap<TypeId, usize>) {
        if std::mem::replace(&mut self.met[place], true) {
            return;
        }
        let targets = tables[place].foreign_keys().filter_map(|key| places.get(&(key.target.id)()).copied());
        let mut dependencies: Vec<_> = targets.collect();
        // They are taken from the end.
        dependencies.reverse();
        self.stack.push((place, dependencies));
    }
}
