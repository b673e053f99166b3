//! A field that cannot be a column.
use orm::prelude::*;

pub struct Point {
    pub x: f64,
}

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub place: Point,
}

fn main() {}
