//! A model without primary key.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    pub id: i64,
    pub email: String,
}

fn main() {}
