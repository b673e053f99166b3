//! A relationship called like a method of entities.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub key_id: i64,
    pub key: BelongsTo<Key>,
}

#[derive(Model)]
pub struct Key {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
