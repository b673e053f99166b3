//! The inverse of a collection is a collection.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(back_populates = users)]
    pub orders: HasMany<Order>,
}

#[derive(Model)]
pub struct Order {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(back_populates = orders)]
    pub users: HasMany<User>,
}

fn main() {}
