//! A key that no database generates.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key, generated = true)]
    pub id: String,
}

fn main() {}
