//! `passive_deletes = "all"` with a cascade that deletes.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(back_populates = user, cascade(all), passive_deletes = "all")]
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
