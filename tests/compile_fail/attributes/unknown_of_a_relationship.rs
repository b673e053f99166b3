use orm::prelude::*;

#[derive(Model)]
pub struct Order {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(back_populate = order)]
    pub items: HasMany<Item>,
}

#[derive(Model)]
pub struct Item {
    #[orm(primary_key)]
    pub id: i64,
    pub order_id: i64,
    #[orm(back_populates = items)]
    pub order: BelongsTo<Order>,
}

fn main() {}
