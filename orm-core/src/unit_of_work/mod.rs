//! From what changed in memory to statements, in four steps: changes, plan, execute, settle.
//!
//! The plan is a value and a pure function of the changes; keys that the database will generate are symbolic in it.
mod cascade;
mod changes;
mod connect;
mod defaults;
mod execute;

mod links;
mod order;
mod plan;
mod planner;
mod settle;

mod tables;
mod unique;
mod validate;

pub(crate) use cascade::{Needed, Progress, cascade};
pub(crate) use changes::{Changes, collect};

pub(crate) use execute::{Executed, execute};
pub use plan::Plan;
pub(crate) use planner::plan;
pub(crate) use settle::settle;
