//! An unknown field in `index(..)`.
use orm::prelude::*;

#[derive(Model)]
#[orm(index(created))]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub email: String,
}

fn main() {}
