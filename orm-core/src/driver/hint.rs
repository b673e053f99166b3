//! What is to be done about a refusal that every database has words of its own for.

/// A table is not there.
pub(super) const NO_TABLE: &str =
    "; make the tables by `orm::schema![..].create_all(&db)`, or run your migrations, on this very database";

/// A text holds what no text of PostgreSQL may hold.
#[cfg(feature = "postgres")]
pub(super) const NO_ZERO: &str =
    "; a text of PostgreSQL holds no `\\0`: take it out of the bound value, or keep bytes (`Vec<u8>`)";
