//! Two relationships over one key.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub company_id: i64,
    pub company: BelongsTo<Company>,
    #[orm(foreign_key = company_id)]
    pub employer: BelongsTo<Company>,
}

#[derive(Model)]
pub struct Company {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
