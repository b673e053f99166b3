//! Orders of rows.
use super::{
    Column, Expression,
    expr::{Expr, Nulls, OrderTerm},
};
use crate::{
    model::Record,
    value::{ColumnType, SqlType},
};
use std::{fmt, marker::PhantomData};

/// One term of an order of model `M`: `User::id.desc()`.
pub struct OrderBy<M> {
    pub(crate) term: OrderTerm,
    model: PhantomData<fn() -> M>,
}

impl<M> OrderBy<M> {
    pub(super) fn new(expr: Expr, sql_type: SqlType, descending: bool) -> Self {
        Self { term: OrderTerm { expr, sql_type, descending, nulls: None }, model: PhantomData }
    }

    pub(super) fn from_term(term: OrderTerm) -> Self {
        Self { term, model: PhantomData }
    }

    /// The opposite order, of nulls too.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.term.descending = !self.term.descending;
        self.term.nulls = self.term.nulls.map(|nulls| match nulls {
            Nulls::First => Nulls::Last,
            Nulls::Last => Nulls::First,
        });
        self
    }

    /// Nulls come before all values.
    #[must_use]
    pub fn nulls_first(mut self) -> Self {
        self.term.nulls = Some(Nulls::First);
        self
    }

    /// Nulls come after all values.
    #[must_use]
    pub fn nulls_last(mut self) -> Self {
        self.term.nulls = Some(Nulls::Last);
        self
    }
}

impl<M> Clone for OrderBy<M> {
    fn clone(&self) -> Self {
        Self { term: self.term.clone(), model: PhantomData }
    }
}

impl<M> fmt::Debug for OrderBy<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.term.fmt(f)
    }
}

/// What `order_by` takes: a column (ascending), `User::id.desc()`, a path, or a tuple of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an order of `{M}`",
    label = "expected a column of `{M}`, or its `asc()` or `desc()`",
    note = "columns of another model are reached by a path: `Order::user.path(User::email).desc()`"
)]
pub trait IntoOrder<M> {
    /// Appends the terms.
    fn push_terms(self, terms: &mut Vec<OrderTerm>);
}

impl<M> IntoOrder<M> for OrderBy<M> {
    fn push_terms(self, terms: &mut Vec<OrderTerm>) {
        terms.push(self.term);
    }
}

impl<M: Record, T> IntoOrder<M> for Column<M, T> {
    fn push_terms(self, terms: &mut Vec<OrderTerm>) {
        terms.push(OrderTerm::by(M::table(), self.position(), false));
    }
}

impl<M, T: ColumnType> IntoOrder<M> for Expression<M, T> {
    fn push_terms(self, terms: &mut Vec<OrderTerm>) {
        self.asc().push_terms(terms);
    }
}

impl<M, O: IntoOrder<M>> IntoOrder<M> for Vec<O> {
    fn push_terms(self, terms: &mut Vec<OrderTerm>) {
        self.into_iter().for_each(|order| order.push_terms(terms));
    }
}

macro_rules! tuples {
    ($($($order:ident $position:tt),+;)*) => {$(
        impl<M, $($order: IntoOrder<M>),+> IntoOrder<M> for ($($order,)+) {
            fn push_terms(self, terms: &mut Vec<OrderTerm>) {
                $(self.$position.push_terms(terms);)+
            }
        }
    )*};
}
tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
}
