//! A misspelt attribute of a column.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(uniqe)]
    pub email: String,
}

fn main() {}
