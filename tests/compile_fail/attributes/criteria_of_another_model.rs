//! A criterion is one of the model's own rows.
use orm::prelude::*;

#[derive(Model)]
#[orm(criteria = visible)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
}

#[derive(Model)]
pub struct Order {
    #[orm(primary_key)]
    pub id: i64,
}

fn visible() -> Predicate<Order> {
    Order::id.gt(0)
}

fn main() {}
