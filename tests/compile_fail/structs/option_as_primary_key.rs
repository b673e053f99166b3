//! A primary key that may be null.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: Option<i64>,
}

fn main() {}
