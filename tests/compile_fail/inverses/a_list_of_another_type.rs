//! A plain list of related rows.
use orm::prelude::*;

#[derive(Model, Clone)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub orders: Vec<Order>,
}

#[derive(Model, Clone)]
pub struct Order {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
