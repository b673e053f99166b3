//! Definitions as sea-query's statements.
use super::{
    Hooks,
    definition::{CheckDefinition, ColumnDefinition, DefaultDefinition, ForeignKeyDefinition, IndexDefinition},
    definition::{TableDefinition, TableName},
    layout, names,
};
use crate::schema::Action;
use sea_query::{
    Alias, Check, ColumnDef, ColumnType, ConditionalStatement, Expr, ExprTrait, ForeignKey, ForeignKeyAction,
    ForeignKeyCreateStatement, Index, IndexCreateStatement, IntoTableRef, Table, TableRef,
};

/// `CREATE TABLE`, and `CREATE INDEX` for each index that is not in it.
pub(super) fn create(table: &TableDefinition, hooks: &dyn Hooks) -> Vec<String> {
    let indexes = || table.indexes.iter().map(|definition| index(table, definition, hooks));
    if hooks.indexes_inline() {
        return vec![create_table(table, indexes(), hooks)];
    }
    let apart = indexes().map(|index| hooks.index_text(&index));
    std::iter::once(create_table(table, std::iter::empty(), hooks)).chain(apart).collect()
}

pub(super) fn drop(table: &TableDefinition, hooks: &dyn Hooks) -> String {
    hooks.drop_text(Table::drop().table(table_ref(table.name)).if_exists())
}

fn create_table(
    table: &TableDefinition,
    indexes: impl Iterator<Item = IndexCreateStatement>,
    hooks: &dyn Hooks,
) -> String {
    let mut create = Table::create();
    create.table(table_ref(table.name)).if_not_exists();
    for definition in &table.columns {
        create.col(column(definition, hooks));
    }
    // A generated key is declared at its column: SQLite knows no other place.
    if !table.columns.iter().any(|column| column.generated) {
        create.primary_key(&mut key(&table.primary_key));
    }
    for columns in &table.uniques {
        let name = names::escaped(&names::unique(table, columns), hooks);
        create.index(key(columns).unique().name(name));
    }
    for mut index in indexes {
        create.index(&mut index);
    }
    for definition in &table.foreign_keys {
        create.foreign_key(&mut foreign_key(table, definition, hooks));
    }
    for definition in &table.checks {
        create.check(Check::named(Alias::new(names::check(table, definition)), condition(definition)));
    }
    hooks.options(&mut create);
    layout::lines(&hooks.create_text(&create), hooks.backslash())
}

fn column(column: &ColumnDefinition, hooks: &dyn Hooks) -> ColumnDef {
    let column_type = ColumnType::custom(Alias::new(hooks.column_type(column)));
    let mut definition = ColumnDef::new_with_type(column.name, column_type);
    if !column.nullable {
        definition.not_null();
    }
    if column.generated {
        definition.primary_key().extra(hooks.generated());
    }
    match &column.default {
        DefaultDefinition::None => {}
        DefaultDefinition::Literal(value) => {
            definition.default(hooks.literal(column, value));
        }
        // Written in parentheses, which every database asks for around an expression.
        DefaultDefinition::Sql(expression) => {
            definition.default(Expr::cust(*expression));
        }
    }
    definition
}

fn key(columns: &[&'static str]) -> IndexCreateStatement {
    let mut key = Index::create();
    for column in columns {
        key.col(*column);
    }
    key
}

fn index(table: &TableDefinition, definition: &IndexDefinition, hooks: &dyn Hooks) -> IndexCreateStatement {
    let mut index = key(&definition.columns);
    index.name(names::escaped(&names::index(table, definition), hooks)).table(table_ref(table.name)).if_not_exists();
    if let Some(condition) = definition.condition {
        index.and_where(Expr::cust(condition));
    }
    index
}

fn foreign_key(table: &TableDefinition, key: &ForeignKeyDefinition, hooks: &dyn Hooks) -> ForeignKeyCreateStatement {
    let mut statement = ForeignKey::create();
    statement.name(names::escaped(&names::foreign_key(table, key), hooks));
    // Within its own schema a reference needs no schema, and sea-query cannot write one for MySQL.
    let same_schema = table.name.schema == key.target.schema && hooks.unqualified_references();
    let target = if same_schema { TableName { schema: None, ..key.target } } else { key.target };
    statement.from_tbl(table_ref(table.name)).to_tbl(table_ref(target));
    for (column, target_column) in key.columns.iter().zip(&key.target_columns) {
        statement.from_col(*column).to_col(*target_column);
    }
    if let Some(action) = action(key.on_delete) {
        statement.on_delete(action);
    }
    if let Some(action) = action(key.on_update) {
        statement.on_update(action);
    }
    statement
}

/// `ADD CONSTRAINT …`, as the end of an `ALTER TABLE`.
pub(super) fn alter_add(
    table: &TableDefinition,
    key: &ForeignKeyDefinition,
    hooks: &dyn Hooks,
) -> sea_query::TableAlterStatement {
    let mut alter = Table::alter();
    alter.table(table_ref(table.name)).add_foreign_key(foreign_key(table, key, hooks).get_foreign_key());
    alter
}

fn action(action: Action) -> Option<ForeignKeyAction> {
    match action {
        Action::NoAction => None,
        Action::Restrict => Some(ForeignKeyAction::Restrict),
        Action::Cascade => Some(ForeignKeyAction::Cascade),
        Action::SetNull => Some(ForeignKeyAction::SetNull),
        Action::SetDefault => Some(ForeignKeyAction::SetDefault),
    }
}

fn condition(check: &CheckDefinition) -> Expr {
    match check {
        CheckDefinition::Variants { column, variants } => Expr::col(*column).is_in(variants.iter().copied()),
        CheckDefinition::Column { condition, .. } | CheckDefinition::Row { condition, .. } => Expr::cust(*condition),
    }
}

fn table_ref(table: TableName) -> TableRef {
    match table.schema {
        Some(schema) => (schema, table.name).into_table_ref(),
        None => table.name.into_table_ref(),
    }
}
