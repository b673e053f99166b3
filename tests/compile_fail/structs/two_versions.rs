//! Two columns of one role.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(version)]
    pub version: i32,
    #[orm(version)]
    pub revision: i32,
}

fn main() {}
