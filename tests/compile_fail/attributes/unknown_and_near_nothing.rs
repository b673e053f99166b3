//! An attribute that resembles none.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(sparkling)]
    pub email: String,
}

fn main() {}
