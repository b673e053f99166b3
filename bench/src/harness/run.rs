//! One run of a workload, as its contender sees it.
use super::allocator;
use crate::data::{Sum, hair_color, name};
use std::{
    future::Future,
    time::{Duration, Instant},
};

/// What a contender is told, and tells.
#[derive(Debug, Default)]
pub struct Run {
    /// Of how many.
    pub size: usize,
    /// The number of this run; no two have the same.
    pub round: u64,
    /// How many users the database has.
    pub users: usize,
    pub(super) checking: bool,
    pub(super) result: Option<f64>,
    pub(super) sum: Option<Sum>,
    pub(super) written: Option<Vec<(i64, String)>>,
}

impl Run {
    pub(super) fn new(size: usize, round: u64, users: usize, checking: bool) -> Self {
        Self { size, round, users, checking, ..Self::default() }
    }

    /// Times a piece of asynchronous work. What it gives back is dropped after the clock was stopped.
    pub async fn time<T>(&mut self, work: impl Future<Output = T>) -> T {
        let start = Instant::now();
        let result = work.await;
        self.took(start.elapsed());
        result
    }

    /// Times a piece of work that blocks.
    pub fn time_blocking<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.took(start.elapsed());
        result
    }

    /// Weighs what a piece of work leaves in memory: bytes for each beyond `own`, the size of the struct, and its texts.
    pub async fn weigh<T>(&mut self, own: usize, work: impl Future<Output = T>) -> T {
        let before = allocator::live();
        let result = work.await;
        self.weighed(own, before);
        result
    }

    /// As [`weigh`](Self::weigh), of work that blocks.
    pub fn weigh_blocking<T>(&mut self, own: usize, work: impl FnOnce() -> T) -> T {
        let before = allocator::live();
        let result = work();
        self.weighed(own, before);
        result
    }

    fn weighed(&mut self, own: usize, before: isize) {
        let all = (allocator::live() - before) as f64;
        let texts: usize =
            (1..=self.size).map(|user| name(user).len() + hair_color(user).map_or(0, |hair| hair.len())).sum();
        self.result = Some((all - texts as f64) / self.size as f64 - own as f64);
    }

    /// Tells what came out, to be compared with what the others found. It is asked for once.
    pub fn check(&mut self, add: impl FnOnce(&mut Sum)) {
        if self.checking {
            add(self.sum.insert(Sum::default()));
        }
    }

    /// Tells the keys that the users of an insert got, to be compared with what the database has.
    pub fn check_written(&mut self, users: impl IntoIterator<Item = (i64, String)>) {
        if self.checking {
            self.written = Some(users.into_iter().collect());
        }
    }

    fn took(&mut self, time: Duration) {
        self.result = Some(time.as_secs_f64());
    }
}
