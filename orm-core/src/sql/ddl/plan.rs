//! Which table comes first, and which foreign keys have to wait.
use super::{
    Hooks,
    definition::{ForeignKeyDefinition, TableDefinition, TableName},
};
use crate::schema::{self, Table};
use hashbrown::HashMap;

pub(super) struct Plan {
    /// In the order in which they are created.
    pub(super) tables: Vec<TableDefinition>,
    /// Foreign keys that close a cycle, by the position of their table: added when all tables are there.
    later: Vec<(usize, ForeignKeyDefinition)>,
}

impl Plan {
    pub(super) fn of(tables: &[&'static Table], hooks: &dyn Hooks) -> Self {
        let mut tables = definitions(&schema::dependency_order(tables));
        let later = if hooks.references_forward() { Vec::new() } else { take_forward(&mut tables) };
        Self { tables, later }
    }

    /// Foreign keys that close a cycle, with their tables.
    pub(super) fn later(&self) -> impl Iterator<Item = (&TableDefinition, &ForeignKeyDefinition)> {
        self.later.iter().map(|(place, key)| (&self.tables[*place], key))
    }
}

/// Each table once, however many models or relationships describe it; link tables last, as nothing references them.
fn definitions(tables: &[&'static Table]) -> Vec<TableDefinition> {
    let mut definitions: Vec<TableDefinition> = Vec::new();
    let links = schema::bare_links(tables).filter(|link| !is_model(tables, link));
    let links = links.map(|link| TableDefinition::of_link(&link));
    for definition in tables.iter().filter_map(|table| TableDefinition::of_model(table)).chain(links) {
        if definitions.iter().all(|other| other.name != definition.name) {
            definitions.push(definition);
        }
    }
    definitions
}

fn is_model(tables: &[&'static Table], link: &schema::BareLink) -> bool {
    tables.iter().any(|table| (table.schema, table.name) == (link.schema, link.name))
}

/// Takes the foreign keys to tables that come later out of their tables.
fn take_forward(tables: &mut [TableDefinition]) -> Vec<(usize, ForeignKeyDefinition)> {
    let places: HashMap<TableName, usize> =
        tables.iter().enumerate().map(|(place, table)| (table.name, place)).collect();
    let mut later = Vec::new();
    for (place, table) in tables.iter_mut().enumerate() {
        let is_forward = |key: &mut ForeignKeyDefinition| places.get(&key.target).is_some_and(|target| *target > place);
        later.extend(table.foreign_keys.extract_if(.., is_forward).map(|key| (place, key)));
    }
    later
}
