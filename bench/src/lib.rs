//! How fast `orm` is, beside the other libraries of the field: the same work, done by each, measured in turn.
//!
//! The harness (`harness`) knows workloads and contenders, not what a contender does; a contender is a module with one
//! function for each workload. `bench/README.md` tells how to run it and how to read what it prints.
pub mod data;
#[cfg(feature = "peers")]
pub mod diesel_work;
pub mod harness;
#[cfg(feature = "peers")]
pub mod mariadb;
#[cfg(feature = "peers")]
pub mod ours;
#[cfg(feature = "peers")]
pub mod postgres;
#[cfg(feature = "peers")]
pub mod sea_orm;
#[cfg(feature = "peers")]
pub mod sqlite;
#[cfg(feature = "peers")]
pub mod sqlx_work;
#[cfg(feature = "peers")]
pub mod tables;

/// Whatever went wrong ends the program.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// What contenders return.
pub type Result<T> = std::result::Result<T, Error>;
