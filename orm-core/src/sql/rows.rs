//! Selects of whole rows.
use super::{
    JoinNode, Near, NearKeys, Select,
    condition::Ordered,
    level::{Level, at, column_of},
    link::Joint,
    names::Names,
    near::{self, NearColumns, key_name},
    plain::Plain,
    render,
    select::selected,
    texts::{self, Kind, Shape},
};
use crate::{
    driver::{Dialect, Length, Statement},
    error::Result,
    query::{
        Criteria, Lock,
        expr::{Expr, OrderTerm},
    },
    schema::{self, Relationship, RelationshipKind, Table, id},
    value::Value,
};
use sea_query::{
    DynIden, Expr as Sql, ExprTrait, Func, IntoIden, LockBehavior, LockType, OverStatement, Query, SelectStatement,
    TableRef, WindowStatement,
};

/// The statement of a [`Select`].
///
/// # Errors
/// The query refers to what it does not join, or is wrong in another way that its types do not show.
pub fn select(dialect: Dialect, select: &Select) -> Result<Statement> {
    let length = length(select);
    let Some((shape, relationship, keys)) = repeated(dialect, select) else { return of_rows(dialect, select, length) };
    if let Some(sql) = texts::find(&shape) {
        return Ok(Statement { sql, values: near::values(dialect, relationship, keys), length });
    }
    let statement = rendered(dialect, select, length)?;
    debug_assert_eq!(statement.values, near::values(dialect, relationship, keys), "{}", statement.sql);
    texts::keep(&shape, &statement.sql);
    Ok(statement)
}

/// A select that is no load from owners.
fn of_rows(dialect: Dialect, select: &Select, length: Length) -> Result<Statement> {
    let Some(Plain { words, values }) = Plain::of(select) else { return rendered(dialect, select, length) };
    let subject = id(select.table);
    let shape = Shape { dialect, kind: Kind::Rows, subject, columns: [&words, &[]], rows: 0 };
    if let Some(sql) = texts::find(&shape) {
        return Ok(Statement { sql, values, length });
    }
    let statement = rendered(dialect, select, length)?;
    debug_assert_eq!(statement.values, values, "{}", statement.sql);
    texts::keep(&shape, &statement.sql);
    Ok(statement)
}

fn rendered(dialect: Dialect, select: &Select, length: Length) -> Result<Statement> {
    let names = Names::under(&select.criteria);
    let built = lower(dialect, &names, select);
    render::select((dialect, &names), built, length)
}

type Keys<'a> = &'a [Vec<Value>];

/// The shape of a lazy or select-in load without options, whose text depends on the declaration and the number of keys.
fn repeated(dialect: Dialect, select: &Select) -> Option<(Shape<'static>, &'static Relationship, Keys<'_>)> {
    let Select {
        table: _,
        deferred,
        source,
        named,
        filter,
        order,
        limit,
        offset,
        distinct: _,
        lock,
        joins,
        near,
        criteria,
        beside,
    } = select;
    let Some(Near { relationship, keys: NearKeys::Values(keys), limit: None }) = near else { return None };
    let whole = source.is_none() && named.is_empty() && filter.is_none() && limit.is_none() && offset.is_none();
    let bare = whole && lock.is_none() && joins.is_empty() && beside.is_empty();
    let hides = !criteria.is_ignored() && criteria.concern_targets(relationship);
    if !bare || hides || keys.is_empty() || !is_declared(order, relationship) {
        return None;
    }
    let kind = if *deferred { Kind::NearWithDeferred } else { Kind::Near };
    let subject = id(*relationship);
    let rows = near::places(dialect, keys.len());
    Some((Shape { dialect, kind, subject, columns: [&[], &[]], rows }, relationship, keys))
}

/// Whether an order is the relationship's own.
pub(super) fn is_declared(order: &[OrderTerm], relationship: &Relationship) -> bool {
    let same = |(term, declared): (&OrderTerm, &schema::Order)| {
        let column =
            matches!(&term.expr, Expr::Column { path, column, .. } if path.is_root() && *column == declared.column);
        column && term.descending == declared.descending && term.nulls.is_none()
    };
    order.len() == relationship.order_by.len() && order.iter().zip(relationship.order_by).all(same)
}

/// The row with that primary key, if criteria show it.
///
/// # Errors
/// As [`select`]: a criterion is wrong in a way that its types do not show.
pub fn by_key(dialect: Dialect, table: &'static Table, key: Vec<Value>, criteria: Criteria) -> Result<Statement> {
    if criteria.hold_for(table) {
        let select = Select { criteria, ..keyed(table, &key) };
        return rendered(dialect, &select, Length::One);
    }
    let subject = id(table);
    let shape = Shape { dialect, kind: Kind::ByKey, subject, columns: [&[], &[]], rows: 1 };
    let sql = texts::text(&shape, || {
        let built = lower(dialect, &Names::default(), &keyed(table, &key));
        render::plain(dialect, &built, Length::One).sql
    });
    Ok(Statement { sql, values: key, length: Length::One })
}

fn keyed(table: &'static Table, key: &[Value]) -> Select {
    let equal = |(column, value): (&u16, &Value)| Expr::equal(table, *column, value.clone());
    let filter = Expr::All(table.primary_key.iter().zip(key).map(equal).collect());
    Select { filter: Some(filter), ..Select::new(table) }
}

/// Rows of a to-one by their keys are few; how many rows others give nobody knows.
fn length(select: &Select) -> Length {
    match &select.near {
        Some(Near { relationship, keys: NearKeys::Values(keys), .. }) if keys.len() <= 100 => match relationship.kind {
            RelationshipKind::BelongsTo { .. } | RelationshipKind::HasOne(_) => Length::Short,
            RelationshipKind::HasMany(_) | RelationshipKind::ManyToMany(_) => Length::Unknown,
        },
        _ => Length::Unknown,
    }
}

fn lower(dialect: Dialect, names: &Names, select: &Select) -> SelectStatement {
    let many = select.joins.iter().any(|join| join.named.is_none() && join.relationship.is_to_many());
    let limited = select.limit.is_some() || select.offset.is_some();
    let limited_by_owner = select.near.as_ref().is_some_and(|near| near.limit.is_some());
    if limited_by_owner || (limited && many) { wrapped(dialect, names, select) } else { plain(dialect, names, select) }
}

/// The rows of the table, before anything is joined for loading.
struct Core<'n> {
    level: Level<'n>,
    conditions: Vec<Sql>,
    orders: Vec<Ordered>,
    near: Option<NearColumns>,
    beside: Vec<Sql>,
    from: TableRef,
}

impl<'n> Core<'n> {
    fn new(dialect: Dialect, names: &'n Names, select: &Select) -> Self {
        let mut level = Level::new(dialect, names);
        let from = level.root_of(select.table, select.source.as_deref(), &select.criteria);
        level.join_named(&select.named);
        let near = select.near.as_ref().map(|near| level.near(near, &select.criteria));
        let (near, among) = near.unzip();
        let mut conditions: Vec<Sql> = among.flatten().into_iter().collect();
        conditions.extend(select.filter.as_ref().map(|filter| level.filter(filter)));
        let orders = level.order(&select.order);
        let beside = select.beside.iter().map(|(expr, _)| level.expr(expr)).collect();
        Self { level, conditions, orders, near, beside, from }
    }

    /// The columns of the link that say for which owner a row is.
    fn link_columns(&self) -> &[Sql] {
        match &self.near {
            Some(near) if near.of_link => &near.columns,
            Some(_) | None => &[],
        }
    }
}

fn plain(dialect: Dialect, names: &Names, select: &Select) -> SelectStatement {
    let mut core = Core::new(dialect, names, select);
    let mut built = Query::select();
    columns(&mut built, core.level.root.as_ref(), select.table, select.deferred);
    let join_orders = load(&mut core.level, &mut built, &select.joins);
    for (position, column) in core.link_columns().iter().enumerate() {
        built.expr_as(column.clone(), key_name(position));
    }
    built.exprs(std::mem::take(&mut core.beside));
    built.from(core.from.clone());
    core.level.write_joins(&mut built);
    core.conditions.into_iter().for_each(|condition| _ = built.and_where(condition));
    core.orders.into_iter().chain(join_orders).for_each(|order| order.write(&mut built));
    limit(&mut built, select.limit, select.offset);
    lock(&mut built, dialect, select.lock, core.level.root.as_ref());
    built
}

/// The rows of the table in a subquery, so that a limit counts them, and what is joined around it.
fn wrapped(dialect: Dialect, names: &Names, select: &Select) -> SelectStatement {
    let mut core = Core::new(dialect, names, select);
    let mut outer = Level::new(dialect, names);
    let mut built = Query::select();
    columns(&mut built, outer.root.as_ref(), select.table, select.deferred);
    let join_orders = load(&mut outer, &mut built, &select.joins);
    for position in 0..core.link_columns().len() {
        built.expr(Sql::Column(at(outer.root.as_ref(), key_name(position))));
    }
    for position in 0..core.beside.len() {
        built.expr(Sql::Column(at(outer.root.as_ref(), beside_name(position))));
    }
    let over =
        |(position, order): (usize, &Ordered)| order.over(Sql::Column(at(outer.root.as_ref(), order_name(position))));
    let orders: Vec<Ordered> = core.orders.iter().enumerate().map(over).collect();
    let most = select.near.as_ref().and_then(|near| near.limit);
    if let (Some(alias), inner) = (outer.root.clone(), inner(dialect, &mut core, select)) {
        built.from_subquery(inner, alias);
    }
    outer.write_joins(&mut built);
    if let Some(most) = most {
        built.and_where(Sql::Column(at(outer.root.as_ref(), ROW)).lte(most as i64));
    }
    orders.into_iter().chain(join_orders).for_each(|order| order.write(&mut built));
    built
}

pub(super) const ROW: &str = "row:number";

pub(super) fn order_name(position: usize) -> DynIden {
    format!("order:{position}").into_iden()
}

fn beside_name(position: usize) -> DynIden {
    format!("beside:{position}").into_iden()
}

/// The subquery of a wrapped select: its rows, what they are ordered by, and their number within their owner.
fn inner(dialect: Dialect, core: &mut Core<'_>, select: &Select) -> SelectStatement {
    let mut built = Query::select();
    columns(&mut built, core.level.root.as_ref(), select.table, select.deferred);
    for (position, column) in core.link_columns().iter().enumerate() {
        built.expr_as(column.clone(), key_name(position));
    }
    for (position, order) in core.orders.iter().enumerate() {
        built.expr_as(order.by.clone(), order_name(position));
    }
    for (position, beside) in core.beside.drain(..).enumerate() {
        built.expr_as(beside, beside_name(position));
    }
    if let Some(window) = per_owner(core, select) {
        built.expr_window_as(Func::cust("ROW_NUMBER"), window, ROW);
    } else {
        lock(&mut built, dialect, select.lock, core.level.root.as_ref());
    }
    built.from(core.from.clone());
    core.level.write_joins(&mut built);
    core.conditions.drain(..).for_each(|condition| _ = built.and_where(condition));
    if select.limit.is_some() || select.offset.is_some() {
        core.orders.drain(..).for_each(|order| order.write(&mut built));
        limit(&mut built, select.limit, select.offset);
    }
    built
}

fn per_owner(core: &Core<'_>, select: &Select) -> Option<WindowStatement> {
    select.near.as_ref()?.limit?;
    let mut window = WindowStatement::new();
    for column in &core.near.as_ref()?.columns {
        window.add_partition_by(column.clone());
    }
    core.orders.iter().for_each(|order| order.over(order.by.clone()).write(&mut window));
    Some(window)
}

fn columns(built: &mut SelectStatement, alias: Option<&DynIden>, table: &'static Table, deferred: bool) {
    for position in selected(table, deferred) {
        built.expr(Sql::Column(at(alias, column_of(table, position).name)));
    }
}

/// Joins what is loaded along, selects its columns, and tells its orders.
fn load(level: &mut Level<'_>, built: &mut SelectStatement, joins: &[JoinNode]) -> Vec<Ordered> {
    let mut aliases: Vec<DynIden> = Vec::with_capacity(joins.len());
    let mut orders = Vec::new();
    for JoinNode { parent, relationship, named, inner, deferred, filter, order, without_criteria } in joins {
        let owner = parent.and_then(|parent| aliases.get(parent).cloned()).or_else(|| level.root.clone());
        let known = named.and_then(|name| joined_for(level, name, (owner.as_ref(), relationship)));
        let criteria = if *without_criteria { Criteria::ignored() } else { Criteria::default() };
        let names = level.names;
        let join = || level.join(owner.as_ref(), relationship, *inner, filter.as_ref());
        let alias = known.unwrap_or_else(|| names.with_criteria(&criteria, join));
        columns(built, Some(&alias), relationship.target(), *deferred);
        let mut below = Level::under(level.dialect, level.names, alias.clone());
        orders.extend(below.order(order));
        level.take_joins(below);
        aliases.push(alias);
    }
    orders
}

/// The alias of the query's own join that gives the targets of a relationship.
fn joined_for(
    level: &Level<'_>,
    name: &'static str,
    (owner, relationship): (Option<&DynIden>, &'static Relationship),
) -> Option<DynIden> {
    let named = level.named(name)?;
    let same = named.relationship.is_some_and(|known| std::ptr::eq(known, relationship));
    if !same || named.owner.as_ref() != owner {
        level.names.mistake(|| {
            let model = relationship.owner().model;
            format!(
                "`{name}` joins something else than {model}::{} of these rows: load it from the join along it",
                relationship.name
            )
        });
    }
    Some(named.alias.clone())
}

/// The keys of the owners that a query gives, each once, as a table.
pub(super) fn owners(
    dialect: Dialect,
    names: &Names,
    relationship: &'static Relationship,
    select: &Select,
) -> (TableRef, DynIden) {
    let limited = select.limit.is_some() || select.offset.is_some();
    let order = if limited || select.near.is_some() { select.order.clone() } else { Vec::new() };
    let rows = Select { joins: Vec::new(), lock: None, order, beside: Vec::new(), ..select.clone() };
    let owner_alias = names.fresh();
    let mut keys = Query::select();
    for (position, column) in owner_key(relationship).iter().enumerate() {
        let column = Sql::Column(at(Some(&owner_alias), column_of(select.table, *column).name));
        keys.expr_as(column, key_name(position));
    }
    let rows = names.with_criteria(&select.criteria, || lower(dialect, names, &rows));
    keys.distinct().from_subquery(rows, owner_alias);
    let alias = names.fresh();
    (TableRef::SubQuery(Box::new(keys), alias.clone()), alias)
}

/// The columns of an owner by which its targets are found.
fn owner_key(relationship: &'static Relationship) -> &'static [u16] {
    match Joint::of(relationship) {
        Joint::Direct { owner, .. } => owner,
        Joint::Through(link) => link.near_references,
    }
}

/// The greatest limit.
pub(super) const ALL: u64 = i64::MAX as u64;

/// Limit and offset; an offset alone needs a limit on SQLite and MySQL.
pub(super) fn limit(built: &mut SelectStatement, limit: Option<u64>, offset: Option<u64>) {
    if let Some(limit) = limit.or(offset.map(|_| ALL)) {
        built.limit(Ord::min(limit, ALL));
    }
    if let Some(offset) = offset {
        built.offset(Ord::min(offset, ALL));
    }
}

/// The lock on the rows of the table. Where the database can be told which table, it is told: others stay free, and
/// PostgreSQL locks no outer joined rows.
pub(super) fn lock(built: &mut SelectStatement, dialect: Dialect, lock: Option<Lock>, alias: Option<&DynIden>) {
    let (kind, behaviour) = match lock {
        _ if dialect == Dialect::Sqlite => return,
        None => return,
        Some(Lock::Update) => (LockType::Update, None),
        Some(Lock::UpdateSkipLocked) => (LockType::Update, Some(LockBehavior::SkipLocked)),
        Some(Lock::UpdateNoWait) => (LockType::Update, Some(LockBehavior::Nowait)),
        Some(Lock::Share) => (LockType::Share, None),
        Some(Lock::ShareSkipLocked) => (LockType::Share, Some(LockBehavior::SkipLocked)),
        Some(Lock::ShareNoWait) => (LockType::Share, Some(LockBehavior::Nowait)),
    };
    let names_tables = match dialect {
        Dialect::Postgres => true,
        Dialect::MySql => kind == LockType::Update,
        Dialect::Sqlite | Dialect::MariaDb => false,
    };
    let tables = alias.filter(|_| names_tables).cloned();
    match behaviour {
        Some(behaviour) => built.lock_with_tables_behavior(kind, tables, behaviour),
        None => built.lock_with_tables(kind, tables),
    };
}
