//! It must be said which column.
use orm::prelude::*;

#[derive(Model)]
#[orm(soft_delete)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub deleted: bool,
}

fn main() {}
