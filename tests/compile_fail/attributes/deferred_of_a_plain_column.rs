//! A group of columns that are left out, at one that is always loaded.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(deferred = "media")]
    pub photo: Vec<u8>,
}

fn main() {}
