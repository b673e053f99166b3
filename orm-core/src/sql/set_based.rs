//! Updates and deletes of all rows of a query, none of which is loaded.
use super::{
    level::{Level, aliased, column_of, names as names_of},
    names::Names,
    render,
    rows::limit,
};
use crate::{
    driver::{Dialect, Statement},
    error::Result,
    query::{Parts, expr::Expr},
};
use sea_query::{BinOper, Expr as Sql, ExprTrait, Query, SelectStatement};

/// Sets columns of all rows of a query. The caller has asked [`Parts::require_scope`].
///
/// # Errors
/// As [`select`](super::select).
pub fn update_rows(dialect: Dialect, parts: &Parts, values: &[(u16, Expr)]) -> Result<Statement> {
    let names = Names::default();
    let mut built = Query::update();
    built.table(aliased(parts.table.schema, parts.table.name, None));
    let mut level = Level::bare(dialect, &names);
    for (position, value) in values {
        let column = column_of(parts.table, *position);
        let value = level.operand(value, column.custom_type);
        built.value(column.name, value);
    }
    if let Some(condition) = which(dialect, &names, parts) {
        built.and_where(condition);
    }
    names.check().map(|()| render::update(dialect, &built))
}

/// Deletes all rows of a query. The caller has asked [`Parts::require_scope`].
///
/// # Errors
/// As [`select`](super::select).
pub fn delete_rows(dialect: Dialect, parts: &Parts) -> Result<Statement> {
    let names = Names::default();
    let mut built = Query::delete();
    built.from_table(aliased(parts.table.schema, parts.table.name, None));
    if let Some(condition) = which(dialect, &names, parts) {
        built.and_where(condition);
    }
    names.check().map(|()| render::delete(dialect, &built))
}

/// Which rows: a condition on their own columns as it is, everything else by their keys.
fn which(dialect: Dialect, names: &Names, parts: &Parts) -> Option<Sql> {
    let limited = parts.limit.is_some() || parts.offset.is_some();
    let whole = !limited && parts.joins.is_empty() && parts.source.is_none();
    let filter = match &parts.filter {
        None if whole => return None,
        Some(filter) if whole && is_plain(filter) => return Some(Level::bare(dialect, names).expr(filter)),
        filter => filter,
    };
    let mut level = Level::new(dialect, names);
    let from = level.root_of(parts.table, parts.source.as_deref());
    level.join_named(&parts.joins);
    let condition = filter.as_ref().map(|filter| level.expr(filter));
    let orders = level.order(&parts.order);
    let mut keys = Query::select();
    keys.exprs(names_of(parts.table, parts.table.primary_key).map(|name| level.column(name)));
    keys.from(from).and_where_option(condition);
    level.write_joins(&mut keys);
    if limited {
        orders.into_iter().for_each(|order| order.write(&mut keys));
        limit(&mut keys, parts.limit, parts.offset);
    }
    names.write_shared(&mut keys);
    Some(by_key(dialect, names, parts, keys.take()))
}

/// The rows whose keys a query gives. MySQL neither reads the table that it writes nor takes a limit in such a query,
/// unless the query is a table of its own that it cannot merge: one without repetitions.
fn by_key(dialect: Dialect, names: &Names, parts: &Parts, keys: SelectStatement) -> Sql {
    let table = parts.table;
    let columns = || names_of(table, table.primary_key).map(Sql::col);
    let keys = match dialect {
        Dialect::Sqlite | Dialect::Postgres => keys,
        Dialect::MySql | Dialect::MariaDb => {
            let mut distinct = Query::select();
            distinct.distinct().exprs(columns()).from_subquery(keys, names.fresh());
            Query::select().exprs(columns()).from_subquery(distinct, names.fresh()).take()
        }
    };
    let mut columns: Vec<Sql> = columns().collect();
    let key = if columns.len() == 1 { columns.remove(0) } else { Sql::Tuple(columns) };
    key.binary(BinOper::In, Sql::SubQuery(None, Box::new(keys.into())))
}

/// Whether an expression reads nothing but the row itself.
fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Column { path, .. } => path.is_root(),
        Expr::Output(..)
        | Expr::Related { .. }
        | Expr::Linked { .. }
        | Expr::OfRelated { .. }
        | Expr::Exists(_)
        | Expr::Scalar(_)
        | Expr::InQuery(..) => false,
        other => {
            let mut plain = true;
            other.parts(&mut |part| plain &= is_plain(part));
            plain
        }
    }
}
