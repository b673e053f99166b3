//! Precision and scale of a column that is no decimal.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(decimal(10, 2))]
    pub price: f64,
}

fn main() {}
