//! A criterion is asked at each execution, so it is a function.
use orm::prelude::*;

#[derive(Model)]
#[orm(criteria = User::id.gt(0))]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
