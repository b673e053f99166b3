//! A column whose form in documents is a function's.
use orm::prelude::*;

#[derive(Model, Patch)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[serde(with = "backwards")]
    pub name: String,
}

fn main() {}
