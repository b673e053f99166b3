//! Measures everything on MariaDB. The README of this directory tells how to run it.
use orm_bench::{
    Result,
    harness::{Arguments, Counting, in_runtime, measure},
    mariadb::MariaDb,
};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> Result<()> {
    let arguments = Arguments::read()?;
    let url = arguments.url("ORM_BENCH_MARIADB_URL", "mysql://root@127.0.0.1:3306");
    in_runtime(async { measure(MariaDb::new(url).await?, arguments).await })
}
