//! Selects of columns and expressions of the rows that belong to certain owners: the lists of projections.
use super::{
    Near,
    condition::Ordered,
    level::{Level, at},
    names::Names,
    near::{NearColumns, key_name},
    render,
    rows::{ROW, order_name},
    tuples::column_name,
};
use crate::{
    driver::{Dialect, Length, Statement},
    error::Result,
    query::Tuples,
};
use sea_query::{Expr as Sql, ExprTrait, Func, OverStatement, Query, SelectStatement, WindowStatement};

/// The rows of a query of columns and expressions that a relationship leads to from certain owners. The columns are those of
/// the query, then the near key's, which say for which owner a row is.
///
/// # Errors
/// As [`select`](super::select).
pub fn tuples_near(dialect: Dialect, tuples: &Tuples, near: &Near) -> Result<Statement> {
    let names = Names::under(&tuples.parts.criteria);
    let rows = Rows::new(dialect, &names, (tuples, near));
    let built = match near.limit {
        None => rows.plain(),
        Some(limit) => rows.limited(limit, &names),
    };
    render::select((dialect, &names), built, Length::Unknown)
}

/// The rows, with nothing selected yet.
struct Rows {
    built: SelectStatement,
    columns: Vec<Sql>,
    orders: Vec<Ordered>,
    near: NearColumns,
}

impl Rows {
    fn new(dialect: Dialect, names: &Names, (tuples, near): (&Tuples, &Near)) -> Self {
        let parts = &tuples.parts;
        let mut level = Level::new(dialect, names);
        let from = level.root_of(parts.table, parts.source.as_deref(), &parts.criteria);
        let (near, among) = level.near(near, &parts.criteria);
        let filter = parts.filter.as_ref().map(|filter| level.filter(filter));
        let columns = tuples.columns.iter().map(|column| level.expr(column)).collect();
        let orders = level.order(&parts.order);
        let mut built = Query::select().from(from).take();
        level.write_joins(&mut built);
        among.into_iter().chain(filter).for_each(|condition| _ = built.and_where(condition));
        Self { built, columns, orders, near }
    }

    fn plain(self) -> SelectStatement {
        let (mut built, orders) = self.selected();
        orders.into_iter().for_each(|order| order.write(&mut built));
        built
    }

    /// At most so many rows for each owner: they are numbered in a subquery.
    fn limited(self, limit: u64, names: &Names) -> SelectStatement {
        let (width, keys) = (self.columns.len(), self.near.columns.len());
        let mut window = WindowStatement::new();
        self.near.columns.iter().for_each(|column| _ = window.add_partition_by(column.clone()));
        let (mut inner, orders) = self.selected();
        let alias = names.fresh();
        let mut outer = Query::select();
        let taken = (0..width).map(column_name).chain((0..keys).map(key_name));
        outer.exprs(taken.map(|name| Sql::Column(at(Some(&alias), name))));
        outer.and_where(Sql::Column(at(Some(&alias), ROW)).lte(i64::try_from(limit).unwrap_or(i64::MAX)));
        for (position, order) in orders.into_iter().enumerate() {
            inner.expr_as(order.by.clone(), order_name(position));
            order.over(Sql::Column(at(Some(&alias), order_name(position)))).write(&mut outer);
            order.write(&mut window);
        }
        inner.expr_window_as(Func::cust("ROW_NUMBER"), window, ROW);
        outer.from_subquery(inner, alias).take()
    }

    fn selected(self) -> (SelectStatement, Vec<Ordered>) {
        let Self { mut built, columns, orders, near } = self;
        for (position, column) in columns.into_iter().enumerate() {
            built.expr_as(column, column_name(position));
        }
        for (position, column) in near.columns.into_iter().enumerate() {
            built.expr_as(column, key_name(position));
        }
        (built, orders)
    }
}
