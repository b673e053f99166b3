//! From what changed in memory to statements, in four steps: changes, plan, execute, settle.
//!
//! The plan is a value and a pure function of the changes; keys that the database will generate are symbolic in it.
mod blame;
mod broken;
mod cascade;
mod changes;
mod connect;
mod defaults;
mod deletes;
mod evaluate;
mod execute;
mod in_memory;
mod insertion;
mod link_rows;
mod links;
mod order;
mod pattern;
mod plan;
mod planner;
mod positions;
mod renamed;
mod reorder;
mod rowids;
mod set_based;
mod settle;
mod soft_deletes;
mod sources;
mod stale;
mod switch;
mod tables;
mod unique;
mod upsert;
mod validate;

pub(crate) use cascade::{Progress, cascade};
pub(crate) use changes::{Changes, collect};

pub(crate) use execute::{Database, Executed, execute};
pub use insertion::Insertion;
pub(crate) use insertion::{GiveBack, Inserted, Prepared};
pub use plan::Plan;
pub(crate) use planner::plan;
pub(crate) use positions::{Ends, Unknown, number, number_known};
pub(crate) use renamed::follow_keys;
pub(crate) use rowids::{Learned, RowIds};
pub(crate) use set_based::{RowsChange, change_rows};
pub(crate) use settle::settle;
