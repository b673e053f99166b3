//! A length of a column that is no text.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(max_length = 10)]
    pub age: i32,
}

fn main() {}
