//! What is not there yet says so.
use orm::prelude::*;

#[derive(Model)]
#[orm(soft_delete = deleted)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub deleted: bool,
}

fn main() {}
