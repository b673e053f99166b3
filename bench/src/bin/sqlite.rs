//! Measures everything on SQLite. The README of this directory tells how to run it.
use orm_bench::{
    Result,
    harness::{Arguments, Counting, in_runtime, measure},
    sqlite::Sqlite,
};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> Result<()> {
    let arguments = Arguments::read()?;
    in_runtime(async { measure(Sqlite::new()?, arguments).await })
}
