//! One column says it.
use orm::prelude::*;

#[derive(Model)]
#[orm(soft_delete = deleted, soft_delete = gone)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub deleted: bool,
    pub gone: bool,
}

fn main() {}
