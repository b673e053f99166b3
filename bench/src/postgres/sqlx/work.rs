//! What sqlx reads in the same way from every database.
crate::sqlx_work::sqlx_work!(sqlx::PgConnection, sqlx::postgres::PgRow, "$1");
