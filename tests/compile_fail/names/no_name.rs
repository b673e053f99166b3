//! A constant that is no name.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(constant = "E-MAIL")]
    pub email: String,
}

fn main() {}
