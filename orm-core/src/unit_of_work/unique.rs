//! Whether unique values, or keys that others name, go from row to row in a flush, so that its statements need another order.
use super::{
    plan::Source,
    planner::Planner,
    reorder::{Stored, Token},
};
use crate::{
    fast::HashSet,
    memory::Reference,
    model::{ColumnSet, Node},
    schema::{Link, RelationshipKind, Table},
    value::Value,
};

/// A row that changes a unique value: the entity as it will be, the one that has the row until now, what changes.
type Moved = (Node, Node, ColumnSet);

/// Whether a value that a row gives up is taken by another one, or a key changes that others may name.
pub(super) fn values_wander(planner: &Planner<'_, '_>) -> bool {
    let moved = moved(planner);
    if moved.iter().any(|(node, _, changed)| is_named(planner, planner.graph.arena.table(*node), *changed)) {
        return true;
    }
    let freed = Freed::of(planner, &moved);
    !freed.tokens.is_empty() && freed.is_taken(planner, &moved)
}

/// The updated rows of which unique columns change.
fn moved(planner: &Planner<'_, '_>) -> Vec<Moved> {
    let table = |node: &Node| planner.graph.arena.table(*node);
    let updates = planner.changes.updates.iter().map(|(node, changed)| (*node, *node, *changed));
    let switches = planner.changes.switches.iter().map(|switch| (switch.node, switch.old, switch.columns));
    // Rows that change alike tend to follow each other.
    let mut last: Option<(&'static Table, ColumnSet, bool)> = None;
    let is_unique = |(node, _, changed): &Moved| {
        let table = table(node);
        match last {
            Some((of, columns, unique)) if of == table && columns == *changed => unique,
            _ => {
                let unique = table.unique_keys().chain([table.primary_key]).any(|key| touches(key, *changed));
                last = Some((table, *changed, unique));
                unique
            }
        }
    };
    updates.chain(switches).filter(is_unique).collect()
}

fn touches(key: &[u16], changed: ColumnSet) -> bool {
    key.iter().any(|column| changed.has(*column))
}

/// Whether these columns of a table are a key that a row of this flush may name.
fn is_named(planner: &Planner<'_, '_>, table: &'static Table, changed: ColumnSet) -> bool {
    let names = |other: &'static Table| {
        let mut keys = other.foreign_keys();
        keys.any(|key| key.target == table && touches(key.target_columns, changed))
    };
    touches(table.primary_key, changed) || planner.written_tables().into_iter().any(names)
}

/// The unique values that a flush gives up.
#[derive(Default)]
struct Freed {
    tokens: HashSet<Token>,
    tables: Vec<&'static Table>,
}

impl Freed {
    fn of(planner: &Planner<'_, '_>, moved: &[Moved]) -> Self {
        let mut freed = Self::default();
        if moved.is_empty() && planner.changes.deletes.is_empty() {
            return freed;
        }
        let written = planner.written_tables();
        let linked: Vec<&'static Table> = linked_tables(planner).collect();
        for node in &planner.changes.deletes {
            let table = planner.graph.arena.table(*node);
            if written.contains(&table) || linked.contains(&table) {
                freed.add(table, planner.unique_values(*node, true));
            }
        }
        for (node, old, _) in moved {
            let now: HashSet<Token> = planner.unique_values(*node, false).collect();
            let before = planner.unique_values(*old, true).filter(|value| !now.contains(value));
            freed.add(planner.graph.arena.table(*node), before);
        }
        freed
    }

    fn add(&mut self, table: &'static Table, tokens: impl Iterator<Item = Token>) {
        if !self.tables.contains(&table) {
            self.tables.push(table);
        }
        self.tokens.extend(tokens);
    }

    fn is_taken(&self, planner: &Planner<'_, '_>, moved: &[Moved]) -> bool {
        let of_tables = |node: &Node| self.tables.contains(&planner.graph.arena.table(*node));
        let inserts = planner.changes.inserts.iter().copied().filter(of_tables);
        let mut written = inserts.chain(moved.iter().map(|(node, ..)| *node));
        linked_tables(planner).any(|table| self.tables.contains(&table))
            || written.any(|node| planner.unique_values(node, false).any(|value| self.tokens.contains(&value)))
    }
}

/// The link models of which this flush makes rows.
fn linked_tables(planner: &Planner<'_, '_>) -> impl Iterator<Item = &'static Table> {
    let made = planner.changes.links.iter().filter(|change| change.add);
    made.filter_map(|change| match change.relationship.kind {
        RelationshipKind::ManyToMany(Link::Model { table, .. }) => Some(table()),
        _ => None,
    })
}

impl Planner<'_, '_> {
    /// The tables of rows that are inserted or updated.
    fn written_tables(&self) -> Vec<&'static Table> {
        let Self { changes, graph, .. } = self;
        let updates = changes.updates.iter().map(|(node, _)| node).chain(changes.switches.iter().map(|s| &s.node));
        let mut tables: Vec<&'static Table> = Vec::new();
        for node in changes.inserts.iter().chain(updates) {
            let table = graph.arena.table(*node);
            if tables.last() != Some(&table) && !tables.contains(&table) {
                tables.push(table);
            }
        }
        tables
    }

    /// The unique values of a row, as the database has them or as they will be; nulls are not unique.
    fn unique_values(&self, node: Node, stored: bool) -> impl Iterator<Item = Token> + '_ {
        let table = self.graph.arena.table(node);
        let generated = table.generated_key().map(|_| table.primary_key);
        table.unique_keys().chain(generated).filter_map(move |columns| {
            let values = if stored { self.stored_values(node, columns) } else { self.planned_values(node, columns) };
            Token::of(table, columns.iter().copied().zip(values).collect())
        })
    }

    /// The values that a row will have, where they are known; null for what the database makes.
    fn planned_values(&self, node: Node, columns: &[u16]) -> Vec<Value> {
        let table = self.graph.arena.table(node);
        let value = |(source, column): (Source, &u16)| match source {
            Source::Value(value) => value,
            Source::Inserted { .. } => table.columns[usize::from(*column)].sql_type.null(),
        };
        let mut values: Vec<Value> = self.own_sources(node, columns).into_iter().zip(columns).map(value).collect();
        for edge in self.graph.edges(table) {
            let Some(Reference::To(parent)) = self.graph.graph.links.get(&(node, edge.columns)) else { continue };
            for (named, column) in self.key_sources(*parent, edge.references).into_iter().zip(edge.columns) {
                if let Some(place) = columns.iter().position(|other| other == column) {
                    values[place] = value((named, column));
                }
            }
        }
        values
    }
}

impl Stored for Planner<'_, '_> {
    fn stored(&self, node: Node, column: u16) -> Value {
        self.stored_values(node, &[column]).remove(0)
    }

    fn name(&self, node: Node) -> String {
        self.graph.name(node)
    }
}
