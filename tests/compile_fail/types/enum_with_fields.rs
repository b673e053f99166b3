//! A variant with fields.
use orm::prelude::*;

#[derive(ColumnEnum, Clone, Copy)]
pub enum Status {
    Pending,
    Shipped(u32),
}

fn main() {}
