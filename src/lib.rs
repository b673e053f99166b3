//! placeholder
pub use orm_core::*;
