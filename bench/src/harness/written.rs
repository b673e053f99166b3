//! Whether the database has what a contender says that it wrote.
use super::{Keeper, Run, Workload};
use crate::Result;
use std::fmt::Debug;

/// Compares what a run wrote with what is found from outside.
pub(super) async fn check(name: &str, keeper: &mut dyn Keeper, workload: Workload, run: &mut Run) -> Result<()> {
    if workload == Workload::Change {
        expect(name, run.size as i64, keeper.dyed(run.round).await?)?;
    }
    let Some(written) = run.written.take() else { return Ok(()) };
    expect(name, run.size, written.len())?;
    expect(name, sorted(written), sorted(keeper.inserted().await?))
}

fn sorted(mut rows: Vec<(i64, String)>) -> Vec<(i64, String)> {
    rows.sort_unstable();
    rows
}

fn expect<T: PartialEq + Debug>(name: &str, wanted: T, found: T) -> Result<()> {
    if wanted == found {
        return Ok(());
    }
    let mut shown = format!("{wanted:?}\nbut the database has\n{found:?}");
    shown.truncate(1_000);
    Err(format!("{name} says that it wrote {shown}").into())
}
