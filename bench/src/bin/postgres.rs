//! Measures everything on PostgreSQL. The README of this directory tells how to run it.
use orm_bench::{
    Result,
    harness::{Arguments, Counting, in_runtime, measure},
    postgres::Postgres,
};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> Result<()> {
    let arguments = Arguments::read()?;
    let url = arguments.url("ORM_BENCH_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres");
    in_runtime(async { measure(Postgres::new(url).await?, arguments).await })
}
