//! A patch that would change a primary key.
use orm::prelude::*;

#[derive(Model, Patch)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub name: String,
}

fn main() {
    let _ = UserPatch::default().id(5);
}
