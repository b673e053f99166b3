//! `passive_deletes = "all"` at a `ManyToMany`.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(through("user_roles", user_id, role_id), passive_deletes = "all")]
    pub roles: ManyToMany<Role>,
}

#[derive(Model)]
pub struct Role {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
