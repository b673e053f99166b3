//! What the columns of a result are, found once per statement.
use sqlx::{
    Column, Row, TypeInfo,
    postgres::{PgRow, PgTypeInfo},
};

/// The binary form of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    Numeric,
    Text,
    Bytes,
    Uuid,
    Json,
    /// JSON after a byte that tells the version.
    Jsonb,
    Date,
    Time,
    Timestamp,
    /// A user's own or a rare one; enums among them are read as text.
    Other,
}

pub(super) fn kinds(row: &PgRow) -> Vec<Kind> {
    row.columns().iter().map(|column| kind(column.type_info())).collect()
}

/// By the number that the type has in every database (`pg_type.dat`): names would be compared one after another.
fn kind(info: &PgTypeInfo) -> Kind {
    match info.oid().map(|oid| oid.0) {
        Some(16) => Kind::Bool,
        Some(17) => Kind::Bytes,
        Some(20) => Kind::Int8,
        Some(21) => Kind::Int2,
        Some(23) => Kind::Int4,
        // `name`, `text`, `unknown`, `char(n)`, `varchar`.
        Some(19 | 25 | 705 | 1042 | 1043) => Kind::Text,
        Some(26) => Kind::Oid,
        Some(114) => Kind::Json,
        Some(700) => Kind::Float4,
        Some(701) => Kind::Float8,
        Some(1082) => Kind::Date,
        Some(1083) => Kind::Time,
        Some(1114 | 1184) => Kind::Timestamp,
        Some(1700) => Kind::Numeric,
        Some(2950) => Kind::Uuid,
        Some(3802) => Kind::Jsonb,
        _ => named(info.name()),
    }
}

/// Of types whose number is another one in each database.
fn named(name: &str) -> Kind {
    match name {
        "CITEXT" | "citext" | "XML" => Kind::Text,
        _ => Kind::Other,
    }
}

impl Kind {
    /// In the words of an error.
    pub(super) fn shown(self) -> &'static str {
        match self {
            Self::Bool => "a boolean",
            Self::Int2 | Self::Int4 | Self::Int8 | Self::Oid => "an integer",
            Self::Float4 | Self::Float8 => "a floating-point number",
            Self::Numeric => "a numeric",
            Self::Text => "a text",
            Self::Bytes => "bytes",
            Self::Uuid => "a UUID",
            Self::Json | Self::Jsonb => "JSON",
            Self::Date => "a date",
            Self::Time => "a time",
            Self::Timestamp => "a timestamp",
            Self::Other => "a value of a type that is not known here",
        }
    }
}
