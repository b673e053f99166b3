//! A relationship that is only read.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(back_populates = user, view_only)]
    pub orders: HasMany<Order>,
}

#[derive(Model)]
pub struct Order {
    #[orm(primary_key)]
    pub id: i64,
    pub user_id: Option<i64>,
    #[orm(back_populates = orders)]
    pub user: BelongsTo<Option<User>>,
}

fn main() {}
