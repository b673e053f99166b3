//! What the loader asks for: rows of one table, with what is joined to them.
use crate::{
    query::{
        Criteria, Join, Lock, Parts, SetOperator, Source,
        expr::{Expr, OrderTerm},
    },
    schema::{Relationship, Table},
    value::{SqlType, Value},
};
use std::borrow::Cow;

/// A query for rows of one table and of the tables joined to it.
///
/// The columns of the result are, in this order:
/// 1. the columns of `table` in their order, deferred ones only if `deferred`;
/// 2. for each of `joins`, in their order, the columns of its target in the same way (all null where a LEFT JOIN found
///    nothing: the target's primary key tells);
/// 3. if `near` is there and its relationship is a many-to-many (or [`NearKeys::Of`] is asked): the near key's columns, which
///    say for which owner the row is. For other relationships they are columns of `table` already;
/// 4. the values of `beside`.
///
/// With a limit and a joined to-many, or with a limit per owner, the rows of `table` are selected in a subquery, so that the
/// limit counts them and not the joined rows. The order is `order`, then the orders of the joins, in their order.
#[derive(Debug, Clone)]
pub struct Select {
    /// The table.
    pub table: &'static Table,
    /// Whether its deferred columns are selected.
    pub deferred: bool,
    /// What its rows are taken from, if that is not the whole table.
    pub source: Option<Box<Source>>,
    /// What the query itself joins, by name. The rows of the table come as often as the joins make them, unless `distinct`.
    pub named: Vec<Join>,
    /// Which rows.
    pub filter: Option<Expr>,
    /// In which order.
    pub order: Vec<OrderTerm>,
    /// At most so many rows of the table.
    pub limit: Option<u64>,
    /// Without the first so many.
    pub offset: Option<u64>,
    /// Without repetitions, which only named joins and sources can make.
    pub distinct: bool,
    /// Whether and how the rows of the table (not those joined) are locked.
    pub lock: Option<Lock>,
    /// What is joined for loading; parents before children.
    pub joins: Vec<JoinNode>,
    /// Rows that belong to certain owners.
    pub near: Option<Near>,
    /// What is selected beside each row of the table.
    pub beside: Vec<(Expr, SqlType)>,
    /// The global criteria that hold for it.
    pub criteria: Criteria,
}

/// A relationship that is loaded in the same query. A many-to-many joins through its link.
#[derive(Debug, Clone)]
pub struct JoinNode {
    /// The join whose target is this one's owner; `None` for the root.
    pub parent: Option<usize>,
    /// The relationship.
    pub relationship: &'static Relationship,
    /// The name of the query's own join whose rows these are; it is not joined again.
    pub named: Option<&'static str>,
    /// Whether owners without a target are left out. Below a LEFT JOIN it must be false, or the owners of that are lost.
    pub inner: bool,
    /// Whether the target's deferred columns are selected.
    pub deferred: bool,
    /// Which targets; a condition of the join, so that owners without such a target stay.
    pub filter: Option<Expr>,
    /// The order of the targets within their owner.
    pub order: Vec<OrderTerm>,
    /// Whether targets that global criteria hide are joined too.
    pub without_criteria: bool,
}

impl JoinNode {
    /// Whether it gives other targets than all that the query would.
    pub fn is_partial(&self) -> bool {
        self.filter.is_some() || self.named.is_some() || self.without_criteria
    }
}

/// The rows that a relationship leads to from certain owners: a lazy or select-in load.
///
/// The table of the [`Select`] is the relationship's target. The key of an owner is, for a `BelongsTo`, its foreign key; for
/// the others the columns that the foreign key (or the link's near side) references.
#[derive(Debug, Clone)]
pub struct Near {
    /// The relationship from the owners to the rows.
    pub relationship: &'static Relationship,
    /// Which owners.
    pub keys: NearKeys,
    /// At most so many rows for each owner, in the order of the query.
    pub limit: Option<u64>,
}

/// Which owners.
#[derive(Debug, Clone)]
pub enum NearKeys {
    /// Those with these keys, none of which holds a null.
    Values(Vec<Vec<Value>>),
    /// Those that another query gives: its own joins and columns do not matter.
    Of(Box<Select>),
}

impl Select {
    /// All rows of a table.
    pub fn new(table: &'static Table) -> Self {
        Self::of(Parts::new(table))
    }

    /// The rows of a query, with nothing joined.
    pub fn from_parts(parts: &Parts) -> Self {
        Self::of(parts.clone())
    }

    /// The same, of a query that is not needed any more.
    pub fn of(parts: Parts) -> Self {
        let parts = match parts.without_repetitions() {
            Cow::Owned(distinct) => distinct,
            Cow::Borrowed(_) => parts,
        };
        Self {
            table: parts.table,
            deferred: parts.deferred,
            source: parts.source,
            named: parts.joins,
            filter: parts.filter,
            order: parts.order,
            limit: parts.limit,
            offset: parts.offset,
            distinct: parts.distinct,
            lock: parts.lock,
            joins: Vec::new(),
            near: None,
            beside: parts.beside,
            criteria: parts.criteria,
        }
    }

    /// The rows that a relationship leads to from the owners with these keys, in the relationship's order, as far as criteria
    /// show them.
    pub fn near(relationship: &'static Relationship, keys: Vec<Vec<Value>>, criteria: Criteria) -> Self {
        let target = relationship.target();
        Self {
            order: OrderTerm::of(target, relationship.order_by),
            near: Some(Near { relationship, keys: NearKeys::Values(keys), limit: None }),
            criteria,
            ..Self::new(target)
        }
    }

    /// Whether a row of the table may come more than once.
    pub fn repeats(&self) -> bool {
        let all =
            |source: &Source| matches!(source, Source::Members(queries) if queries.operator == SetOperator::UnionAll);
        !self.distinct && (!self.named.is_empty() || self.source.as_deref().is_some_and(all))
    }

    /// Where columns of the table are in the result, and their types; `None` if one is not selected.
    pub fn places(&self, columns: &[u16]) -> Option<Vec<(usize, SqlType)>> {
        let place = |column: &u16| {
            let place = selected(self.table, self.deferred).position(|other| other == *column)?;
            Some((place, self.table.columns[usize::from(*column)].sql_type))
        };
        columns.iter().map(place).collect()
    }

    /// The number of columns in front of those of the near key.
    pub fn width(&self) -> usize {
        let joined = self.joins.iter().map(|join| selected(join.relationship.target(), join.deferred).count());
        selected(self.table, self.deferred).count() + joined.sum::<usize>()
    }
}

/// The positions of the columns of a table that are selected.
pub(crate) fn selected(table: &'static Table, deferred: bool) -> impl Iterator<Item = u16> {
    let wanted = table.columns.iter().enumerate().filter(move |(_, column)| deferred || !column.deferred);
    wanted.map(|(position, _)| position as u16)
}
