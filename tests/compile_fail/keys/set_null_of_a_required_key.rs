//! `on_delete = "set_null"` at a key that may not be null.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub company_id: i64,
    #[orm(on_delete = "set_null")]
    pub company: BelongsTo<Company>,
}

#[derive(Model)]
pub struct Company {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
