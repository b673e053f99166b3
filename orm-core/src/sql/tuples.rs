//! Selects of columns and expressions, and questions about a query: how many rows, any at all.
use super::{
    Select,
    level::{Level, at},
    names::Names,
    near, render, rows,
};
use crate::{
    driver::{Dialect, Length, Statement},
    error::Result,
    query::{
        Parts, Tuples,
        expr::{OrderTerm, Start, Subquery},
    },
    schema::Table,
};
use sea_query::{DynIden, Expr as Sql, Func, IntoIden, Query, SelectStatement};

/// The rows of a query of columns and expressions, which are the columns of the result.
///
/// # Errors
/// As [`select`](super::select).
pub fn tuples(dialect: Dialect, tuples: &Tuples) -> Result<Statement> {
    let names = Names::under(&tuples.parts.criteria);
    let built = lower(dialect, &names, tuples);
    render::select((dialect, &names), built, Length::Unknown)
}

/// The number of rows of a query, after its limit and offset: one row of one integer. What is loaded along does not matter.
///
/// # Errors
/// As [`select`](super::select).
pub fn count(dialect: Dialect, parts: &Parts) -> Result<Statement> {
    let names = Names::under(&parts.criteria);
    let mut built = bare(dialect, &names, parts);
    if parts.limit.is_some() || parts.offset.is_some() {
        built.expr(Sql::cust("1"));
        rows::limit(&mut built, parts.limit, parts.offset);
        built = Query::select().expr(all_rows()).from_subquery(built, names.fresh()).take();
    } else {
        built.expr(all_rows());
    }
    render::select((dialect, &names), built, Length::Unknown)
}

/// The number of rows of a query of columns and expressions, groups and repetitions counted once.
///
/// # Errors
/// As [`select`](super::select).
pub fn count_tuples(dialect: Dialect, tuples: &Tuples) -> Result<Statement> {
    let names = Names::under(&tuples.parts.criteria);
    let rows = lower(dialect, &names, tuples);
    let built = Query::select().expr(all_rows()).from_subquery(rows, names.fresh()).take();
    render::select((dialect, &names), built, Length::Unknown)
}

/// Whether a query has a row: one row of one boolean.
///
/// # Errors
/// As [`select`](super::select).
pub fn exists(dialect: Dialect, parts: &Parts) -> Result<Statement> {
    let names = Names::under(&parts.criteria);
    let mut built = bare(dialect, &names, parts);
    built.expr(Sql::cust("1"));
    rows::limit(&mut built, parts.limit, parts.offset);
    let built = Query::select().expr(Sql::exists(built)).take();
    render::select((dialect, &names), built, Length::Unknown)
}

/// For a [`Select`] with `near`: how many rows each owner has, of those that have any. The columns are the near key's, then
/// the number. The limit for each owner does not matter. A row that is linked to an owner twice counts once.
///
/// # Errors
/// As [`select`](super::select).
pub fn count_near(dialect: Dialect, select: &Select) -> Result<Statement> {
    let names = Names::under(&select.criteria);
    let mut level = Level::new(dialect, &names);
    let from = level.root_of(select.table, select.source.as_deref(), &select.criteria);
    let (near, among) = select.near.as_ref().map(|near| level.near(near, &select.criteria)).unzip();
    let filter = select.filter.as_ref().map(|filter| level.filter(filter));
    let mut built = Query::select();
    let keys = near.map(|near| near.columns).unwrap_or_default();
    built.from(from);
    level.write_joins(&mut built);
    among.flatten().into_iter().chain(filter).for_each(|condition| _ = built.and_where(condition));
    let repeats = select.near.as_ref().is_some_and(|near| near.relationship.may_link_twice());
    let built = if repeats { each_once(&level, built, keys, select.table) } else { grouped(built, keys) };
    render::select((dialect, &names), built, Length::Unknown)
}

/// The keys with the number of rows of each.
fn grouped(mut built: SelectStatement, keys: Vec<Sql>) -> SelectStatement {
    built.exprs(keys.clone()).expr(all_rows()).add_group_by(keys).take()
}

/// The same, where a row may come several times for one key.
fn each_once(level: &Level<'_>, mut pairs: SelectStatement, keys: Vec<Sql>, table: &'static Table) -> SelectStatement {
    let width = keys.len();
    for (position, key) in keys.into_iter().enumerate() {
        pairs.expr_as(key, near::key_name(position));
    }
    for column in table.primary_key {
        let name = table.columns[usize::from(*column)].name;
        pairs.expr_as(level.column(name), format!("target:{name}").into_iden());
    }
    let alias = level.names.fresh();
    let keys = (0..width).map(|position| Sql::Column(at(Some(&alias), near::key_name(position)))).collect();
    let rows = Query::select().from_subquery(pairs.distinct().take(), alias.clone()).take();
    grouped(rows, keys)
}

fn all_rows() -> Sql {
    Sql::from(Func::count(Sql::cust("*")))
}

/// The rows of a query, with nothing selected yet.
fn bare(dialect: Dialect, names: &Names, parts: &Parts) -> SelectStatement {
    let parts = &*parts.without_repetitions();
    let mut level = Level::new(dialect, names);
    let from = level.root_of(parts.table, parts.source.as_deref(), &parts.criteria);
    level.join_named(&parts.joins);
    let filter = parts.filter.as_ref().map(|filter| level.filter(filter));
    let mut built = Query::select().from(from).take();
    level.write_joins(&mut built);
    built.and_where_option(filter).take()
}

/// The rows as the right side of an IN. There MySQL takes a limit only inside another query.
pub(super) fn as_list(dialect: Dialect, names: &Names, tuples: &Tuples) -> SelectStatement {
    match dialect {
        Dialect::MySql | Dialect::MariaDb => member(dialect, names, tuples),
        Dialect::Sqlite | Dialect::Postgres => lower(dialect, names, tuples),
    }
}

/// The rows such that they can be put together with those of other queries: some databases take no order and no limit there.
pub(super) fn member(dialect: Dialect, names: &Names, tuples: &Tuples) -> SelectStatement {
    let rows = lower(dialect, names, tuples);
    if tuples.parts.limit.is_none() && tuples.parts.offset.is_none() {
        return rows;
    }
    let columns = (0..tuples.columns.len()).map(|position| Sql::col(column_name(position)));
    Query::select().exprs(columns).from_subquery(rows, names.fresh()).take()
}

/// The name of a column of the rows.
pub(super) fn column_name(position: usize) -> DynIden {
    format!("column:{position}").into_iden()
}

impl Level<'_> {
    /// A column of the rows of queries that are the root.
    pub(super) fn output(&self, start: Start, position: u16) -> Sql {
        Sql::Column(at(self.start(start).as_ref(), column_name(usize::from(position))))
    }

    /// A query inside an expression, which may refer to a row of this level.
    pub(super) fn subquery(&mut self, query: &Subquery) -> SelectStatement {
        let row = if query.outer.is_some() { self.place(&query.path) } else { None };
        self.names.within(query.outer, row.as_ref(), || lower(self.dialect, self.names, &query.tuples))
    }
}

/// The select; without columns it gives a 1 for each row.
fn lower(dialect: Dialect, names: &Names, tuples: &Tuples) -> SelectStatement {
    names.with_criteria(&tuples.parts.criteria, || lower_here(dialect, names, tuples))
}

fn lower_here(dialect: Dialect, names: &Names, tuples: &Tuples) -> SelectStatement {
    let Tuples { parts, columns, group_by, having } = tuples;
    let mut level = Level::new(dialect, names);
    let from = level.root_of(parts.table, parts.source.as_deref(), &parts.criteria);
    level.join_named(&parts.joins);
    let columns: Vec<Sql> = columns.iter().map(|column| level.expr(column)).collect();
    let mut built = Query::select();
    let filter = parts.filter.as_ref().map(|filter| level.filter(filter));
    built.from(from).and_where_option(filter);
    built.add_group_by(group_by.iter().map(|expr| selected(level.expr(expr), &columns)).collect::<Vec<_>>());
    having.iter().for_each(|having| _ = built.and_having(level.expr(having)));
    order(&mut level, &parts.order, &columns).into_iter().for_each(|order| order.write(&mut built));
    if parts.distinct {
        built.distinct();
    }
    if columns.is_empty() {
        built.expr(Sql::cust("1"));
    }
    for (position, column) in columns.into_iter().enumerate() {
        built.expr_as(column, column_name(position));
    }
    level.write_joins(&mut built);
    rows::limit(&mut built, parts.limit, parts.offset);
    rows::lock(&mut built, dialect, parts.lock, level.root.as_ref());
    built
}

fn order(level: &mut Level<'_>, terms: &[OrderTerm], columns: &[Sql]) -> Vec<super::condition::Ordered> {
    let ordered = level.order(terms);
    let by_number = |order: super::condition::Ordered| {
        let by = selected(order.by.clone(), columns);
        order.over(by)
    };
    // A number cannot be compared with null, which is how MySQL is told where nulls go.
    ordered.into_iter().map(|order| if order.nulls.is_none() { by_number(order) } else { order }).collect()
}

/// An expression by its place among what is selected: of two that hold bound values PostgreSQL does not see that the same
/// will be bound.
fn selected(expr: Sql, columns: &[Sql]) -> Sql {
    let is_column = matches!(expr, Sql::Column(_));
    match columns.iter().position(|column| *column == expr).filter(|_| !is_column) {
        Some(position) => Sql::cust((position + 1).to_string()),
        None => expr,
    }
}
