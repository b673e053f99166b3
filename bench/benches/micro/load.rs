//! From rows to values and entities.
use crate::support::{answering, posts, runtime, users};
use divan::{Bencher, counter::ItemsCount};
use orm::prelude::*;
use orm_bench::ours::User;

const SIZES: [usize; 2] = [100, 10_000];

/// Decodes rows into plain values.
#[divan::bench(args = SIZES)]
fn decode_batch(bencher: Bencher<'_, '_>, size: usize) {
    let runtime = runtime();
    bencher
        .counter(ItemsCount::new(size))
        .with_inputs(|| runtime.block_on(answering([users(size)])).expect("a recorder"))
        .bench_values(|db| {
            let found = runtime.block_on(User::query().all(&db)).expect("rows");
            assert_eq!(found.len(), size);
            found
        });
}

/// The same into a session that knows no row yet.
#[divan::bench(args = SIZES)]
fn adopt_result(bencher: Bencher<'_, '_>, size: usize) {
    intern(bencher, size, 0);
}

/// The same into a session that knows half of the rows: each is looked up by its key.
#[divan::bench(args = SIZES)]
fn intern_half_known(bencher: Bencher<'_, '_>, size: usize) {
    intern(bencher, size, size / 2);
}

/// The same into a session that knows all rows.
#[divan::bench(args = SIZES)]
fn intern_known(bencher: Bencher<'_, '_>, size: usize) {
    intern(bencher, size, size);
}

fn intern(bencher: Bencher<'_, '_>, size: usize, known: usize) {
    let runtime = runtime();
    let session = || {
        runtime.block_on(async {
            let session = answering([users(known), users(size)]).await.expect("a recorder").session();
            User::query().all(&session).await.expect("rows");
            session
        })
    };
    bencher.counter(ItemsCount::new(size)).with_inputs(session).bench_values(|session| {
        assert_eq!(runtime.block_on(User::query().all(&session)).expect("rows").len(), size);
        session
    });
}

/// Loads users and lays ten posts into the collection of each.
#[divan::bench(args = [100, 1_000])]
fn stitch_select_in(bencher: Bencher<'_, '_>, size: usize) {
    let runtime = runtime();
    let session = || runtime.block_on(answering([users(size), posts(size)])).expect("a recorder").session();
    bencher.counter(ItemsCount::new(size * 10)).with_inputs(session).bench_values(|session| {
        runtime.block_on(async {
            let users = User::query().with(User::posts.selectin()).all(&session).await.expect("rows");
            let posts: usize = users.iter().map(|user| user.posts().loaded().expect("posts").len()).sum();
            assert_eq!(posts, size * 10);
        });
        session
    });
}
