//! Sides of a link that do not mirror.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(through("user_roles", user_id, role_id), back_populates = users)]
    pub roles: ManyToMany<Role>,
}

#[derive(Model)]
pub struct Role {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(through("user_roles", user_id, role_id), back_populates = roles)]
    pub users: ManyToMany<User>,
}

fn main() {}
