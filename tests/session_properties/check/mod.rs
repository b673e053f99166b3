//! Random programs against a session and against its twin: after every operation both must have the same.
mod action;
mod adding;
mod compare;
mod driver;
mod entities;
mod flush;
mod loading;
mod models;
mod operations;
mod relating;
mod removing;
mod shape;
mod statements;
mod tables;
mod transactions;
mod world;

#[allow(unused_imports, reason = "the oracle writes them, the other binary only shows them")]
pub(crate) use action::Action;
pub(crate) use action::shown;
pub(crate) use driver::{Outcome, run};
pub(crate) use models::schema;
pub(crate) use operations::{Op, programs};

use proptest::test_runner::{RngAlgorithm, TestRng};

/// The operations of a program at most.
pub(crate) const LONGEST: usize = 40;

/// The source of the programs of a seed.
pub(crate) fn generator(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}
