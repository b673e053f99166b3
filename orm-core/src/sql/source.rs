//! What the rows of a query are taken from: the table itself, rows of it that other queries give, or their rows.
use super::{
    level::{Level, all, at, names as names_of},
    names::Names,
    near::key_name,
    rows, tuples,
};
use crate::{
    driver::Dialect,
    query::{Combined, Criteria, Parts, SetOperator, Source},
    schema::{Relationship, Table},
};
use sea_query::{
    CommonTableExpression, DynIden, Expr as Sql, ExprTrait, IntoIden, IntoTableRef, Query, SelectStatement, TableRef,
    UnionType, WithClause,
};

impl Level<'_> {
    /// The root: the table, as far as criteria show it; joined with the keys of those of its rows that are meant, of which
    /// the queries that tell them have seen to it; or the rows of queries.
    pub(super) fn root_of(&mut self, table: &'static Table, source: Option<&Source>, criteria: &Criteria) -> TableRef {
        match source {
            None if criteria.spares_root() => {}
            None => self.hide_root(table),
            Some(Source::Members(queries)) => self.join_keys(table, members(self.dialect, self.names, queries)),
            Some(Source::Reachable { from, relationship, depth }) => {
                let keys = Reach { dialect: self.dialect, names: self.names, relationship }.rows(from, *depth);
                self.join_keys(table, keys);
            }
            Some(Source::Outputs(number, queries)) => {
                let write = || combined(queries, |query| tuples::member(self.dialect, self.names, query));
                let name = self.names.shared(*number, write).into_table_ref();
                return match self.root.clone() {
                    Some(alias) => name.alias(alias),
                    None => name,
                };
            }
        }
        self.table_ref(table)
    }

    fn join_keys(&mut self, table: &'static Table, keys: SelectStatement) {
        let alias = self.names.fresh();
        let equal = |(position, name)| self.column(name).eq(Sql::Column(at(Some(&alias), key_name(position))));
        let on = all(names_of(table, table.primary_key).enumerate().map(equal));
        self.push_join(true, TableRef::SubQuery(Box::new(keys), alias), on);
    }
}

/// The rows of queries put together.
fn combined<Q>(queries: &Combined<Q>, select: impl Fn(&Q) -> SelectStatement) -> SelectStatement {
    let mut built = select(&queries.first);
    let operator = match queries.operator {
        SetOperator::Union => UnionType::Distinct,
        SetOperator::UnionAll => UnionType::All,
        SetOperator::Intersect => UnionType::Intersect,
        SetOperator::Except => UnionType::Except,
    };
    queries.rest.iter().for_each(|query| _ = built.union(operator, select(query)));
    built
}

/// The keys of rows of several queries; of a single one each once.
fn members(dialect: Dialect, names: &Names, queries: &Combined<Parts>) -> SelectStatement {
    let mut built = combined(queries, |query| keys(dialect, names, query));
    if queries.rest.is_empty() && queries.operator != SetOperator::UnionAll {
        built.distinct();
    }
    built
}

/// The keys of the rows of a query, such that they can be put together with others.
fn keys(dialect: Dialect, names: &Names, parts: &Parts) -> SelectStatement {
    names.with_criteria(&parts.criteria, || keys_here(dialect, names, parts))
}

fn keys_here(dialect: Dialect, names: &Names, parts: &Parts) -> SelectStatement {
    let parts = &*parts.without_repetitions();
    let mut level = Level::new(dialect, names);
    let mut built = Query::select();
    let from = level.root_of(parts.table, parts.source.as_deref(), &parts.criteria);
    level.join_named(&parts.joins);
    let filter = parts.filter.as_ref().map(|filter| level.filter(filter));
    for (position, name) in names_of(parts.table, parts.table.primary_key).enumerate() {
        built.expr_as(level.column(name), key_name(position));
    }
    let limited = parts.limit.is_some() || parts.offset.is_some();
    if limited {
        level.order(&parts.order).into_iter().for_each(|order| order.write(&mut built));
    }
    built.from(from).and_where_option(filter);
    level.write_joins(&mut built);
    rows::limit(&mut built, parts.limit, parts.offset);
    if limited { key_columns(parts.table, names, built) } else { built }
}

/// The keys of a query inside another one: some databases take no order and no limit beside a union.
fn key_columns(table: &'static Table, names: &Names, keys: SelectStatement) -> SelectStatement {
    let columns = (0..table.primary_key.len()).map(|position| Sql::col(key_name(position)));
    Query::select().exprs(columns).from_subquery(keys, names.fresh()).take()
}

/// The rows that a relationship leads to in any number of steps.
struct Reach<'n> {
    dialect: Dialect,
    names: &'n Names,
    relationship: &'static Relationship,
}

const DEPTH: &str = "row:depth";

impl Reach<'_> {
    fn rows(&self, from: &Parts, depth: Option<u32>) -> SelectStatement {
        let table = self.relationship.owner();
        let found = self.names.fresh();
        let mut start = key_columns(table, self.names, keys(self.dialect, self.names, from));
        if depth.is_some() {
            start.expr_as(Sql::cust("0"), DEPTH);
        }
        // Only what is new goes on, so that circles end.
        start.union(UnionType::Distinct, self.step(&found, depth));
        let mut common = CommonTableExpression::new();
        let mut columns: Vec<DynIden> = (0..table.primary_key.len()).map(key_name).collect();
        columns.extend(depth.map(|_| DEPTH.into_iden()));
        common.table_name(found.clone()).columns(columns).query(start);
        let with = WithClause::new().recursive(true).cte(common).to_owned();
        let columns = (0..table.primary_key.len()).map(|position| Sql::col(key_name(position)));
        let mut rows = Query::select().exprs(columns).from(found).with_cte(with).take();
        if depth.is_some() {
            rows.distinct();
        }
        rows
    }

    /// One step on from what was found.
    fn step(&self, found: &DynIden, depth: Option<u32>) -> SelectStatement {
        let (owner, target) = (self.relationship.owner(), self.relationship.target());
        let mut level = Level::new(self.dialect, self.names);
        let before = self.names.fresh();
        let equal = |(position, name)| Sql::Column(at(Some(&before), key_name(position))).eq(level.column(name));
        let on = all(names_of(owner, owner.primary_key).enumerate().map(equal));
        level.push_join(true, found.clone().into_table_ref().alias(before.clone()), on);
        let root = level.root.clone();
        let next = level.join(root.as_ref(), self.relationship, true, None);
        let mut built = Query::select();
        built.exprs(names_of(target, target.primary_key).map(|name| Sql::Column(at(Some(&next), name))));
        if let Some(depth) = depth {
            let steps = || Sql::Column(at(Some(&before), DEPTH));
            built.expr(steps().add(Sql::cust("1"))).and_where(steps().lt(Sql::cust(depth.to_string())));
        }
        built.from(level.table_ref(owner));
        level.write_joins(&mut built);
        built
    }
}
