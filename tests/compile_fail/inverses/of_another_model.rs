//! The inverse leads to another model.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(back_populates = product)]
    pub orders: HasMany<Order>,
}

#[derive(Model)]
pub struct Order {
    #[orm(primary_key)]
    pub id: i64,
    pub product_id: i64,
    pub product: BelongsTo<Product>,
}

#[derive(Model)]
pub struct Product {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
