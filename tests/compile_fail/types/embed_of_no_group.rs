//! A group that is none.
use orm::prelude::*;

#[derive(Clone)]
pub struct Times;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(embed)]
    pub times: Times,
}

fn main() {}
