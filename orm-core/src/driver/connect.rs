//! From a URL to a driver.
use super::{DbOptions, Driver, address::Address};
use crate::error::Result;
use std::sync::Arc;

#[cfg(not(feature = "mysql"))]
use super::absent::mysql;
#[cfg(not(feature = "postgres"))]
use super::absent::postgres;
#[cfg(not(feature = "sqlite"))]
use super::absent::sqlite;
#[cfg(feature = "mysql")]
use super::mysql;
#[cfg(feature = "postgres")]
use super::postgres;
#[cfg(feature = "sqlite")]
use super::sqlite;

/// Opens the database that the URL names, with one connection at least, so that a wrong address shows here.
///
/// # Errors
/// The URL names no database or one that is not in this build, or the connection cannot be made.
pub async fn connect(options: impl Into<DbOptions>) -> Result<Arc<dyn Driver>> {
    let options = options.into();
    match Address::of(&options.url)? {
        Address::Sqlite => sqlite::connect(&options).await,
        Address::Postgres => postgres::connect(&options).await,
        Address::MySql => mysql::connect(&options).await,
    }
}
