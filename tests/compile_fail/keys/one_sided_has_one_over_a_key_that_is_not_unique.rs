//! The same without other side.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(foreign_key = Profile::user_id)]
    pub profile: HasOne<Profile>,
}

#[derive(Model)]
pub struct Profile {
    #[orm(primary_key)]
    pub id: i64,
    pub user_id: i64,
}

fn main() {}
