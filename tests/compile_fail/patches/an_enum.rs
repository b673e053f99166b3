//! A patch of an enum.
use orm::prelude::*;

#[derive(Patch)]
pub enum Kind {
    One,
    Two,
}

fn main() {}
