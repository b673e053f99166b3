//! Several mistakes are told together, each at its place.
use orm::prelude::*;

#[derive(Model)]
#[orm(shema = "x")]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(uniqe)]
    pub email: String,
    #[orm(max_lenght = 5)]
    pub name: String,
    pub company: BelongsTo<Company>,
}

#[derive(Model)]
pub struct Company {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
