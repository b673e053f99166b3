//! Stands for the databases whose cargo feature is off: connecting says which feature to switch on.
use super::{DbOptions, Driver};
use crate::error::{Error, Kind, Result};
use std::sync::Arc;

fn absent(database: &str, feature: &str) -> Error {
    let message = format!("{database} is not in this build: switch on the cargo feature `{feature}` of `orm`");
    Error::new(Kind::Unsupported, message)
}

macro_rules! absent {
    ($module:ident, $database:literal) => {
        #[allow(dead_code, reason = "with the feature on, the real one is used")]
        pub(super) mod $module {
            use super::*;
            pub(in crate::driver) async fn connect(_: &DbOptions) -> Result<Arc<dyn Driver>> {
                Err(absent($database, stringify!($module)))
            }
        }
    };
}
absent!(sqlite, "SQLite");
absent!(postgres, "PostgreSQL");
absent!(mysql, "MySQL");
