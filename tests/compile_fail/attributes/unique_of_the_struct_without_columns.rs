//! `unique` of the struct names its columns.
use orm::prelude::*;

#[derive(Model)]
#[orm(unique)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub email: String,
}

fn main() {}
