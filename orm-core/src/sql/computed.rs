//! New values of set-based updates that are not of the row itself: columns behind relationships, numbers over related rows.
use super::{
    Touched,
    level::{Level, all, at, names as names_of},
    names::Names,
    near::key_name,
    rows::limit,
};
use crate::{
    driver::Dialect,
    query::{Parts, expr::Expr},
    schema::Table,
};
use sea_query::{DynIden, Expr as Sql, ExprTrait, IntoIden, Query, SelectStatement};

const VALUE: &str = "value";

/// The value for the row that is being updated, which the table's own name refers to.
pub(super) fn of_row((dialect, names): (Dialect, &Names), parts: &Parts, value: &Expr) -> Sql {
    let table = parts.table;
    let row: DynIden = table.name.into_iden();
    let mut level = Level::under(dialect, names, row.clone());
    let direct = level.expr(value);
    if !level.has_joins() && !names.has_shared() && (dialect == Dialect::Postgres || !reads(table, value)) {
        return direct;
    }
    let rows = rows((dialect, names), parts, value);
    let alias = names.fresh();
    let same = names_of(table, table.primary_key).enumerate().map(|(position, name)| {
        Sql::Column(at(Some(&alias), key_name(position))).eq(Sql::Column(at(Some(&row), name)))
    });
    let mut one = Query::select().expr(Sql::Column(at(Some(&alias), VALUE))).and_where(all(same)).take();
    names.write_shared(&mut one);
    Sql::SubQuery(None, Box::new(one.from_subquery(rows, alias.clone()).take().into()))
}

/// The keys of the rows of the query, with the value of each.
fn rows((dialect, names): (Dialect, &Names), parts: &Parts, value: &Expr) -> SelectStatement {
    let table = parts.table;
    let mut level = Level::new(dialect, names);
    let mut built = Query::select();
    for (position, name) in names_of(table, table.primary_key).enumerate() {
        built.expr_as(level.column(name), key_name(position));
    }
    built.expr_as(level.expr(value), VALUE).from(level.table_ref(table));
    let few = parts.filter.as_ref().filter(|_| parts.joins.is_empty() && parts.source.is_none());
    let condition = few.map(|filter| level.filter(filter));
    built.and_where_option(condition);
    level.write_joins(&mut built);
    if copies(dialect, table, value) {
        // A query with a limit is neither merged nor narrowed: it is computed once, before the first row changes.
        limit(&mut built, None, Some(0));
    }
    built
}

/// Whether the rows must be copied: MySQL does not read the table that it writes, and SQLite reads what it has written.
fn copies(dialect: Dialect, table: &'static Table, value: &Expr) -> bool {
    match dialect {
        Dialect::Postgres => false,
        Dialect::Sqlite => reads(table, value),
        Dialect::MySql | Dialect::MariaDb => true,
    }
}

fn reads(table: &'static Table, value: &Expr) -> bool {
    let mut touched = Touched::default();
    touched.expr(value);
    touched.has(table)
}
