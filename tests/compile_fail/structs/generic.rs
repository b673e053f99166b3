//! A generic struct.
use orm::prelude::*;

#[derive(Model)]
pub struct User<T> {
    #[orm(primary_key)]
    pub id: i64,
    pub extra: T,
}

fn main() {}
