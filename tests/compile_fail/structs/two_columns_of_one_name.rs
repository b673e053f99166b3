//! Two columns of one name.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub email: String,
    #[orm(column = "email")]
    pub address: String,
}

fn main() {}
