//! A newtype of two fields.
use orm::prelude::*;

#[derive(ColumnType, Clone)]
pub struct Point(f64, f64);

fn main() {}
