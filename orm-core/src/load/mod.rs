//! From a query to rows in memory: what to join and what to load after (plan), one pass over the rows (collect), and which
//! target belongs to which owner (entities, values).
//!
//! Everything here is compiled once for all models.
mod alone;
mod collect;
mod columns;
mod count;
mod ends;
mod entered;
mod entities;
mod met;
mod named;
mod near;
mod pages;
mod plan;
mod projected;
mod recall;
mod run;
mod source;
mod stream;
#[cfg(test)]
mod tests;
mod unread;
mod values;

pub(crate) use ends::ends;
pub(crate) use entities::{Loaded, Loader, Request};
pub(crate) use named::{Named, fetch_named};
pub(crate) use plan::{loads_alone, touched, touched_near};
pub(crate) use projected::{Projecting, projected};
pub(crate) use run::{Reading, fetch_tuples};
pub(crate) use source::Source;
pub(crate) use stream::stream;
pub(crate) use values::values;
