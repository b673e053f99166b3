//! MySQL and MariaDB, which differ in the name of a collation.
use super::{
    Hooks, NameLimit,
    definition::{ColumnDefinition, ForeignKeyDefinition, TableDefinition},
    layout::Backslash,
    names, refuse, statement,
};
use crate::{
    schema::Action,
    value::{SqlType, Value},
};
use sea_query::{
    Expr, IndexCreateStatement, MysqlQueryBuilder, QueryBuilder, TableCreateStatement, TableDropStatement,
};

pub(super) struct MySql {
    database: &'static str,
    /// How all texts of a table compare: exactly, as in the other databases and as two keys of an identity map do. The
    /// server's default takes "a" for "A", and `utf8mb4_bin` takes "a" for "a "; these two take neither.
    collation: &'static str,
}

pub(super) static MYSQL: MySql = MySql { database: "MySQL", collation: "utf8mb4_0900_bin" };
pub(super) static MARIADB: MySql = MySql { database: "MariaDB", collation: "utf8mb4_nopad_bin" };

/// The greatest length of a text in an index, which holds 3,072 bytes, of four bytes a character.
const MAX_KEY_LENGTH: u32 = 768;
/// The greatest length that is declared as `varchar`, as all of a row's together may take 65,535 bytes.
const MAX_VARCHAR: u32 = 4000;

impl Hooks for MySql {
    fn quote(&self) -> char {
        '`'
    }

    fn database(&self) -> &'static str {
        self.database
    }

    fn backslash(&self) -> Backslash {
        Backslash::Escape
    }

    fn name_limit(&self) -> NameLimit {
        NameLimit::Characters(64)
    }

    fn column_type(&self, column: &ColumnDefinition) -> String {
        column.custom_type.map_or_else(|| declared(column), Into::into)
    }

    fn generated(&self) -> &'static str {
        "AUTO_INCREMENT"
    }

    fn refuse(&self, table: &TableDefinition, findings: &mut Vec<String>) {
        refuse::decimals_without_digits(table, findings);
        keys_without_length(table, findings);
        partial_indexes(table, findings);
        impossible_references(table, findings);
    }

    /// A text of any length takes only an expression as its default.
    fn literal(&self, column: &ColumnDefinition, value: &Value) -> Expr {
        match text_length(column) {
            None if column.sql_type == SqlType::Text => Expr::cust(MysqlQueryBuilder.value_to_string(value)),
            _ => Expr::val(value.clone()),
        }
    }

    fn indexes_inline(&self) -> bool {
        true
    }

    fn unqualified_references(&self) -> bool {
        true
    }

    fn options(&self, create: &mut TableCreateStatement) {
        create.engine("InnoDB").character_set("utf8mb4").collate(self.collation);
    }

    fn add_foreign_key(&self, table: &TableDefinition, key: &ForeignKeyDefinition) -> Vec<String> {
        let alter = statement::alter_add(table, key, self).to_string(MysqlQueryBuilder);
        self.if_catalogue_counts(0, &alter, (table, key))
    }

    fn drop_foreign_key(&self, table: &TableDefinition, key: &ForeignKeyDefinition) -> Vec<String> {
        let name = names::quoted(&names::foreign_key(table, key), self);
        let target = names::table(table.name, self);
        self.if_catalogue_counts(1, &format!("ALTER TABLE {target} DROP FOREIGN KEY {name}"), (table, key))
    }

    fn create_text(&self, create: &TableCreateStatement) -> String {
        create.to_string(MysqlQueryBuilder)
    }

    fn index_text(&self, create: &IndexCreateStatement) -> String {
        create.to_string(MysqlQueryBuilder)
    }

    fn drop_text(&self, drop: &TableDropStatement) -> String {
        drop.to_string(MysqlQueryBuilder)
    }
}

impl MySql {
    /// By hand: MySQL has no `IF [NOT] EXISTS` for constraints, and statements that depend on something only as prepared text.
    fn if_catalogue_counts(&self, count: u8, sql: &str, of: (&TableDefinition, &ForeignKeyDefinition)) -> Vec<String> {
        let (table, key) = of;
        let schema = table.name.schema.map_or("DATABASE()".into(), text);
        let (sql, name) = (text(sql), text(&names::foreign_key(table, key)));
        let table = text(table.name.name);
        vec![
            format!(
                "SET @orm_ddl = (SELECT IF(COUNT(*) = {count}, {sql}, 'DO 0') FROM information_schema.table_constraints \
                 WHERE constraint_schema = {schema} AND table_name = {table} AND constraint_name = {name})"
            ),
            "PREPARE orm_ddl FROM @orm_ddl".into(),
            "EXECUTE orm_ddl".into(),
            "DEALLOCATE PREPARE orm_ddl".into(),
        ]
    }
}

fn text(text: &str) -> String {
    MysqlQueryBuilder.value_to_string(&Value::from(text))
}

/// The length of a text's `varchar`; none if it is a `longtext`.
fn text_length(column: &ColumnDefinition) -> Option<u32> {
    // Variants are known, and leave room for later ones.
    let of_variants = column.variants.iter().map(|variant| variant.chars().count() as u32).max().map(|n| n.max(64));
    column.length.or(of_variants).filter(|length| *length <= MAX_VARCHAR)
}

fn declared(column: &ColumnDefinition) -> String {
    let name = match column.sql_type {
        SqlType::Bool => "boolean",
        SqlType::I8 => "tinyint",
        SqlType::I16 => "smallint",
        SqlType::I32 => "int",
        SqlType::I64 => "bigint",
        SqlType::U8 => "tinyint unsigned",
        SqlType::U16 => "smallint unsigned",
        SqlType::U32 => "int unsigned",
        SqlType::U64 => "bigint unsigned",
        SqlType::F32 => "float",
        SqlType::F64 => "double",
        SqlType::Text => return text_length(column).map_or("longtext".into(), |length| format!("varchar({length})")),
        SqlType::Bytes => {
            return text_length(column).map_or("longblob".into(), |length| format!("varbinary({length})"));
        }
        #[cfg(feature = "rust_decimal")]
        SqlType::Decimal => return column.decimal.map_or("decimal".into(), |(p, s)| format!("decimal({p}, {s})")),
        #[cfg(feature = "uuid")]
        SqlType::Uuid => "binary(16)",
        #[cfg(feature = "json")]
        SqlType::Json => "json",
        #[cfg(feature = "chrono")]
        SqlType::ChronoDate => "date",
        #[cfg(feature = "chrono")]
        SqlType::ChronoTime => "time(6)",
        // Points in time are written as UTC. A `timestamp` would end in 2038 and depend on the session's time zone.
        #[cfg(feature = "chrono")]
        SqlType::ChronoDateTime | SqlType::ChronoDateTimeUtc => "datetime(6)",
        #[cfg(feature = "time")]
        SqlType::TimeDate => "date",
        #[cfg(feature = "time")]
        SqlType::TimeTime => "time(6)",
        #[cfg(feature = "time")]
        SqlType::TimePrimitiveDateTime | SqlType::TimeOffsetDateTime => "datetime(6)",
    };
    name.into()
}

/// An index holds only so much, and nothing of a column without a length.
fn keys_without_length(table: &TableDefinition, findings: &mut Vec<String>) {
    let texts = table.columns.iter().filter(|column| matches!(column.sql_type, SqlType::Text | SqlType::Bytes));
    for column in texts.filter(|column| column.indexed && column.custom_type.is_none()) {
        let path = table.path(column.name);
        match text_length(column) {
            None => findings.push(format!(
                "{path} is a key, unique or indexed, and has no length: add `max_length = …`, at most {MAX_KEY_LENGTH}"
            )),
            Some(length) if column.sql_type == SqlType::Text && length > MAX_KEY_LENGTH => findings.push(format!(
                "{path} is a key, unique or indexed, and {length} characters are too many: at most {MAX_KEY_LENGTH}"
            )),
            Some(_) => {}
        }
    }
}

fn partial_indexes(table: &TableDefinition, findings: &mut Vec<String>) {
    for index in table.indexes.iter().filter(|index| index.condition.is_some()) {
        let columns = index.columns.join(", ");
        findings.push(format!("\"{}\" has an index ({columns}) with `where`, which it does not know", table.name.name));
    }
}

fn impossible_references(table: &TableDefinition, findings: &mut Vec<String>) {
    for key in &table.foreign_keys {
        let columns = table.path(&key.columns.join(", "));
        // sea-query writes no database's name into a reference.
        if key.target.schema != table.name.schema {
            findings.push(format!("{columns} references a table of another schema: set `constraint = false`"));
        }
        if [key.on_delete, key.on_update].contains(&Action::SetDefault) {
            findings.push(format!("{columns} is set to its default by a foreign key, which InnoDB does not know"));
        }
    }
}
