//! A patch of a struct that is no model.
use orm::prelude::*;

#[derive(Patch)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub name: String,
}

fn main() {}
