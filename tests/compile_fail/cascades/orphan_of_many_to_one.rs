//! `delete_orphan` at a `BelongsTo`.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub company_id: i64,
    #[orm(cascade(all, delete_orphan))]
    pub company: BelongsTo<Company>,
}

#[derive(Model)]
pub struct Company {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
