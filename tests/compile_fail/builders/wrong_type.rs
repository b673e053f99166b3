//! A value of another type.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub email: String,
    pub note: Option<String>,
}

fn main() {
    User::builder().email(5).build();
}
