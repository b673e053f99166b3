//! A version that cannot count.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(version)]
    pub version: String,
}

fn main() {}
