//! A patch of a struct without a key that is no group of columns either.
use orm::prelude::*;

#[derive(Patch)]
pub struct Settings {
    pub color: String,
}

fn main() {}
