//! Measures toasty on PostgreSQL.
use orm_bench::harness::{Arguments, Counting, in_runtime, measure};
use orm_bench_toasty::{Postgres, Result};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> Result<()> {
    let arguments = Arguments::read()?;
    let url = arguments.url("ORM_BENCH_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres");
    in_runtime(async { measure(Postgres::new(url).await?, arguments).await })
}
