//! A key that a relationship fills needs a placeholder.
use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(default_sql = "'{}'")]
    pub settings: Json<Settings>,
}

#[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Settings {
    pub dark: bool,
}

fn main() {}
