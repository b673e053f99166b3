//! The target is no model.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(foreign_key = Order::user_id)]
    pub orders: HasMany<Order>,
}

pub struct Order {
    pub user_id: i64,
}

fn main() {}
