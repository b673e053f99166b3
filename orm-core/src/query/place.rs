//! Places in the order of a query: what a cursor holds, and which rows lie beyond it.
use super::{
    Cursor,
    expr::{Expr, Nulls, Operator, OrderTerm},
};
use crate::{
    error::{Error, Result},
    schema::{Column, Table},
    value::{SqlType, Value, from_text, has_text, is_null, to_text},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// Which way a page lies from its cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    After,
    Before,
}

/// An order of rows in which no two are equal.
#[derive(Debug)]
pub(crate) struct TotalOrder {
    table: &'static Table,
    terms: Vec<Term>,
}

#[derive(Debug)]
struct Term {
    expr: Expr,
    sql_type: SqlType,
    nullable: bool,
    descending: bool,
    nulls: Nulls,
    /// What tells it from other terms.
    name: String,
}

impl TotalOrder {
    /// The order of a query, made total by the primary key. Where nulls go by default is the database's: first in an
    /// ascending order, or last. `name` tells expressions apart.
    ///
    /// # Errors
    /// It orders by what is computed from several rows, or has no order.
    pub(crate) fn of(
        table: &'static Table,
        order: &[OrderTerm],
        nulls_first: bool,
        name: impl Fn(&Expr) -> Result<String>,
    ) -> Result<Self> {
        let term = |term: &OrderTerm| {
            let own = own_column(table, &term.expr);
            check(table, term)?;
            let by_default = if nulls_first == term.descending { Nulls::Last } else { Nulls::First };
            Ok(Term {
                expr: term.expr.clone(),
                sql_type: term.sql_type,
                nullable: own.is_none_or(|column| column.nullable),
                descending: term.descending,
                nulls: term.nulls.unwrap_or(by_default),
                name: own.map_or_else(|| name(&term.expr), |column| Ok(column.name.to_owned()))?,
            })
        };
        let mut terms = order.iter().map(term).collect::<Result<Vec<_>>>()?;
        let last = terms.last().is_some_and(|term| term.descending);
        for column in table.primary_key {
            if !order.iter().any(|term| is_own(&term.expr, *column)) {
                terms.push(Term::of_key(table, *column, last));
            }
        }
        Ok(Self { table, terms })
    }

    /// As terms of a query, the other way round for what lies before.
    pub(crate) fn terms(&self, direction: Direction) -> Vec<OrderTerm> {
        let reversed = direction == Direction::Before;
        let nulls = |term: &Term| match (term.nulls, reversed) {
            (Nulls::First, false) | (Nulls::Last, true) => Nulls::First,
            (Nulls::Last, false) | (Nulls::First, true) => Nulls::Last,
        };
        let term = |term: &Term| OrderTerm {
            expr: term.expr.clone(),
            sql_type: term.sql_type,
            descending: term.descending != reversed,
            nulls: term.nullable.then(|| nulls(term)),
        };
        self.terms.iter().map(term).collect()
    }

    /// What must be selected beside a row to know its place.
    pub(crate) fn beside(&self) -> Vec<(Expr, SqlType)> {
        self.terms.iter().map(|term| (term.expr.clone(), term.sql_type)).collect()
    }

    /// The place of a row with these values beside it.
    pub(crate) fn cursor(&self, values: &[Value]) -> Cursor {
        let mut text = self.signature();
        for value in values {
            match to_text(value) {
                Some(part) => text.push_str(&format!("{}:{part}", part.len())),
                None => text.push('-'),
            }
        }
        Cursor(BASE64_URL_SAFE_NO_PAD.encode(text))
    }

    /// The condition of the rows that lie in that direction from a place.
    ///
    /// # Errors
    /// The cursor is not one of this order.
    pub(crate) fn beyond(&self, cursor: &Cursor, direction: Direction) -> Result<Expr> {
        let values = self.values(cursor).ok_or_else(|| {
            Error::usage(format!(
                "the cursor is not one of this query of {} and its order: begin again at the first page",
                self.table.name
            ))
        })?;
        Ok(beyond(&self.terms, &values, direction))
    }

    /// What tells cursors of different orders apart.
    fn signature(&self) -> String {
        let mut signature = format!("1{}", self.table.name);
        for Term { descending, nulls, name, .. } in &self.terms {
            let nulls = if *nulls == Nulls::First { '<' } else { '>' };
            signature.push_str(&format!("{}{name}{nulls}", if *descending { '-' } else { '+' }));
        }
        signature.push('=');
        signature
    }

    fn values(&self, cursor: &Cursor) -> Option<Vec<Value>> {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(&cursor.0).ok()?).ok()?;
        let mut rest = text.strip_prefix(&self.signature())?;
        let mut values = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            if let Some(after) = rest.strip_prefix('-') {
                rest = after;
                values.push(term.nullable.then(|| term.sql_type.null())?);
                continue;
            }
            let (length, after) = rest.split_once(':')?;
            let (part, after) = after.split_at_checked(length.parse().ok()?)?;
            rest = after;
            values.push(from_text(term.sql_type, part)?);
        }
        rest.is_empty().then_some(values)
    }
}

impl Term {
    fn of_key(table: &'static Table, position: u16, descending: bool) -> Self {
        let column = &table.columns[usize::from(position)];
        Self {
            expr: Expr::column(table, position),
            sql_type: column.sql_type,
            nullable: column.nullable,
            descending,
            nulls: Nulls::Last,
            name: column.name.to_owned(),
        }
    }

    fn is_downward(&self, direction: Direction) -> bool {
        self.descending != (direction == Direction::Before)
    }

    fn compared(&self, operator: Operator, value: &Value) -> Expr {
        Expr::Binary(Box::new(self.expr.clone()), operator, Box::new(Expr::Value(value.clone())))
    }

    fn is_null(&self) -> Expr {
        Expr::IsNull(Box::new(self.expr.clone()))
    }

    fn same(&self, value: &Value) -> Expr {
        if is_null(value) { self.is_null() } else { self.compared(Operator::Equal, value) }
    }

    /// The rows that differ in this term and lie beyond.
    fn farther(&self, value: &Value, direction: Direction) -> Expr {
        let nulls_beyond = (self.nulls == Nulls::Last) == (direction == Direction::After);
        if is_null(value) {
            return if nulls_beyond { Expr::Any(Vec::new()) } else { Expr::Not(Box::new(self.is_null())) };
        }
        let operator = if self.is_downward(direction) { Operator::Less } else { Operator::Greater };
        let farther = self.compared(operator, value);
        if nulls_beyond && self.nullable { farther.or(self.is_null()) } else { farther }
    }
}

/// Beyond in the first term, or equal in it and beyond in those after it. A range over the first term comes first, which
/// is what an index is searched by.
fn beyond(terms: &[Term], values: &[Value], direction: Direction) -> Expr {
    let ([term, others @ ..], [value, rest @ ..]) = (terms, values) else { return Expr::Any(Vec::new()) };
    let farther = term.farther(value, direction);
    if others.is_empty() {
        return farther;
    }
    let either = farther.or(term.same(value).and(beyond(others, rest, direction)));
    if term.nullable {
        return either;
    }
    let operator = if term.is_downward(direction) { Operator::LessOrEqual } else { Operator::GreaterOrEqual };
    term.compared(operator, value).and(either)
}

fn is_own(expr: &Expr, position: u16) -> bool {
    matches!(expr, Expr::Column { path, column, .. } if path.is_root() && *column == position)
}

/// The column of the model itself that an expression is.
fn own_column(table: &'static Table, expr: &Expr) -> Option<&'static Column> {
    let Expr::Column { path, column, .. } = expr else { return None };
    path.is_root().then(|| &table.columns[usize::from(*column)])
}

fn check(table: &'static Table, term: &OrderTerm) -> Result<()> {
    if term.expr.is_of_several() {
        return Err(Error::usage(format!(
            "pages by key of {} order by what each row has, not by what is computed from several of them: use \
             `page(number, size)` for this order",
            table.name
        )));
    }
    if has_text(term.sql_type) {
        return Ok(());
    }
    Err(Error::usage(format!(
        "pages by key of {} cannot order by JSON, whose order databases do not agree on",
        table.name
    )))
}
