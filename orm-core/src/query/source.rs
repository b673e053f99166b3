//! What the rows of a query are taken from: other queries, or rows that can be reached from others.
use super::{Parts, Tuples};
use crate::schema::Relationship;

/// What the rows of a query are taken from, where that is not a whole table.
#[derive(Debug, Clone)]
pub enum Source {
    /// Rows of the table that these queries give, by their keys.
    Members(Combined<Parts>),
    /// Rows of the table that a relationship leads to from others, in any number of steps.
    Reachable {
        /// Where it begins.
        from: Parts,
        /// The relationship, which leads to its own model.
        relationship: &'static Relationship,
        /// At most so many steps.
        depth: Option<u32>,
    },
    /// The rows of queries of columns and expressions, which are the columns; the same number is the same rows.
    Outputs(u64, Combined<Tuples>),
}

/// Queries whose rows are put together.
#[derive(Debug, Clone)]
pub struct Combined<Q> {
    /// The first of them.
    pub first: Q,
    /// How the others are put to it, in their order.
    pub operator: SetOperator,
    /// The others.
    pub rest: Vec<Q>,
}

/// How the rows of two queries are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOperator {
    /// The rows of both, each once.
    Union,
    /// The rows of both.
    UnionAll,
    /// The rows that both have, each once.
    Intersect,
    /// The rows that the first has and the other has not, each once.
    Except,
}

impl<Q> Combined<Q> {
    /// One query alone.
    pub(super) fn only(first: Q) -> Self {
        Self { first, operator: SetOperator::UnionAll, rest: Vec::new() }
    }

    /// Its queries, in their order.
    pub(crate) fn queries(&self) -> impl Iterator<Item = &Q> {
        std::iter::once(&self.first).chain(&self.rest)
    }
}
