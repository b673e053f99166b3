//! What may be in a database once: the values of a key, taken and given up, and named by others.
use crate::{
    fast::{HashMap, HashSet},
    model::{ColumnSet, Node},
    schema::{ForeignKey, Table, id},
    unit_of_work::plan::Source,
    value::{Key, Value},
};

/// The values of columns that are unique together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::unit_of_work) struct Token {
    table: usize,
    pub(super) columns: ColumnSet,
    key: Key,
}

/// The rows as the database has them before the plan.
pub(in crate::unit_of_work) trait Stored {
    /// A column of a row that is not inserted by the plan.
    fn stored(&self, node: Node, column: u16) -> Value;
    /// How messages name the row.
    fn name(&self, node: Node) -> String;
}

/// The rows as they are after some of the operations.
pub(super) struct Rows<'a> {
    stored: &'a dyn Stored,
    /// The rows that the plan inserts.
    inserted: HashSet<Node>,
    changed: HashMap<(Node, u16), Source>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(stored: &'a dyn Stored, inserted: HashSet<Node>) -> Self {
        Self { stored, inserted, changed: HashMap::default() }
    }

    pub(super) fn write(&mut self, node: Node, column: u16, source: Source) {
        self.changed.insert((node, column), source);
    }

    fn value(&self, node: Node, column: u16) -> Option<Value> {
        match self.changed.get(&(node, column)) {
            Some(Source::Value(value)) => Some(value.clone()),
            Some(Source::Inserted { .. }) => None,
            None if self.inserted.contains(&node) => None,
            None => Some(self.stored.stored(node, column)),
        }
    }

    /// The unique values of these columns; none if one is null or not known yet.
    pub(super) fn unique(&self, node: Node, table: &'static Table, columns: &[u16]) -> Option<Token> {
        self.token(node, table, columns.iter().map(|column| (*column, *column)))
    }

    /// The key that a foreign key names.
    pub(super) fn reference(&self, node: Node, key: &ForeignKey) -> Option<Token> {
        self.token(node, key.target, key.target_columns.iter().copied().zip(key.columns.iter().copied()))
    }

    fn token(&self, node: Node, table: &'static Table, pairs: impl Iterator<Item = (u16, u16)>) -> Option<Token> {
        let parts: Option<Vec<(u16, Value)>> =
            pairs.map(|(named, column)| self.value(node, column).map(|value| (named, value))).collect();
        Token::of(table, parts?)
    }
}

impl Token {
    /// The token of these columns and their values; none if one is null.
    pub(in crate::unit_of_work) fn of(table: &'static Table, mut parts: Vec<(u16, Value)>) -> Option<Self> {
        parts.sort_by_key(|(column, _)| *column);
        let columns = parts.iter().map(|(column, _)| *column).collect();
        let key = Key::of(parts.iter().map(|(_, value)| folded(Key::from(value))));
        (!key.has_null()).then(|| Self { table: id(table), columns, key })
    }
}

/// Some databases take texts to be equal whose case, or whose spaces at the end, differ. An order that is good for them is
/// good for all.
fn folded(key: Key) -> Key {
    match key {
        Key::Text(text) => Key::Text(text.trim_end().to_lowercase().into()),
        other => other,
    }
}

/// The keys of a table: those that identify its rows, and those that name others.
pub(super) struct Keys {
    pub(super) uniques: Vec<&'static [u16]>,
    pub(super) foreign: Vec<ForeignKey>,
}

impl Keys {
    pub(super) fn of(table: &'static Table) -> Self {
        let generated = table.generated_key().map(|_| table.primary_key);
        Self { uniques: table.unique_keys().chain(generated).collect(), foreign: table.foreign_keys().collect() }
    }
}
