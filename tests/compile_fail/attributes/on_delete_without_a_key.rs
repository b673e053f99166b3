//! An action of a foreign key at a plain column.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(on_delete = "cascade")]
    pub company_id: i64,
}

fn main() {}
