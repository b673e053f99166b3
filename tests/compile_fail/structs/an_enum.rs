//! An enum is no table.
use orm::prelude::*;

#[derive(Model)]
pub enum User {
    Guest,
    Member,
}

fn main() {}
