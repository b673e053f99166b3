//! A row that is not deleted has no time.
use chrono::{DateTime, Utc};
use orm::prelude::*;

#[derive(Model)]
#[orm(soft_delete = deleted_at)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub deleted_at: DateTime<Utc>,
}

fn main() {}
