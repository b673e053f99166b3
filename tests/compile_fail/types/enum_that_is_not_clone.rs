//! An enum that cannot be cloned.
use orm::prelude::*;

#[derive(ColumnEnum)]
pub enum Status {
    Pending,
}

fn main() {}
