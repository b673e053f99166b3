//! The contract of drivers, the same tests on every database. One that cannot be reached is left out, which is printed.
#![cfg(all(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "chrono",
    feature = "time",
    feature = "uuid",
    feature = "rust_decimal",
    feature = "json"
))]
mod cancellation;
mod connecting;
mod constraints;
mod each;
mod log;
mod pinned;
mod pools;
mod recorder;
mod servers;
mod sqlite;
mod streams;
mod support;
mod transactions;
mod values;
