//! Updates and deletes of all rows of a query, none of which is loaded.
use super::{
    level::{Level, Names, aliased, column_of, names as names_of},
    render,
    rows::limit,
};
use crate::{
    driver::{Dialect, Statement},
    query::{Parts, expr::Expr},
};
use sea_query::{BinOper, Expr as Sql, ExprTrait, Query, SelectStatement};

/// Sets columns of all rows of a query. The caller has asked [`Parts::require_scope`].
pub fn update_rows(dialect: Dialect, parts: &Parts, values: &[(u16, Expr)]) -> Statement {
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
    render::update(dialect, &built)
}

/// Deletes all rows of a query. The caller has asked [`Parts::require_scope`].
pub fn delete_rows(dialect: Dialect, parts: &Parts) -> Statement {
    let names = Names::default();
    let mut built = Query::delete();
    built.from_table(aliased(parts.table.schema, parts.table.name, None));
    if let Some(condition) = which(dialect, &names, parts) {
        built.and_where(condition);
    }
    render::delete(dialect, &built)
}

/// Which rows: a condition on their own columns as it is, everything else by their keys.
fn which(dialect: Dialect, names: &Names, parts: &Parts) -> Option<Sql> {
    let limited = parts.limit.is_some() || parts.offset.is_some();
    let filter = match &parts.filter {
        None if !limited => return None,
        Some(filter) if !limited && is_plain(filter) => return Some(Level::bare(dialect, names).expr(filter)),
        filter => filter,
    };
    let mut level = Level::new(dialect, names);
    let condition = filter.as_ref().map(|filter| level.expr(filter));
    let orders = level.order(&parts.order);
    let mut keys = Query::select();
    keys.exprs(names_of(parts.table, parts.table.primary_key).map(|name| level.column(name)));
    keys.from(level.table_ref(parts.table)).and_where_option(condition);
    level.write_joins(&mut keys);
    if limited {
        orders.into_iter().for_each(|order| order.write(&mut keys));
        limit(&mut keys, parts.limit, parts.offset);
    }
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
        Expr::Column { path, .. } => path.is_empty(),
        Expr::Value(_) => true,
        Expr::Related { .. } | Expr::Linked { .. } | Expr::InQuery(..) => false,
        Expr::Binary(a, _, b) => is_plain(a) && is_plain(b),
        Expr::All(parts) | Expr::Any(parts) | Expr::Function(_, parts) => parts.iter().all(is_plain),
        Expr::Not(inner)
        | Expr::IsNull(inner)
        | Expr::In(inner, _)
        | Expr::Like { text: inner, .. }
        | Expr::Cast(inner, _) => is_plain(inner),
        Expr::Between(value, low, high) => [value, low, high].into_iter().all(|part| is_plain(part)),
    }
}
