//! A default that the column cannot hold.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(default = "new")]
    pub age: i32,
}

fn main() {}
