//! Lists of some targets of a relationship: `#[orm(filter = .., order_by = .., limit = ..)]` of a field.
use super::{OfRelated, Source};
use crate::{
    query::{Include, IntoOrder, Predicate, expr::OrderTerm},
    relation::{Many, ToMany},
    value::NotNull,
};
use std::marker::PhantomData;

/// Some targets, `T`s, of what `S` names. Whether that fits is asked when it fills a field, so that a mistake is told once.
pub struct Narrowed<S, T> {
    source: PhantomData<fn() -> S>,
    filter: Option<Predicate<T>>,
    order: Vec<OrderTerm>,
    limit: Option<u64>,
}

/// All targets of a relationship to many, to be narrowed.
pub fn list<S, T>(_: S) -> Narrowed<S, T> {
    Narrowed { source: PhantomData, filter: None, order: Vec::new(), limit: None }
}

impl<S, T> Narrowed<S, T> {
    /// Only those that meet a condition.
    #[must_use]
    pub fn filter(self, filter: Predicate<T>) -> Self {
        Self { filter: Some(filter), ..self }
    }

    /// In this order, then in that of the relationship.
    #[must_use]
    pub fn order_by(mut self, order: impl IntoOrder<T>) -> Self {
        order.push_terms(&mut self.order);
        self
    }

    /// At most so many for each owner.
    #[must_use]
    pub fn limit(self, limit: u64) -> Self {
        Self { limit: Some(limit), ..self }
    }
}

impl<T, R: ToMany<Target = T>> Source for Narrowed<R, T> {
    type Model = R::Owner;
    type Kind = OfRelated<T, Many, NotNull>;
    fn into_kind(self) -> Self::Kind {
        let Self { source: _, filter, order, limit } = self;
        let filter = filter.map(|filter| filter.expr).filter(|filter| !filter.is_always());
        OfRelated(Include { filter, order, limit, ..Include::new(R::relationship()) }, PhantomData)
    }
}
