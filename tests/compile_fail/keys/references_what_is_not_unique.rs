//! A reference to a column that is not unique.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub country_code: String,
    #[orm(foreign_key = country_code, references = Country::code)]
    pub country: BelongsTo<Country>,
}

#[derive(Model)]
pub struct Country {
    #[orm(primary_key)]
    pub id: i64,
    pub code: String,
}

fn main() {}
