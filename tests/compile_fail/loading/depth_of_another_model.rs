use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(back_populates = user, load = "selectin", load_depth = 2)]
    pub orders: HasMany<Order>,
}

#[derive(Model)]
pub struct Order {
    #[orm(primary_key)]
    pub id: i64,
    pub user_id: i64,
    #[orm(back_populates = orders)]
    pub user: BelongsTo<User>,
}

fn main() {}
