//! A patch of one model applied to another.
use orm::prelude::*;

#[derive(Model, Patch)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Model, Patch)]
pub struct Role {
    #[orm(primary_key)]
    pub id: i64,
    pub name: String,
}

fn rename(user: Entity<'_, User>) {
    user.apply(RolePatch::default().name("new"));
}

fn main() {}
