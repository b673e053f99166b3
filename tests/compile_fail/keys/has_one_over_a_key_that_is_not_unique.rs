//! One-to-one over a key that many rows may have.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(back_populates = user)]
    pub profile: HasOne<Profile>,
}

#[derive(Model)]
pub struct Profile {
    #[orm(primary_key)]
    pub id: i64,
    pub user_id: i64,
    #[orm(back_populates = profile)]
    pub user: BelongsTo<User>,
}

fn main() {}
