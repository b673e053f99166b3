//! What differs between the databases as far as the size of statements goes.
use crate::{driver::Dialect, value::SqlType};

/// The greatest number of values that one statement may bind.
///
/// PostgreSQL's protocol counts them in 16 bits; lists and many rows are bound there as one array per column, so that the
/// limit hardly matters. SQLite's default since 3.32 is 32,766, MySQL's protocol has 65,535.
pub fn bind_limit(dialect: Dialect) -> usize {
    match dialect {
        Dialect::Sqlite => 32_766,
        Dialect::Postgres | Dialect::MySql | Dialect::MariaDb => 65_535,
    }
}

/// Whether an INSERT can return columns of the rows that it made. MySQL tells the first generated key instead.
pub fn returns_rows(dialect: Dialect) -> bool {
    match dialect {
        Dialect::Sqlite | Dialect::Postgres | Dialect::MariaDb => true,
        Dialect::MySql => false,
    }
}

/// The greatest number of rows of one written statement: from here on a longer statement gains nothing, and a shorter one
/// keeps the text and the memory small.
const ROWS: usize = 1_000;

/// The greatest number of keys of one loading statement. MySQL and MariaDB read a whole table where they see that its rows
/// are most of what is asked for, which is worth a longer list.
fn most_keys(dialect: Dialect) -> usize {
    match dialect {
        Dialect::Sqlite | Dialect::Postgres => 1_000,
        Dialect::MySql | Dialect::MariaDb => 8_192,
    }
}

/// Divides rows of `width` values each into pieces that fit into one statement.
///
/// On PostgreSQL a column is one array, so that only the number of rows counts.
pub fn chunks<T>(dialect: Dialect, width: usize, rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    pieces(size(dialect, width, ROWS), rows)
}

/// The greatest number of rows of `width` values each that go in one statement.
pub(crate) fn rows_of_statement(dialect: Dialect, width: usize) -> usize {
    size(dialect, width, ROWS)
}

/// The number of statements that [`chunks`] makes of so many rows; without columns SQLite needs one for each.
pub fn statements(dialect: Dialect, width: usize, rows: usize) -> usize {
    if width == 0 { rows } else { rows.div_ceil(size(dialect, width, ROWS)) }
}

/// Divides keys of `width` values each into pieces that fit into one statement, with room for what a filter binds.
pub fn key_chunks<T>(dialect: Dialect, width: usize, keys: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let size = size(dialect, width, most_keys(dialect));
    let size = match dialect {
        Dialect::Sqlite | Dialect::Postgres => size,
        // What is padded to a power of two must not pass the limit.
        Dialect::MySql | Dialect::MariaDb => 1 << size.ilog2(),
    };
    pieces(size, keys)
}

fn size(dialect: Dialect, width: usize, most: usize) -> usize {
    match dialect {
        Dialect::Postgres => most,
        Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb => {
            (bind_limit(dialect) * 3 / 4 / width.max(1)).clamp(1, most)
        }
    }
}

fn pieces<T>(size: usize, items: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut items = items.into_iter();
    std::iter::from_fn(move || {
        let piece: Vec<T> = items.by_ref().take(size).collect();
        (!piece.is_empty()).then_some(piece)
    })
}

/// The type that a bound value is cast to for a column with a database type of its own. Only PostgreSQL is strict enough
/// to need it; texts of any kind take a text as it is, and a cast would cut it off instead of refusing it.
pub(super) fn cast_type(dialect: Dialect, custom_type: Option<&'static str>) -> Option<&'static str> {
    const TEXTS: [&str; 4] = ["char", "varchar", "text", "bpchar"];
    let is_text = |name: &str| TEXTS.iter().any(|text| name.to_ascii_lowercase().starts_with(text));
    match dialect {
        Dialect::Postgres => custom_type.filter(|name| !is_text(name)),
        Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb => None,
    }
}

/// PostgreSQL's name for an array of values bound with that type.
pub(super) fn array_type(sql_type: SqlType) -> &'static str {
    match sql_type {
        SqlType::Bool => "boolean[]",
        SqlType::I8 | SqlType::I16 | SqlType::U8 => "smallint[]",
        SqlType::I32 | SqlType::U16 => "integer[]",
        SqlType::I64 | SqlType::U32 | SqlType::U64 => "bigint[]",
        SqlType::F32 => "real[]",
        SqlType::F64 => "double precision[]",
        SqlType::Text => "text[]",
        SqlType::Bytes => "bytea[]",
        #[cfg(feature = "rust_decimal")]
        SqlType::Decimal => "numeric[]",
        #[cfg(feature = "uuid")]
        SqlType::Uuid => "uuid[]",
        #[cfg(feature = "json")]
        SqlType::Json => "jsonb[]",
        #[cfg(feature = "chrono")]
        SqlType::ChronoDate => "date[]",
        #[cfg(feature = "chrono")]
        SqlType::ChronoTime => "time[]",
        #[cfg(feature = "chrono")]
        SqlType::ChronoDateTime => "timestamp[]",
        #[cfg(feature = "chrono")]
        SqlType::ChronoDateTimeUtc => "timestamptz[]",
        #[cfg(feature = "time")]
        SqlType::TimeDate => "date[]",
        #[cfg(feature = "time")]
        SqlType::TimeTime => "time[]",
        #[cfg(feature = "time")]
        SqlType::TimePrimitiveDateTime => "timestamp[]",
        #[cfg(feature = "time")]
        SqlType::TimeOffsetDateTime => "timestamptz[]",
    }
}
