//! What the columns of a result are, found once per statement.
use sqlx::{Column, Row, TypeInfo, postgres::PgRow};

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
    row.columns().iter().map(|column| kind(column.type_info().name())).collect()
}

fn kind(name: &str) -> Kind {
    match name {
        "BOOL" => Kind::Bool,
        "INT2" => Kind::Int2,
        "INT4" => Kind::Int4,
        "INT8" => Kind::Int8,
        "OID" => Kind::Oid,
        "FLOAT4" => Kind::Float4,
        "FLOAT8" => Kind::Float8,
        "NUMERIC" => Kind::Numeric,
        "TEXT" | "VARCHAR" | "CHAR" | "BPCHAR" | "NAME" | "UNKNOWN" | "CITEXT" | "citext" | "XML" => Kind::Text,
        "BYTEA" => Kind::Bytes,
        "UUID" => Kind::Uuid,
        "JSON" => Kind::Json,
        "JSONB" => Kind::Jsonb,
        "DATE" => Kind::Date,
        "TIME" => Kind::Time,
        "TIMESTAMP" | "TIMESTAMPTZ" => Kind::Timestamp,
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
