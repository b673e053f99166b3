//! What diesel does in the same words on every backend.
crate::diesel_work::diesel_work!(diesel::SqliteConnection, diesel::RunQueryDsl, ());
