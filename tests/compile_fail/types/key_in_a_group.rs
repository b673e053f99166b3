//! A primary key in an embedded group.
use orm::prelude::*;

#[derive(Embedded, Clone)]
pub struct Times {
    #[orm(primary_key)]
    pub id: i64,
}

fn main() {}
