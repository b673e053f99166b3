//! The column must be one of the struct.
use orm::prelude::*;

#[derive(Model)]
#[orm(soft_delete = deleted_at)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub deleted: bool,
}

fn main() {}
