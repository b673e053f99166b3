//! An enum that cannot be copied.
use orm::prelude::*;

#[derive(ColumnEnum)]
pub enum Status {
    Pending,
}

fn main() {}
