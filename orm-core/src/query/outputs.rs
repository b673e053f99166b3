//! The result rows of a query as rows that another query selects from.
use super::{
    Combined, Expression, Parts, Projected, Selection, SetOperator, Source, Tuples,
    expr::{Expr, Start},
    subquery::next_number,
};
use crate::{error::Result, value::ColumnType, value::RowReader};
use std::marker::PhantomData;

/// Stands for the model in a query over the result rows of other queries, which are `T`s: a
/// [`Projected<Rows<T>, T>`](Projected).
#[derive(Debug)]
pub struct Rows<T>(PhantomData<fn() -> T>);

/// A result row whose values are columns: a column type, or a tuple of up to eight.
#[diagnostic::on_unimplemented(
    message = "the rows of this query have no columns",
    note = "whole rows of models are no columns: select the columns that the query around it needs"
)]
pub trait Outputs: Sized {
    /// The columns, as expressions over the rows.
    type Columns;
    /// The columns.
    #[doc(hidden)]
    fn columns() -> Self::Columns;
}

fn output<M, T>(position: u16) -> Expression<M, T> {
    Expression::new(Expr::Output(Start::Root, position))
}

impl<T: ColumnType> Outputs for T {
    type Columns = Expression<Rows<T>, T>;
    fn columns() -> Self::Columns {
        output(0)
    }
}

macro_rules! tuples {
    ($($number:literal: $($item:ident $position:literal)*;)*) => {$(
        impl<$($item: ColumnType),*> Outputs for ($($item,)*) {
            type Columns = ($(Expression<Rows<Self>, $item>,)*);
            fn columns() -> Self::Columns {
                ($(output::<Rows<Self>, $item>($position),)*)
            }
        }
    )*};
}
tuples! {
    1: A 0;
    2: A 0 B 1;
    3: A 0 B 1 C 2;
    4: A 0 B 1 C 2 D 3;
    5: A 0 B 1 C 2 D 3 E 4;
    6: A 0 B 1 C 2 D 3 E 4 F 5;
    7: A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    8: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
}

impl<M, T> Projected<M, T> {
    /// The result rows as rows of their own: what was selected are their columns, to filter, order, group and select by. It
    /// is written as a common table expression, once in a statement however often the rows are used. SQLAlchemy's `cte`.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// // The latest order of each user.
    /// let latest = orm::row_number().over(orm::window().partition_by(Order::user_id).order_by(Order::id.desc()));
    /// let numbered = Order::query().select((Order::id, latest)).rows();
    /// let (id, number) = numbered.columns();
    /// let ids = numbered.filter(number.eq(1)).select(id);
    /// let orders = Order::query().filter(Order::id.is_in(ids)).all(&db).await?;
    /// assert_eq!(orders.len(), 1);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "cte")]
    #[doc(alias = "subquery")]
    pub fn rows(self) -> Projected<Rows<T>, T> {
        let width = self.tuples.columns.len();
        over(Combined::only(self.tuples), width, self.read)
    }

    /// The result rows of both queries, each once.
    ///
    /// The queries may be over different models; their results are of one type. What is said after it (an order, a limit)
    /// is said of the whole, whose columns [`columns`](Projected::columns) tells.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let names = User::query().select(User::full_name).union(Product::query().select(Product::name));
    /// let name = names.columns();
    /// assert_eq!(names.order_by(name.desc()).all(&db).await?, ["laptop", "Ann"]);
    /// # Ok(()) }
    /// ```
    pub fn union<N>(self, other: Projected<N, T>) -> Projected<Rows<T>, T> {
        self.combine(SetOperator::Union, other.tuples)
    }

    /// The result rows of both queries, as often as they come.
    pub fn union_all<N>(self, other: Projected<N, T>) -> Projected<Rows<T>, T> {
        self.combine(SetOperator::UnionAll, other.tuples)
    }

    /// The result rows that both queries have, each once.
    pub fn intersect<N>(self, other: Projected<N, T>) -> Projected<Rows<T>, T> {
        self.combine(SetOperator::Intersect, other.tuples)
    }

    /// The result rows that the other query has not, each once.
    pub fn except<N>(self, other: Projected<N, T>) -> Projected<Rows<T>, T> {
        self.combine(SetOperator::Except, other.tuples)
    }

    fn combine(self, operator: SetOperator, other: Tuples) -> Projected<Rows<T>, T> {
        let width = self.tuples.columns.len();
        over(Combined { first: self.tuples, operator, rest: vec![other] }, width, self.read)
    }
}

impl<T: Outputs> Projected<Rows<T>, T> {
    /// The columns of these rows: one expression, or a tuple of them.
    pub fn columns(&self) -> T::Columns {
        T::columns()
    }
}

impl<T> Projected<Rows<T>, T> {
    /// Selects columns and expressions of these rows.
    pub fn select<S: Selection<Rows<T>>>(self, selection: S) -> Projected<Rows<T>, S::Output> {
        Projected::new(self.tuples.parts, selection)
    }
}

/// All columns of the rows of queries.
fn over<T>(
    queries: Combined<Tuples>,
    width: usize,
    read: fn(&mut RowReader<'_>) -> Result<T>,
) -> Projected<Rows<T>, T> {
    let mut parts = Parts::new(queries.first.parts.table);
    parts.source = Some(Box::new(Source::Outputs(next_number(), queries)));
    let columns = (0..width).map(|position| Expr::Output(Start::Root, position as u16)).collect();
    Projected::over(Tuples { parts, columns, group_by: Vec::new(), having: None }, read)
}
