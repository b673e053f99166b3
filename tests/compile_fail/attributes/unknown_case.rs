//! A misspelt `rename_all`.
use orm::prelude::*;

#[derive(Model)]
#[orm(rename_all = "camelcase")]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub email: String,
}

fn main() {}
