//! What sqlx reads in the same way from every database.
crate::sqlx_work::sqlx_work!(sqlx::SqliteConnection, sqlx::sqlite::SqliteRow, "?");
