//! Updates and deletes of all rows of a query, none of which is loaded.
use super::{
    computed,
    level::{Level, aliased, column_of, names as names_of},
    names::Names,
    render,
    rows::limit,
    write::returning,
};
use crate::{
    driver::{Dialect, Statement},
    error::Result,
    query::{
        Lock, Parts, Tuples,
        expr::{Expr, OrderTerm},
    },
    schema::{Column, Table},
    value::{SqlType, Value},
};
use sea_query::{BinOper, CaseStatement, Expr as Sql, ExprTrait, Query, SelectStatement};

/// New values for columns of all rows of a query.
#[derive(Debug, Clone)]
pub struct RowsUpdate {
    /// Which rows.
    pub parts: Parts,
    /// The columns and their values; what they compute is of the row as it was, but on MySQL, where one assignment sees
    /// those before it.
    pub set: Vec<(u16, Expr)>,
    /// The column that takes the time, and the time, where another column really changes.
    pub time: Option<(u16, Value)>,
    /// The column that counts, where another column really changes.
    pub version: Option<u16>,
}

impl RowsUpdate {
    /// Of these columns alone.
    pub fn new(parts: Parts, set: Vec<(u16, Expr)>) -> Self {
        Self { parts, set, time: None, version: None }
    }

    /// The statement. The caller has asked `Parts::require_scope` and `Parts::hide_root`.
    ///
    /// # Errors
    /// As [`select`](super::select).
    pub fn statement(&self, dialect: Dialect) -> Result<Statement> {
        let names = Names::under(&self.parts.criteria);
        let table = self.parts.table;
        let mut built = Query::update();
        built.table(aliased(table.schema, table.name, None));
        let mut level = Level::bare(dialect, &names);
        for (position, value) in self.followers(&mut level) {
            built.value(column_of(table, position).name, value);
        }
        for (position, value) in &self.set {
            built.value(column_of(table, *position).name, self.value(&mut level, *position, value));
        }
        if let Some(condition) = which(dialect, &names, &self.parts) {
            built.and_where(condition);
        }
        names.check().map(|()| render::update(dialect, &built))
    }

    /// The columns that are written.
    pub fn columns(&self) -> Vec<u16> {
        let followers = self.time.iter().map(|(column, _)| *column).chain(self.version);
        followers.chain(self.set.iter().map(|(column, _)| *column)).collect()
    }

    /// What changes along. It stands first: on MySQL an assignment sees those before it.
    fn followers(&self, level: &mut Level<'_>) -> Vec<(u16, Sql)> {
        let table = self.parts.table;
        let mut followers = Vec::new();
        if let Some((position, now)) = &self.time {
            let own = level.column(column_of(table, *position).name);
            followers.push((*position, self.if_changed(level, Sql::Value(now.clone()), own)));
        }
        if let Some(position) = self.version {
            let own = level.column(column_of(table, position).name);
            followers.push((position, self.if_changed(level, own.clone().add(1), own)));
        }
        followers
    }

    /// A new value; what is not of the row itself is a query by its key.
    fn value(&self, level: &mut Level<'_>, position: u16, value: &Expr) -> Sql {
        match is_plain(value) {
            true => level.operand(value, column_of(self.parts.table, position).custom_type),
            false => computed::of_row((level.dialect, level.names), &self.parts, value),
        }
    }

    fn if_changed(&self, level: &mut Level<'_>, new: Sql, old: Sql) -> Sql {
        let change = |(position, value): &(u16, Expr)| {
            let column = column_of(self.parts.table, *position);
            if !can_compare(column) {
                return Sql::cust("1 = 1");
            }
            let new = self.value(level, *position, value);
            differs(level, column, new)
        };
        let differs = self.set.iter().map(change).collect::<Vec<_>>().into_iter().reduce(ExprTrait::or);
        let differs = differs.unwrap_or_else(|| Sql::cust("1 = 0"));
        CaseStatement::new().case(differs, new).finally(old).into()
    }
}

/// Whether it can be asked if a column changes; of a type that may have no equality it always does.
fn can_compare(column: &Column) -> bool {
    column.custom_type.is_none() && has_equality(column.sql_type)
}

/// Whether a column gets another value than it has.
fn differs(level: &Level<'_>, column: &Column, new: Sql) -> Sql {
    let own = level.column(column.name);
    match level.dialect {
        Dialect::Sqlite => own.binary(BinOper::Custom("IS NOT"), new),
        Dialect::Postgres => own.binary(BinOper::Custom("IS DISTINCT FROM"), new),
        Dialect::MySql | Dialect::MariaDb => {
            // By bytes: the collation may take different texts for equal.
            let exact = |side: Sql| if column.sql_type == SqlType::Text { side.cast_as("binary") } else { side };
            exact(own).binary(BinOper::Custom("<=>"), exact(new)).not()
        }
    }
}

/// Whether every database compares values of the type.
pub(super) fn has_equality(sql_type: SqlType) -> bool {
    match sql_type {
        #[cfg(feature = "json")]
        SqlType::Json => false,
        _ => true,
    }
}

/// Deletes all rows of a query. The caller has asked `Parts::require_scope` and `Parts::hide_root`.
///
/// # Errors
/// As [`select`](super::select).
pub fn delete_rows(dialect: Dialect, parts: &Parts) -> Result<Statement> {
    let names = Names::under(&parts.criteria);
    let mut built = Query::delete();
    built.from_table(aliased(parts.table.schema, parts.table.name, None));
    if let Some(condition) = which(dialect, &names, parts) {
        built.and_where(condition);
    }
    names.check().map(|()| render::delete(dialect, &built))
}

/// Whether an UPDATE, or a DELETE, can return columns of the rows that it hit.
pub fn returns_hit_rows(dialect: Dialect, is_delete: bool) -> bool {
    match dialect {
        Dialect::Sqlite | Dialect::Postgres => true,
        Dialect::MariaDb => is_delete,
        Dialect::MySql => false,
    }
}

/// The same statement, returning columns of the rows that it hits.
pub fn with_returning(dialect: Dialect, statement: Statement, table: &'static Table, columns: &[u16]) -> Statement {
    let sql = format!("{}{}", statement.sql, returning(dialect, table, columns));
    Statement { sql: sql.into(), ..statement }
}

/// The keys of the rows that a set-based write will hit, locked until the transaction ends.
///
/// # Errors
/// As [`select`](super::select).
pub fn hit_keys(dialect: Dialect, parts: &Parts) -> Result<Statement> {
    let criteria = parts.criteria.beyond();
    let mut parts = Parts { include: Vec::new(), lock: Some(Lock::Update), criteria, ..parts.clone() };
    settle_order(&mut parts);
    let key = parts.table.primary_key;
    super::tuples(dialect, &Tuples::of_columns(parts, key))
}

/// The key makes the order of a limited write complete.
fn settle_order(parts: &mut Parts) {
    if parts.limit.is_none() && parts.offset.is_none() {
        return;
    }
    let table = parts.table;
    for column in table.primary_key {
        if !parts.order.iter().any(|term| is_column(&term.expr, *column)) {
            parts.order.push(OrderTerm::by(table, *column, false));
        }
    }
}

fn is_column(expr: &Expr, position: u16) -> bool {
    matches!(expr, Expr::Column { path, column, .. } if path.is_root() && *column == position)
}

/// Which rows: a condition on their own columns as it is, everything else by their keys. What criteria say of the rows is in
/// the filter already ([`Parts::hide_root`]).
fn which(dialect: Dialect, names: &Names, parts: &Parts) -> Option<Sql> {
    let limited = parts.limit.is_some() || parts.offset.is_some();
    let whole = !limited && parts.joins.is_empty() && parts.source.is_none();
    match &parts.filter {
        None if whole => return None,
        Some(filter) if whole && is_plain(filter) => return Some(Level::bare(dialect, names).filter(filter)),
        None | Some(_) => {}
    }
    let mut parts = parts.clone();
    settle_order(&mut parts);
    let mut level = Level::new(dialect, names);
    let from = level.root_of(parts.table, parts.source.as_deref(), &parts.criteria.beyond());
    level.join_named(&parts.joins);
    let condition = parts.filter.as_ref().map(|filter| level.filter(filter));
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
    Some(by_key(dialect, names, &parts, keys.take()))
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
pub fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Column { path, .. } => path.is_root(),
        Expr::Given { .. }
        | Expr::Output(..)
        | Expr::Related { .. }
        | Expr::Linked { .. }
        | Expr::OfRelated { .. }
        | Expr::Exists(_)
        | Expr::Scalar(_)
        | Expr::Unknown(_)
        | Expr::InQuery(..) => false,
        other => {
            let mut plain = true;
            other.parts(&mut |part| plain &= is_plain(part));
            plain
        }
    }
}
