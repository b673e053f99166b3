//! SQLite.
use super::{
    Hooks, NameLimit,
    definition::{ColumnDefinition, ForeignKeyDefinition, TableDefinition},
    layout::Backslash,
};
use crate::value::SqlType;
use sea_query::{IndexCreateStatement, SqliteQueryBuilder, TableCreateStatement, TableDropStatement};

pub(super) struct Sqlite;

impl Hooks for Sqlite {
    fn quote(&self) -> char {
        '"'
    }

    fn database(&self) -> &'static str {
        "SQLite"
    }

    fn backslash(&self) -> Backslash {
        Backslash::Plain
    }

    fn name_limit(&self) -> NameLimit {
        NameLimit::Unlimited
    }

    /// The declared type decides the affinity: what SQLite makes of a value that it is given.
    /// A generated key is `integer` to the letter, whatever its width, or it is not the row's number.
    fn column_type(&self, column: &ColumnDefinition) -> String {
        column.custom_type.map_or_else(|| declared(column), Into::into)
    }

    /// Costs a look at a counter per statement. Without it SQLite gives the key of a deleted last row to the next one, and
    /// whoever still holds the old row's key (another session, a `Handle`, a link in a page) reads and overwrites a row
    /// that has nothing to do with it. The other databases never do that.
    fn generated(&self) -> &'static str {
        "AUTOINCREMENT"
    }

    fn refuse(&self, table: &TableDefinition, findings: &mut Vec<String>) {
        if let Some(schema) = table.name.schema {
            findings.push(format!("\"{}\" is in the schema \"{schema}\", and SQLite has no schemas", table.name.name));
        }
    }

    fn references_forward(&self) -> bool {
        true
    }

    /// Dropping a table deletes its rows, which in a cycle are still referenced: checked at the end of the transaction.
    fn before_drop(&self, tables: &[TableDefinition]) -> Option<String> {
        let later =
            |place: usize, key: &ForeignKeyDefinition| tables[place + 1..].iter().any(|table| table.name == key.target);
        let mut keys =
            tables.iter().enumerate().flat_map(|(place, table)| table.foreign_keys.iter().map(move |key| (place, key)));
        keys.any(|(place, key)| later(place, key)).then(|| "PRAGMA defer_foreign_keys = ON".into())
    }

    /// Never needed: every foreign key is in its table.
    fn add_foreign_key(&self, _: &TableDefinition, _: &ForeignKeyDefinition) -> Vec<String> {
        Vec::new()
    }

    fn drop_foreign_key(&self, _: &TableDefinition, _: &ForeignKeyDefinition) -> Vec<String> {
        Vec::new()
    }

    fn create_text(&self, create: &TableCreateStatement) -> String {
        create.to_string(SqliteQueryBuilder)
    }

    fn index_text(&self, create: &IndexCreateStatement) -> String {
        create.to_string(SqliteQueryBuilder)
    }

    fn drop_text(&self, drop: &TableDropStatement) -> String {
        drop.to_string(SqliteQueryBuilder)
    }
}

fn declared(column: &ColumnDefinition) -> String {
    let name = match column.sql_type {
        SqlType::Bool => "boolean",
        SqlType::I8 | SqlType::I16 | SqlType::I32 | SqlType::I64 => "integer",
        SqlType::U8 | SqlType::U16 | SqlType::U32 | SqlType::U64 => "integer",
        SqlType::F32 | SqlType::F64 => "real",
        SqlType::Text => return column.length.map_or("text".into(), |length| format!("varchar({length})")),
        SqlType::Bytes => "blob",
        #[cfg(feature = "rust_decimal")]
        SqlType::Decimal => return column.decimal.map_or("numeric".into(), |(p, s)| format!("numeric({p}, {s})")),
        // A blob keeps what it is given, so a UUID may be written as bytes or as text.
        #[cfg(feature = "uuid")]
        SqlType::Uuid => "blob",
        #[cfg(feature = "json")]
        SqlType::Json => "text",
        #[cfg(feature = "chrono")]
        SqlType::ChronoDate | SqlType::ChronoTime | SqlType::ChronoDateTime | SqlType::ChronoDateTimeUtc => "text",
        #[cfg(feature = "time")]
        SqlType::TimeDate | SqlType::TimeTime => "text",
        #[cfg(feature = "time")]
        SqlType::TimePrimitiveDateTime | SqlType::TimeOffsetDateTime => "text",
    };
    name.into()
}
