//! A misspelt field in `unique(..)`.
use orm::prelude::*;

#[derive(Model)]
#[orm(unique(emial, tenant))]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub email: String,
    pub tenant: i32,
}

fn main() {}
