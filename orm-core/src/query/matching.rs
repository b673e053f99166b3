//! Numbers over all rows that a relationship leads to: `User::orders.count()`.
use super::{
    Expression, Number, Predicate, Selectable, aggregate,
    expr::{Expr, Function, Path},
};
use crate::{relation::Relation, schema::Relationship, value::ColumnType};
use std::{fmt, marker::PhantomData};

/// The rows of `T` that a relationship of `M` leads to and that meet a condition, to be counted or added up for each row of
/// `M`: `User::orders.matching(Order::status.eq("open")).count()`.
#[must_use = "ask for a number: `.count()`, `.sum(column)`"]
pub struct Matching<M, T> {
    relationship: &'static Relationship,
    condition: Option<Box<Expr>>,
    models: PhantomData<fn() -> (M, T)>,
}

/// The type of a column of `T` without `Option`.
pub type ScalarOf<E, T> = <<E as Selectable<T>>::Type as ColumnType>::Scalar;
/// The type of a sum of a column of `T`.
pub type SumOf<E, T> = <ScalarOf<E, T> as Number>::Sum;
/// The type of an average of a column of `T`.
pub type AverageOf<E, T> = <ScalarOf<E, T> as Number>::Average;

pub(super) fn of<R: Relation>(condition: Predicate<R::Target>) -> Matching<R::Owner, R::Target> {
    let condition = (!condition.expr.is_always()).then(|| Box::new(condition.expr));
    Matching { relationship: R::relationship(), condition, models: PhantomData }
}

impl<M, T> Matching<M, T> {
    fn value<V>(self, value: Expr) -> Expression<M, V> {
        let Self { relationship, condition, models: _ } = self;
        Expression::new(Expr::OfRelated { path: Path::new(), relationship, condition, value: Box::new(value) })
    }

    /// Their number.
    pub fn count(self) -> Expression<M, i64> {
        self.value(Expr::Function(Function::Count, Vec::new()))
    }

    /// The sum of a column of theirs; `None` of no rows.
    pub fn sum<E: Selectable<T>>(self, column: E) -> Expression<M, Option<SumOf<E, T>>>
    where
        ScalarOf<E, T>: Number,
    {
        self.value(aggregate::cast::<SumOf<E, T>>(Function::Sum, column.into_expr()))
    }

    /// The average of a column of theirs; `None` of no rows.
    pub fn avg<E: Selectable<T>>(self, column: E) -> Expression<M, Option<AverageOf<E, T>>>
    where
        ScalarOf<E, T>: Number,
    {
        self.value(aggregate::cast::<AverageOf<E, T>>(Function::Average, column.into_expr()))
    }

    /// The smallest value of a column of theirs; `None` of no rows.
    pub fn min<E: Selectable<T>>(self, column: E) -> Expression<M, Option<ScalarOf<E, T>>> {
        self.value(Expr::Function(Function::Minimum, vec![column.into_expr()]))
    }

    /// The greatest value of a column of theirs; `None` of no rows.
    pub fn max<E: Selectable<T>>(self, column: E) -> Expression<M, Option<ScalarOf<E, T>>> {
        self.value(Expr::Function(Function::Maximum, vec![column.into_expr()]))
    }
}

impl<M, T> Clone for Matching<M, T> {
    fn clone(&self) -> Self {
        Self { relationship: self.relationship, condition: self.condition.clone(), models: PhantomData }
    }
}

impl<M, T> fmt::Debug for Matching<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { relationship, condition, models: _ } = self;
        f.debug_struct("Matching").field("relationship", &relationship.name).field("condition", condition).finish()
    }
}
