//! A column called like the method of the builder.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub build: String,
}

fn main() {}
