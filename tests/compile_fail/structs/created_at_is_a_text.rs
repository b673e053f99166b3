//! A time that the clock cannot give.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(created_at)]
    pub created: String,
}

fn main() {}
