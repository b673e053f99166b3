//! A reference to a column of another model.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub country_code: String,
    #[orm(foreign_key = country_code, references = City::code)]
    pub country: BelongsTo<Country>,
}

#[derive(Model)]
pub struct Country {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(unique)]
    pub code: String,
}

#[derive(Model)]
pub struct City {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(unique)]
    pub code: String,
}

fn main() {}
