//! `on_delete = "set_null"` at a key of which one column may not be null.
use orm::prelude::*;

#[derive(Model)]
pub struct Task {
    #[orm(primary_key)]
    pub id: i64,
    pub tenant_id: i64,
    pub member: Option<i32>,
    #[orm(foreign_key = (tenant_id, member), on_delete = "set_null")]
    pub owner: BelongsTo<Option<Member>>,
}

#[derive(Model)]
pub struct Member {
    #[orm(primary_key)]
    pub tenant_id: i64,
    #[orm(primary_key)]
    pub number: i32,
}

fn main() {}
