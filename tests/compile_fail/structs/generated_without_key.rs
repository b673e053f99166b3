//! Only keys are generated.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(generated)]
    pub number: i64,
}

fn main() {}
