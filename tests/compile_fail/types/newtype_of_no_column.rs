//! A newtype of something that is no column.
use orm::prelude::*;

#[derive(Clone)]
pub struct Point;

#[derive(ColumnType, Clone)]
pub struct Place(Point);

fn main() {}
