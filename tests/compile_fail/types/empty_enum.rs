//! An enum without variants.
use orm::prelude::*;

#[derive(ColumnEnum, Clone, Copy)]
pub enum Status {}

fn main() {}
