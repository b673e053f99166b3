//! What is to be created, whether it comes from a model or is a bare link table.
use crate::{
    schema::{Action, BareLink, Column, Default, LinkSide, Table},
    value::{SqlType, Value},
};

#[derive(Debug)]
pub(super) struct TableDefinition {
    pub(super) name: TableName,
    pub(super) columns: Vec<ColumnDefinition>,
    pub(super) primary_key: Vec<&'static str>,
    pub(super) uniques: Vec<Vec<&'static str>>,
    pub(super) indexes: Vec<IndexDefinition>,
    pub(super) checks: Vec<CheckDefinition>,
    pub(super) foreign_keys: Vec<ForeignKeyDefinition>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TableName {
    pub(super) schema: Option<&'static str>,
    pub(super) name: &'static str,
}

#[derive(Debug)]
pub(super) struct ColumnDefinition {
    pub(super) name: &'static str,
    pub(super) sql_type: SqlType,
    pub(super) custom_type: Option<&'static str>,
    pub(super) nullable: bool,
    pub(super) generated: bool,
    /// The greatest number of characters, the column's own or that of the column it references.
    pub(super) length: Option<u32>,
    /// Precision and scale, the column's own or those of the column it references.
    #[cfg_attr(not(feature = "rust_decimal"), expect(dead_code, reason = "only decimals have digits"))]
    pub(super) decimal: Option<(u8, u8)>,
    pub(super) default: DefaultDefinition,
    pub(super) variants: &'static [&'static str],
    /// Whether the column is part of a key, a unique constraint or an index.
    pub(super) indexed: bool,
}

#[derive(Debug)]
pub(super) enum DefaultDefinition {
    None,
    Literal(Value),
    Sql(&'static str),
}

#[derive(Debug)]
pub(super) struct IndexDefinition {
    pub(super) columns: Vec<&'static str>,
    pub(super) condition: Option<&'static str>,
}

#[derive(Debug)]
pub(super) enum CheckDefinition {
    /// The column holds one of its variants.
    Variants { column: &'static str, variants: &'static [&'static str] },
    /// A condition over one column.
    Column { column: &'static str, condition: &'static str },
    /// A condition over the row; the number tells several of a table apart.
    Row { number: usize, condition: &'static str },
}

#[derive(Debug)]
pub(super) struct ForeignKeyDefinition {
    pub(super) columns: Vec<&'static str>,
    pub(super) target: TableName,
    pub(super) target_columns: Vec<&'static str>,
    pub(super) on_delete: Action,
    pub(super) on_update: Action,
}

impl TableDefinition {
    /// The table of a model; none for a view.
    pub(super) fn of_model(table: &'static Table) -> Option<Self> {
        if table.read_only {
            return None;
        }
        let mut definition = Self {
            name: TableName { schema: table.schema, name: table.name },
            columns: (0..table.columns.len()).map(|position| ColumnDefinition::of(table, position)).collect(),
            primary_key: names(table, table.primary_key),
            uniques: uniques(table),
            indexes: declared_indexes(table),
            checks: checks(table),
            foreign_keys: foreign_keys(table),
        };
        definition.index_foreign_keys(table);
        definition.mark_indexed();
        Some(definition)
    }

    /// A link table of two keys, which go with the rows that they reference.
    pub(super) fn of_link(link: &BareLink) -> Self {
        let [near, far] = &link.sides;
        let columns: Vec<_> = link.sides.iter().flat_map(ColumnDefinition::of_link_side).collect();
        Self {
            name: TableName { schema: link.schema, name: link.name },
            primary_key: columns.iter().map(|column| column.name).collect(),
            columns,
            uniques: Vec::new(),
            // The near key begins the primary key, which serves as its index.
            indexes: vec![IndexDefinition { columns: far.columns.to_vec(), condition: None }],
            checks: Vec::new(),
            foreign_keys: [near, far].into_iter().filter_map(ForeignKeyDefinition::of_link_side).collect(),
        }
    }

    /// Gives each foreign key an index, where it wants one and nothing serves as one.
    fn index_foreign_keys(&mut self, table: &'static Table) {
        for key in table.foreign_keys().filter(|key| key.index) {
            let columns = names(table, key.columns);
            if !self.has_index_for(&columns) {
                self.indexes.push(IndexDefinition { columns, condition: None });
            }
        }
    }

    fn has_index_for(&self, columns: &[&'static str]) -> bool {
        let full = self.indexes.iter().filter(|index| index.condition.is_none()).map(|index| &index.columns);
        full.chain(&self.uniques).chain([&self.primary_key]).any(|index| index.starts_with(columns))
    }

    fn mark_indexed(&mut self) {
        let Self { columns, primary_key, uniques, indexes, .. } = self;
        let in_indexes = indexes.iter().flat_map(|index| &index.columns);
        let indexed: Vec<_> = primary_key.iter().chain(uniques.iter().flatten()).chain(in_indexes).collect();
        for column in columns {
            column.indexed = indexed.contains(&&column.name);
        }
    }
}

impl ColumnDefinition {
    fn of(table: &'static Table, position: usize) -> Self {
        let column = &table.columns[position];
        Self {
            name: column.name,
            sql_type: column.sql_type,
            custom_type: column.custom_type,
            nullable: column.nullable,
            generated: table.generated_key() == Some(position as u16),
            length: inherited(table, position, |column| column.max_length),
            decimal: inherited(table, position, |column| column.decimal),
            default: DefaultDefinition::of(&column.default),
            variants: column.variants,
            indexed: false,
        }
    }

    fn of_link_side(side: &LinkSide) -> impl Iterator<Item = Self> {
        let target = side.target;
        side.columns.iter().zip(target.primary_key).map(move |(name, position)| Self {
            name,
            // The type of a generated key may say how it is generated (`serial`).
            custom_type: target.generated_key().map_or(target.columns[usize::from(*position)].custom_type, |_| None),
            generated: false,
            nullable: false,
            default: DefaultDefinition::None,
            indexed: true,
            ..Self::of(target, usize::from(*position))
        })
    }
}

/// What a column says, or else the column that it references: a foreign key need not repeat the length of a key.
fn inherited<T>(table: &'static Table, position: usize, own: fn(&Column) -> Option<T>) -> Option<T> {
    let (mut table, mut position) = (table, position);
    // A key that references a key that references a key; more would be a circle.
    for _ in 0..8 {
        if let Some(value) = own(&table.columns[position]) {
            return Some(value);
        }
        (table, position) = referenced(table, position)?;
    }
    None
}

fn referenced(table: &'static Table, position: usize) -> Option<(&'static Table, usize)> {
    table.foreign_keys().find_map(|key| {
        let place = key.columns.iter().position(|column| usize::from(*column) == position)?;
        Some((key.target, usize::from(*key.target_columns.get(place)?)))
    })
}

impl DefaultDefinition {
    fn of(default: &Default) -> Self {
        match default {
            Default::None => Self::None,
            Default::Value(make) => literal(*make).map_or(Self::None, Self::Literal),
            Default::Sql(expression) => Self::Sql(expression),
        }
    }
}

/// The value, if it is a number or text, and the same each time: a clock or a random number is no default of the schema.
fn literal(make: fn() -> Value) -> Option<Value> {
    let value = make();
    let plain = match &value {
        Value::Bool(_) | Value::Float(_) | Value::Double(_) | Value::String(_) => true,
        Value::TinyInt(_) | Value::SmallInt(_) | Value::Int(_) | Value::BigInt(_) => true,
        Value::TinyUnsigned(_) | Value::SmallUnsigned(_) | Value::Unsigned(_) | Value::BigUnsigned(_) => true,
        #[cfg(feature = "rust_decimal")]
        Value::Decimal(_) => true,
        _ => false,
    };
    (plain && value == make()).then_some(value)
}

fn uniques(table: &Table) -> Vec<Vec<&'static str>> {
    let single = table.columns.iter().filter(|column| column.unique).map(|column| vec![column.name]);
    let several = table.uniques.iter().map(|unique| names(table, unique.columns));
    let key = names(table, table.primary_key);
    let mut uniques: Vec<Vec<_>> = Vec::new();
    for unique in single.chain(several) {
        if unique != key && !uniques.contains(&unique) {
            uniques.push(unique);
        }
    }
    uniques
}

fn declared_indexes(table: &Table) -> Vec<IndexDefinition> {
    // The index of a column that references is made with its foreign key, unless something serves as one.
    let single = table.columns.iter().filter(|column| column.index && !column.unique && column.references.is_none());
    let single = single.map(|column| IndexDefinition { columns: vec![column.name], condition: None });
    let several = table.indexes.iter();
    let several =
        several.map(|index| IndexDefinition { columns: names(table, index.columns), condition: index.condition });
    single.chain(several).collect()
}

fn checks(table: &Table) -> Vec<CheckDefinition> {
    let variants = table.columns.iter().filter(|column| !column.variants.is_empty());
    let variants = variants.map(|column| CheckDefinition::Variants { column: column.name, variants: column.variants });
    let columns = table
        .columns
        .iter()
        .filter_map(|column| column.check.map(|condition| CheckDefinition::Column { column: column.name, condition }));
    let rows = table.checks.iter().enumerate();
    let rows = rows.map(|(i, check)| CheckDefinition::Row { number: i + 1, condition: check.condition });
    variants.chain(columns).chain(rows).collect()
}

/// The constraints, once each. What a read-only model describes may be a view, which cannot be referenced.
fn foreign_keys(table: &'static Table) -> Vec<ForeignKeyDefinition> {
    let mut keys: Vec<ForeignKeyDefinition> = Vec::new();
    for key in table.foreign_keys().filter(|key| !key.target.read_only) {
        let columns = names(table, key.columns);
        let target = TableName { schema: key.target.schema, name: key.target.name };
        if keys.iter().all(|other| (&other.columns, other.target) != (&columns, target)) {
            let target_columns = names(key.target, key.target_columns);
            let (on_delete, on_update) = (key.on_delete, key.on_update);
            keys.push(ForeignKeyDefinition { columns, target, target_columns, on_delete, on_update });
        }
    }
    keys
}

impl ForeignKeyDefinition {
    fn of_link_side(side: &LinkSide) -> Option<Self> {
        (!side.target.read_only).then(|| Self {
            columns: side.columns.to_vec(),
            target: TableName { schema: side.target.schema, name: side.target.name },
            target_columns: names(side.target, side.target.primary_key),
            on_delete: Action::Cascade,
            on_update: Action::Cascade,
        })
    }
}

fn names(table: &Table, columns: &[u16]) -> Vec<&'static str> {
    columns.iter().map(|column| table.columns[usize::from(*column)].name).collect()
}
