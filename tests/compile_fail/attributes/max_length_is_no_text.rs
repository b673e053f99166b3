//! A number written as a text.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(max_length = "255")]
    pub email: String,
}

fn main() {}
