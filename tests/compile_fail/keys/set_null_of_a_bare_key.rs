//! `on_update = "set_null"` at a key without relationship that may not be null.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(references = Company::id, on_update = "set_null")]
    pub company_id: i64,
}

#[derive(Model)]
pub struct Company {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
