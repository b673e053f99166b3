//! A required column is missing.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub email: String,
    pub note: Option<String>,
}

fn main() {
    User::builder().note("x").build();
}
