//! An attribute given twice.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(unique, index, unique)]
    pub email: String,
}

fn main() {}
