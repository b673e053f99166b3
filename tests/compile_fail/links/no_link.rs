//! Something else than a link.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(through(UserRole))]
    pub roles: ManyToMany<Role>,
}

#[derive(Model)]
pub struct Role {
    #[orm(primary_key)]
    pub id: i64,
}

#[derive(Model)]
pub struct UserRole {
    #[orm(primary_key)]
    pub user_id: i64,
    #[orm(primary_key)]
    pub role_id: i64,
    pub user: BelongsTo<User>,
    pub role: BelongsTo<Role>,
}

fn main() {}
