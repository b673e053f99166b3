//! A misspelt action of a foreign key.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub company_id: Option<i64>,
    #[orm(on_delete = "setnull")]
    pub company: BelongsTo<Option<Company>>,
}

#[derive(Model)]
pub struct Company {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
