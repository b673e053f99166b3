//! A partner of a one-to-one that cannot be alone.
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
    #[orm(unique)]
    pub user_id: i64,
    #[orm(back_populates = profile)]
    pub user: BelongsTo<User>,
}

fn take_away(user: Entity<'_, User>) -> orm::Result<()> {
    user.profile().clear()
}

fn main() {}
