//! A text says no time.
use orm::prelude::*;

#[derive(Model)]
#[orm(soft_delete = deleted)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub deleted: Option<String>,
}

fn main() {}
