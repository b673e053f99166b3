//! Tables as statements: `CREATE TABLE` and what belongs to it, in each dialect.
//!
//! In three steps, each plain data: a model's table or a bare link table becomes a definition, definitions become a
//! plan (which table first, which foreign keys later), and a plan becomes text. What the dialects do not share is in one
//! file of hooks each.
//!
//! Statements say `IF [NOT] EXISTS`, so they can run twice; a table that exists is left as it is, whatever its columns.
//! Schemas (PostgreSQL) and databases (MySQL) are not created: they belong to whoever administers the server.
//!
//! Run a list of statements on one connection, and, where the database can undo it (SQLite, PostgreSQL), in a transaction.
mod definition;
mod layout;
mod mysql;
mod names;
mod plan;
mod postgres;
mod refuse;
mod sqlite;
mod statement;
// They have columns of every type, and run on every database.
#[cfg(all(test, feature = "sqlite", feature = "postgres", feature = "mysql"))]
#[cfg(all(feature = "chrono", feature = "json", feature = "rust_decimal", feature = "time", feature = "uuid"))]
mod tests;

use crate::{
    driver::Dialect,
    error::Result,
    schema::{Schema, Table},
    value::Value,
};
use definition::{ColumnDefinition, ForeignKeyDefinition, TableDefinition};
use layout::Backslash;
use plan::Plan;
use sea_query::{Expr, IndexCreateStatement, TableCreateStatement, TableDropStatement};

/// The unique constraints and foreign keys of a model's table, as they are named here, with their columns.
pub(crate) fn constraints(table: &'static Table) -> Vec<(String, Vec<&'static str>)> {
    let Some(definition) = definition::TableDefinition::of_model(table) else { return Vec::new() };
    let uniques = definition.uniques.iter().map(|columns| (names::unique(&definition, columns), columns.clone()));
    let keys = definition.foreign_keys.iter();
    let keys = keys.map(|key| (names::foreign_key(&definition, key), key.columns.clone()));
    uniques.chain(keys).collect()
}

/// The statements that create one table and its indexes, foreign keys inline; none for a view.
///
/// # Errors
/// The database cannot have such a table; the error lists every reason.
pub fn create_table(table: &'static Table, dialect: Dialect) -> Result<Vec<String>> {
    let hooks = hooks(dialect);
    let tables: Vec<_> = TableDefinition::of_model(table).into_iter().collect();
    refuse::unsupported(&tables, hooks)?;
    Ok(tables.iter().flat_map(|table| statement::create(table, hooks)).collect())
}

/// The statements that create the tables that are not there yet, in an order that works, with indexes, foreign keys and the
/// bare link tables between them. Views are left out.
///
/// # Errors
/// The database cannot have one of the tables; the error lists every reason.
pub fn create_all(tables: &[&'static Table], dialect: Dialect) -> Result<Vec<String>> {
    let hooks = hooks(dialect);
    let plan = Plan::of(tables, hooks);
    refuse::unsupported(&plan.tables, hooks)?;
    let tables = plan.tables.iter().flat_map(|table| statement::create(table, hooks));
    let later = plan.later().flat_map(|(table, key)| hooks.add_foreign_key(table, key));
    Ok(tables.chain(later).collect())
}

/// The statements that drop the tables that are there, and the bare link tables between them. Views are left alone.
///
/// Nothing else is dropped with them: if a table outside of this list references one of them, the database refuses.
pub fn drop_all(tables: &[&'static Table], dialect: Dialect) -> Vec<String> {
    let hooks = hooks(dialect);
    let plan = Plan::of(tables, hooks);
    let prelude = hooks.before_drop(&plan.tables);
    let first = plan.later().flat_map(|(table, key)| hooks.drop_foreign_key(table, key));
    let tables = plan.tables.iter().rev().map(|table| statement::drop(table, hooks));
    prelude.into_iter().chain(first).chain(tables).collect()
}

impl Schema {
    /// The statements that create the tables that are not there yet.
    ///
    /// # Errors
    /// The models do not fit together, or the database cannot have one of the tables; the error lists every place.
    pub fn create_statements(&self, dialect: Dialect) -> Result<Vec<String>> {
        self.verify()?;
        create_all(self.tables(), dialect)
    }

    /// The statements that drop the tables that are there.
    ///
    /// # Errors
    /// The models do not fit together; the error lists every place.
    pub fn drop_statements(&self, dialect: Dialect) -> Result<Vec<String>> {
        self.verify()?;
        Ok(drop_all(self.tables(), dialect))
    }

    /// The statements that create the tables, as a script to read or to keep.
    ///
    /// # Errors
    /// As [`create_statements`](Self::create_statements).
    pub fn ddl(&self, dialect: Dialect) -> Result<String> {
        let statements = self.create_statements(dialect)?;
        Ok(statements.into_iter().map(|statement| statement + ";\n").collect())
    }
}

/// What the dialects do not share.
trait Hooks: Sync {
    /// What stands around a name.
    fn quote(&self) -> char;
    /// The database's name, for errors.
    fn database(&self) -> &'static str;
    /// How it reads a backslash in a text.
    fn backslash(&self) -> Backslash;
    /// The greatest length of a name.
    fn name_limit(&self) -> NameLimit;
    /// The type of a column, as it is declared.
    fn column_type(&self, column: &ColumnDefinition) -> String;
    /// What is said after `PRIMARY KEY` for the database to make the keys.
    fn generated(&self) -> &'static str;
    /// Adds what this database cannot have of a table.
    fn refuse(&self, table: &TableDefinition, findings: &mut Vec<String>);
    /// The default of a column that is a plain value.
    fn literal(&self, _column: &ColumnDefinition, value: &Value) -> Expr {
        Expr::val(value.clone())
    }
    /// Whether indexes are part of `CREATE TABLE`.
    fn indexes_inline(&self) -> bool {
        false
    }
    /// Whether a reference within one schema leaves the schema out.
    fn unqualified_references(&self) -> bool {
        false
    }
    /// Whether foreign keys may name tables that do not exist yet.
    fn references_forward(&self) -> bool {
        false
    }
    /// What is said after the columns.
    fn options(&self, _create: &mut TableCreateStatement) {}
    /// What is said before tables are dropped.
    fn before_drop(&self, _tables: &[TableDefinition]) -> Option<String> {
        None
    }
    /// Adds a foreign key to a table that exists, unless it has it.
    fn add_foreign_key(&self, table: &TableDefinition, key: &ForeignKeyDefinition) -> Vec<String>;
    /// Drops a foreign key, if it and its table are there.
    fn drop_foreign_key(&self, table: &TableDefinition, key: &ForeignKeyDefinition) -> Vec<String>;
    /// The text of `CREATE TABLE`.
    fn create_text(&self, create: &TableCreateStatement) -> String;
    /// The text of `CREATE INDEX`.
    fn index_text(&self, create: &IndexCreateStatement) -> String;
    /// The text of `DROP TABLE`.
    fn drop_text(&self, drop: &TableDropStatement) -> String;
}

/// How long a name may be; longer ones are cut off without a word by some databases.
#[derive(Clone, Copy)]
enum NameLimit {
    Unlimited,
    Bytes(usize),
    Characters(usize),
}

fn hooks(dialect: Dialect) -> &'static dyn Hooks {
    match dialect {
        Dialect::Sqlite => &sqlite::Sqlite,
        Dialect::Postgres => &postgres::Postgres,
        Dialect::MySql => &mysql::MYSQL,
        Dialect::MariaDb => &mysql::MARIADB,
    }
}
