//! What a database cannot have, said before anything is sent to it.
use super::{Hooks, definition::TableDefinition, names};
use crate::error::{Error, Result};
use hashbrown::HashMap;

/// One error for everything that this database cannot have.
pub(super) fn unsupported(tables: &[TableDefinition], hooks: &dyn Hooks) -> Result<()> {
    let mut findings = Vec::new();
    for table in tables {
        long_names(table, hooks, &mut findings);
        hooks.refuse(table, &mut findings);
    }
    equal_names(tables, &mut findings);
    Error::of_findings(&format!("{} cannot have these tables", hooks.database()), &findings)
}

fn long_names(table: &TableDefinition, hooks: &dyn Hooks, findings: &mut Vec<String>) {
    let columns = table.columns.iter().map(|column| column.name);
    let names = table.name.schema.into_iter().chain([table.name.name]).chain(columns);
    for name in names.filter(|name| hooks.name_limit().is_passed_by(name)) {
        findings.push(format!("the name \"{name}\" of or in the table \"{}\" is too long", table.name.name));
    }
}

/// Two indexes of one name would be one, as they are made `IF NOT EXISTS`.
fn equal_names(tables: &[TableDefinition], findings: &mut Vec<String>) {
    let mut owners = HashMap::new();
    for table in tables {
        for name in names::all(table) {
            if let Some(other) = owners.insert((table.name.schema, name.clone()), table.name.name) {
                findings.push(format!(
                    "\"{other}\" and \"{}\" both have a constraint or index named \"{name}\": is one declared twice?",
                    table.name.name
                ));
            }
        }
    }
}

impl TableDefinition {
    /// `users.email`.
    pub(super) fn path(&self, column: &str) -> String {
        format!("{}.{column}", self.name.name)
    }
}

/// A decimal column without digits: one database would take any, another cut them off.
#[cfg(feature = "rust_decimal")]
pub(super) fn decimals_without_digits(table: &TableDefinition, findings: &mut Vec<String>) {
    let is_decimal = |column: &&super::ColumnDefinition| column.sql_type == crate::value::SqlType::Decimal;
    for column in table.columns.iter().filter(is_decimal) {
        if column.decimal.is_none() && column.custom_type.is_none() {
            let path = table.path(column.name);
            findings.push(format!("{path} is a decimal without digits: add `decimal(precision, scale)`"));
        }
    }
}

/// Without the feature there is no such column.
#[cfg(not(feature = "rust_decimal"))]
pub(super) fn decimals_without_digits(_: &TableDefinition, _: &mut Vec<String>) {}
