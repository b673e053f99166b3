//! A relationship in an embedded group.
use orm::prelude::*;

#[derive(Embedded, Clone)]
pub struct Times {
    pub users: HasMany<User>,
}

#[derive(Model, Clone)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
