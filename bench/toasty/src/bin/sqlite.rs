//! Measures toasty on SQLite.
use orm_bench::harness::{Arguments, Counting, in_runtime, measure};
use orm_bench_toasty::{Result, Sqlite};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> Result<()> {
    let arguments = Arguments::read()?;
    in_runtime(async { measure(Sqlite::new()?, arguments).await })
}
