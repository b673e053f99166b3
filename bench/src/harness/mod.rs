//! Runs workloads by contenders in turn, and prints what came out.
mod allocator;
mod arguments;
mod concurrent;
mod contender;
mod report;
mod run;
mod statistics;
mod suite;
mod walks;
mod workload;
mod written;

pub use allocator::Counting;
pub use arguments::Arguments;
pub use concurrent::{ROWS_PER_REQUEST, Readers, first_of_request};
pub use contender::{BoxFuture, Contender, Entrant, Keeper, Place};
pub use run::Run;
pub use suite::{in_runtime, measure};
pub use workload::Workload;
