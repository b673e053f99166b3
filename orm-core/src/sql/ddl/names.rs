//! Names of constraints and indexes: made from what they are about, so that they are the same each time.
use super::{
    Hooks, NameLimit,
    definition::{CheckDefinition, ForeignKeyDefinition, IndexDefinition, TableDefinition, TableName},
};

/// The names may be 63 bytes in PostgreSQL and 64 characters in MySQL; everywhere the same is easier to live with.
const LIMIT: usize = 63;

pub(super) fn unique(table: &TableDefinition, columns: &[&str]) -> String {
    name("uq", table, &columns.join("_"))
}

pub(super) fn index(table: &TableDefinition, index: &IndexDefinition) -> String {
    let columns = index.columns.join("_");
    match index.condition {
        None => name("ix", table, &columns),
        // Several conditions over the same columns are several indexes.
        Some(condition) => name("ix", table, &format!("{columns}_{:08x}", hash(condition))),
    }
}

pub(super) fn foreign_key(table: &TableDefinition, key: &ForeignKeyDefinition) -> String {
    name("fk", table, &key.columns.join("_"))
}

pub(super) fn check(table: &TableDefinition, check: &CheckDefinition) -> String {
    match check {
        CheckDefinition::Variants { column, .. } => name("ck", table, &format!("{column}_variants")),
        CheckDefinition::Column { column, .. } => name("ck", table, column),
        CheckDefinition::Row { number, .. } => name("ck", table, &number.to_string()),
    }
}

/// Every name that the table brings into its schema, besides its own.
pub(super) fn all(table: &TableDefinition) -> impl Iterator<Item = String> {
    let uniques = table.uniques.iter().map(|columns| unique(table, columns));
    let indexes = table.indexes.iter().map(|definition| index(table, definition));
    let keys = table.foreign_keys.iter().map(|key| foreign_key(table, key));
    uniques.chain(indexes).chain(keys).chain(table.checks.iter().map(|definition| check(table, definition)))
}

/// `ix_orders__user_id`. Two lines between table and columns: `user_role.name` and `user.role_name` are different indexes.
fn name(kind: &str, table: &TableDefinition, rest: &str) -> String {
    let full = format!("{kind}_{}__{rest}", table.name.name);
    if full.len() <= LIMIT {
        return full;
    }
    let hash = format!("_{:08x}", hash(&full));
    let mut end = LIMIT - hash.len();
    while !full.is_char_boundary(end) {
        end -= 1;
    }
    full[..end].to_owned() + &hash
}

/// FNV-1a: names are in databases for good, so the hash is one that never changes.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The name as sea-query wants those that it does not escape itself: constraints' and indexes'.
pub(super) fn escaped(name: &str, hooks: &dyn Hooks) -> String {
    let quote = hooks.quote();
    name.replace(quote, &format!("{quote}{quote}"))
}

/// The name in its quotes.
pub(super) fn quoted(name: &str, hooks: &dyn Hooks) -> String {
    let quote = hooks.quote();
    format!("{quote}{}{quote}", escaped(name, hooks))
}

/// The table's name in quotes, with its schema.
pub(super) fn table(table: TableName, hooks: &dyn Hooks) -> String {
    let name = quoted(table.name, hooks);
    table.schema.map_or(name.clone(), |schema| format!("{}.{name}", quoted(schema, hooks)))
}

impl NameLimit {
    /// Whether a name is longer.
    pub(super) fn is_passed_by(self, name: &str) -> bool {
        match self {
            Self::Unlimited => false,
            Self::Bytes(limit) => name.len() > limit,
            Self::Characters(limit) => name.chars().count() > limit,
        }
    }
}
