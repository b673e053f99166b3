//! A struct is no enum.
use orm::prelude::*;

#[derive(ColumnEnum, Clone, Copy)]
pub struct Status(i32);

fn main() {}
