//! What the columns of a result are, found once per statement.
use sqlx::{Column, Row, TypeInfo, mysql::MySqlRow};

/// How a column's values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Signed,
    Unsigned,
    Bit,
    Float,
    Decimal,
    Text,
    Bytes,
    Json,
    Date,
    Time,
    DateTime,
    Other,
}

pub(super) fn kinds(row: &MySqlRow) -> Vec<Kind> {
    row.columns().iter().map(|column| kind(column.type_info().name())).collect()
}

fn kind(name: &str) -> Kind {
    match name {
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => Kind::Signed,
        "BIT" => Kind::Bit,
        "YEAR" => Kind::Unsigned,
        "FLOAT" | "DOUBLE" => Kind::Float,
        "DECIMAL" => Kind::Decimal,
        "BLOB" | "TINYBLOB" | "MEDIUMBLOB" | "LONGBLOB" | "BINARY" | "VARBINARY" => Kind::Bytes,
        "JSON" => Kind::Json,
        "DATE" => Kind::Date,
        "TIME" => Kind::Time,
        "DATETIME" | "TIMESTAMP" => Kind::DateTime,
        name if name.ends_with("UNSIGNED") => Kind::Unsigned,
        name if name.ends_with("TEXT") || name.ends_with("CHAR") || matches!(name, "ENUM" | "SET") => Kind::Text,
        _ => Kind::Other,
    }
}

impl Kind {
    /// In the words of an error.
    pub(super) fn shown(self) -> &'static str {
        match self {
            Self::Signed | Self::Unsigned => "an integer",
            Self::Bit => "bits",
            Self::Float => "a floating-point number",
            Self::Decimal => "a decimal",
            Self::Text => "a text",
            Self::Bytes => "bytes",
            Self::Json => "JSON",
            Self::Date => "a date",
            Self::Time => "a time",
            Self::DateTime => "a date and a time",
            Self::Other => "a value of a type that is not known here",
        }
    }
}
