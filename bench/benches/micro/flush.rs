//! From changes to a plan.
use crate::support::{answering, runtime, users};
use divan::{Bencher, counter::ItemsCount};
use orm::prelude::*;
use orm_bench::{data::new_users, ours::User};

const SIZES: [usize; 2] = [100, 1_000];

/// Entities that were set to what they are: the session finds out that there is nothing to write.
#[divan::bench(args = SIZES)]
fn dirty_check(bencher: Bencher<'_, '_>, size: usize) {
    plan(bencher, size, false, |user| user.set(User::name, user.name.clone()));
}

/// Entities of which one column changed.
#[divan::bench(args = SIZES)]
fn plan_changes(bencher: Bencher<'_, '_>, size: usize) {
    plan(bencher, size, true, |user| user.set(User::hair_color, format!("dyed {}", user.id)));
}

/// New entities.
#[divan::bench(args = SIZES)]
fn plan_inserts(bencher: Bencher<'_, '_>, size: usize) {
    let runtime = runtime();
    let session = || {
        let session = runtime.block_on(answering([])).expect("a recorder").session();
        session.add_all(new_users(size).map(|(name, hair)| User::builder().name(name).hair_color(hair)));
        session
    };
    bencher.counter(ItemsCount::new(size)).with_inputs(session).bench_values(|session| {
        session.plan().expect("a plan");
        session
    });
}

fn plan(bencher: Bencher<'_, '_>, size: usize, writes: bool, change: impl Fn(Entity<'_, User>) + Sync) {
    let runtime = runtime();
    let session = || {
        runtime.block_on(async {
            let session = answering([users(size)]).await.expect("a recorder").session();
            User::query().all(&session).await.expect("rows").into_iter().for_each(&change);
            session
        })
    };
    bencher.counter(ItemsCount::new(size)).with_inputs(session).bench_values(|session| {
        assert_eq!(session.plan().expect("a plan").is_empty(), !writes);
        session
    });
}
