//! A column called like a function of models.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub query: String,
}

fn main() {}
