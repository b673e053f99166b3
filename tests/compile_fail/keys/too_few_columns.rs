//! One column for a composite key.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub company_id: i64,
    pub company: BelongsTo<Company>,
}

#[derive(Model)]
pub struct Company {
    #[orm(primary_key)]
    pub region: i64,
    #[orm(primary_key)]
    pub number: i64,
}

fn main() {}
