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
mod shape;

mod tables;
mod world;

pub(crate) use action::Action;
pub(crate) use driver::{Outcome, run};
pub(crate) use models::schema;
pub(crate) use operations::{Op, programs};
