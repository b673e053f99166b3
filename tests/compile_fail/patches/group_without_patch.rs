//! A group of columns without a patch in a model with one.
use orm::prelude::*;

#[derive(Embedded, Clone)]
pub struct Address {
    pub city: String,
}

#[derive(Model, Patch)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(embed)]
    pub home: Address,
}

fn main() {}
