//! `delete_orphan` at a `ManyToMany`.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(through("user_roles", user_id, role_id), cascade(delete_orphan))]
    pub roles: ManyToMany<Role>,
}

#[derive(Model)]
pub struct Role {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
