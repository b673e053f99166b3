//! A table between at a relationship to one.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(through("user_roles", user_id, role_id), foreign_key = Role::user_id)]
    pub role: HasOne<Role>,
}

#[derive(Model)]
pub struct Role {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(unique)]
    pub user_id: Option<i64>,
}

fn main() {}
