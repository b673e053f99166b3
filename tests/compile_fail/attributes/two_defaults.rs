//! A default of Rust and one of the database.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(default = "new", default_sql = "'new'")]
    pub status: String,
}

fn main() {}
