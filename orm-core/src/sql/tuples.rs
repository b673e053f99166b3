//! Selects of columns and expressions, and questions about a query: how many rows, any at all.
use super::{
    Select,
    level::{Level, Names},
    render, rows,
};
use crate::{
    driver::{Dialect, Length, Statement},
    query::{Parts, Tuples},
};
use sea_query::{DynIden, Expr as Sql, Func, IntoIden, Query, SelectStatement};

/// The rows of a query of columns and expressions, which are the columns of the result.
pub fn tuples(dialect: Dialect, tuples: &Tuples) -> Statement {
    render::select(dialect, &lower(dialect, &Names::default(), tuples), Length::Unknown)
}

/// The number of rows of a query, after its limit and offset: one row of one integer. What is loaded along does not matter.
pub fn count(dialect: Dialect, parts: &Parts) -> Statement {
    let names = Names::default();
    let mut built = bare(dialect, &names, parts);
    if parts.limit.is_some() || parts.offset.is_some() {
        built.expr(Sql::cust("1"));
        rows::limit(&mut built, parts.limit, parts.offset);
        built = Query::select().expr(all_rows()).from_subquery(built, names.fresh()).take();
    } else {
        built.expr(all_rows());
    }
    render::select(dialect, &built, Length::Unknown)
}

/// The number of rows of a query of columns and expressions, groups and repetitions counted once.
pub fn count_tuples(dialect: Dialect, tuples: &Tuples) -> Statement {
    let names = Names::default();
    let rows = lower(dialect, &names, tuples);
    let built = Query::select().expr(all_rows()).from_subquery(rows, names.fresh()).take();
    render::select(dialect, &built, Length::Unknown)
}

/// Whether a query has a row: one row of one boolean.
pub fn exists(dialect: Dialect, parts: &Parts) -> Statement {
    let names = Names::default();
    let mut built = bare(dialect, &names, parts);
    built.expr(Sql::cust("1"));
    rows::limit(&mut built, parts.limit, parts.offset);
    let built = Query::select().expr(Sql::exists(built)).take();
    render::select(dialect, &built, Length::Unknown)
}

/// For a [`Select`] with `near`: how many rows each owner has, of those that have any. The columns are the near key's, then
/// the number. The limit for each owner does not matter.
pub fn count_near(dialect: Dialect, select: &Select) -> Statement {
    let names = Names::default();
    let mut level = Level::new(dialect, &names);
    let (near, among) = select.near.as_ref().map(|near| level.near(near)).unzip();
    let filter = select.filter.as_ref().map(|filter| level.expr(filter));
    let mut built = Query::select();
    let keys = near.map(|near| near.columns).unwrap_or_default();
    built.exprs(keys.clone()).expr(all_rows()).from(level.table_ref(select.table)).add_group_by(keys);
    level.write_joins(&mut built);
    among.flatten().into_iter().chain(filter).for_each(|condition| _ = built.and_where(condition));
    render::select(dialect, &built, Length::Unknown)
}

fn all_rows() -> Sql {
    Sql::from(Func::count(Sql::cust("*")))
}

/// The rows of a query, with nothing selected yet.
fn bare(dialect: Dialect, names: &Names, parts: &Parts) -> SelectStatement {
    let mut level = Level::new(dialect, names);
    let filter = parts.filter.as_ref().map(|filter| level.expr(filter));
    let mut built = Query::select().from(level.table_ref(parts.table)).take();
    level.write_joins(&mut built);
    built.and_where_option(filter).take()
}

/// The rows as the right side of an IN. There MySQL takes a limit only inside another query.
pub(super) fn as_list(dialect: Dialect, names: &Names, tuples: &Tuples) -> SelectStatement {
    let rows = lower(dialect, names, tuples);
    let limited = tuples.parts.limit.is_some() || tuples.parts.offset.is_some();
    match dialect {
        Dialect::MySql | Dialect::MariaDb if limited => {
            let columns = (0..tuples.columns.len()).map(|position| Sql::col(column_name(position)));
            Query::select().exprs(columns).from_subquery(rows, names.fresh()).take()
        }
        Dialect::Sqlite | Dialect::Postgres | Dialect::MySql | Dialect::MariaDb => rows,
    }
}

/// The name of a column of the rows.
fn column_name(position: usize) -> DynIden {
    format!("column:{position}").into_iden()
}

fn lower(dialect: Dialect, names: &Names, tuples: &Tuples) -> SelectStatement {
    let Tuples { parts, columns, group_by, having } = tuples;
    let mut level = Level::new(dialect, names);
    let mut built = Query::select();
    for (position, column) in columns.iter().enumerate() {
        built.expr_as(level.expr(column), column_name(position));
    }
    let filter = parts.filter.as_ref().map(|filter| level.expr(filter));
    built.and_where_option(filter);
    built.add_group_by(group_by.iter().map(|expr| level.expr(expr)).collect::<Vec<_>>());
    having.iter().for_each(|having| _ = built.and_having(level.expr(having)));
    level.order(&parts.order).into_iter().for_each(|order| order.write(&mut built));
    if parts.distinct {
        built.distinct();
    }
    built.from(level.table_ref(parts.table));
    level.write_joins(&mut built);
    rows::limit(&mut built, parts.limit, parts.offset);
    rows::lock(&mut built, dialect, parts.lock, level.root.as_ref());
    built
}
