//! A many-to-many without link.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub roles: ManyToMany<Role>,
}

#[derive(Model)]
pub struct Role {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
