//! Pages by key: the rows after the last one seen, instead of the rows after so many.
use super::{
    Query,
    expr::{Expr, Nulls, Operator, OrderTerm},
};
use crate::{
    error::{Error, Result},
    model::Record,
    schema::{Column, Table},
    value::{Value, from_text, is_null, to_text},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use std::{fmt, str::FromStr};

/// The place of a row in the order of a query: what [`Keyset::after`] and [`Keyset::before`] begin at.
///
/// It is made by [`Keyset::page`], and prints and parses as a short text for an URL or a JSON document. The text holds the values of
/// the row by which the query orders: it is not encrypted. One that was tampered with, or is of another query, is a clear
/// error and nothing worse.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor(String);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Cursor {
    type Err = Error;

    /// Never fails: whether the text is a cursor of a query, the query finds out.
    fn from_str(text: &str) -> Result<Self> {
        Ok(Self(text.to_owned()))
    }
}

impl serde::Serialize for Cursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Cursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::Deserialize::deserialize(deserializer).map(Self)
    }
}

/// A query that is read in pages, each beginning where another ended. [`Query::keyset`] makes it.
#[derive(Debug, Clone)]
#[must_use = "pages are read by `page`"]
pub struct Keyset<M> {
    pub(crate) query: Query<M>,
    pub(crate) size: u64,
    pub(crate) from: Option<(Cursor, Direction)>,
}

/// Which way a page lies from its cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    After,
    Before,
}

impl<M: Record> Query<M> {
    /// Reads the query in pages of so many rows by their place in its order, not by their number. Cursor pagination, the
    /// seek method: as fast for the last page as for the first, and rows that come or go meanwhile shift nothing.
    ///
    /// The order may be any of the model's own columns, in either direction, also nullable ones. The primary key is added to
    /// it, unless it is there, so that no two rows are equal. An index over these columns makes each page cheap. Columns of type
    /// `f32` and `f64` compare inexactly on some databases: do not order by them.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let products = || Product::query().order_by(Product::price.desc()).keyset(2);
    /// let first = products().page(&db).await?;
    /// if let Some(next) = first.next {
    ///     let link = next.to_string();                                // …?after=MjpwLj…
    ///     let second = products().after(link.parse::<orm::Cursor>()?).page(&db).await?;
    ///     assert!(second.previous.is_some());
    /// }
    /// # Ok(()) }
    /// ```
    #[doc(alias = "cursor")]
    #[doc(alias = "seek")]
    #[doc(alias = "paginate")]
    pub fn keyset(self, size: u64) -> Keyset<M> {
        Keyset { query: self, size, from: None }
    }
}

impl<M> Keyset<M> {
    /// The rows that follow that place. `None` begins at the first row, so that a missing parameter of a request needs no case
    /// of its own.
    pub fn after(mut self, cursor: impl Into<Option<Cursor>>) -> Self {
        self.from = cursor.into().map(|cursor| (cursor, Direction::After));
        self
    }

    /// The rows that precede that place, in the order of the query. `None` begins at the first row.
    pub fn before(mut self, cursor: impl Into<Option<Cursor>>) -> Self {
        self.from = cursor.into().map(|cursor| (cursor, Direction::Before));
        self
    }
}

/// An order of rows in which no two are equal.
#[derive(Debug)]
pub(crate) struct TotalOrder {
    table: &'static Table,
    terms: Vec<Term>,
}

#[derive(Debug)]
struct Term {
    position: u16,
    descending: bool,
    nulls: Nulls,
}

impl Term {
    fn column(&self, table: &'static Table) -> &'static Column {
        &table.columns[usize::from(self.position)]
    }
}

impl TotalOrder {
    /// The order of a query, made total by the primary key. Where nulls go by default is the database's: first in an
    /// ascending order, or last.
    ///
    /// # Errors
    /// It orders by something else than columns of the model itself.
    pub(crate) fn of(table: &'static Table, order: &[OrderTerm], nulls_first: bool) -> Result<Self> {
        let mut terms = order.iter().map(|term| own_column(table, term, nulls_first)).collect::<Result<Vec<_>>>()?;
        let last = terms.last().is_some_and(|term| term.descending);
        for column in table.primary_key {
            if !terms.iter().any(|term| term.position == *column) {
                terms.push(Term { position: *column, descending: last, nulls: Nulls::Last });
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
            expr: Expr::column(self.table, term.position),
            descending: term.descending != reversed,
            nulls: term.column(self.table).nullable.then(|| nulls(term)),
        };
        self.terms.iter().map(term).collect()
    }

    /// The place of a row, of which `value` gives the columns.
    pub(crate) fn cursor(&self, value: impl Fn(u16) -> Value) -> Cursor {
        let mut text = self.signature();
        for term in &self.terms {
            match to_text(&value(term.position)) {
                Some(part) => text.push_str(&format!("{}:{part}", part.len())),
                None => text.push('-'),
            }
        }
        Cursor(BASE64_URL_SAFE_NO_PAD.encode(text))
    }

    /// The columns that it compares.
    pub(crate) fn columns(&self) -> impl Iterator<Item = u16> {
        self.terms.iter().map(|term| term.position)
    }

    /// The condition of the rows that follow a row, of which `value` gives the columns.
    pub(crate) fn after_row(&self, value: impl Fn(u16) -> Value) -> Expr {
        let values: Vec<Value> = self.columns().map(value).collect();
        self.beyond_from(0, &values, Direction::After)
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
        Ok(self.beyond_from(0, &values, direction))
    }

    /// Beyond in that term, or equal in it and beyond in those after it. A range over the first term comes first, which is
    /// what an index is searched by.
    fn beyond_from(&self, index: usize, values: &[Value], direction: Direction) -> Expr {
        let (term, value) = (&self.terms[index], &values[index]);
        let farther = self.farther(term, value, direction);
        if index + 1 == self.terms.len() {
            return farther;
        }
        let column = || Expr::column(self.table, term.position);
        let same = match is_null(value) {
            true => Expr::IsNull(Box::new(column())),
            false => Expr::Binary(Box::new(column()), Operator::Equal, Box::new(Expr::Value(value.clone()))),
        };
        let either = farther.or(same.and(self.beyond_from(index + 1, values, direction)));
        if term.column(self.table).nullable {
            return either;
        }
        let operator = if self.is_downward(term, direction) { Operator::LessOrEqual } else { Operator::GreaterOrEqual };
        Expr::Binary(Box::new(column()), operator, Box::new(Expr::Value(value.clone()))).and(either)
    }

    fn is_downward(&self, term: &Term, direction: Direction) -> bool {
        term.descending != (direction == Direction::Before)
    }

    /// The rows that differ in this term and lie beyond.
    fn farther(&self, term: &Term, value: &Value, direction: Direction) -> Expr {
        let column = || Box::new(Expr::column(self.table, term.position));
        let nulls_beyond = (term.nulls == Nulls::Last) == (direction == Direction::After);
        if is_null(value) {
            let values_beyond = Expr::Not(Box::new(Expr::IsNull(column())));
            return if nulls_beyond { Expr::Any(Vec::new()) } else { values_beyond };
        }
        let operator = if self.is_downward(term, direction) { Operator::Less } else { Operator::Greater };
        let farther = Expr::Binary(column(), operator, Box::new(Expr::Value(value.clone())));
        match nulls_beyond && term.column(self.table).nullable {
            true => farther.or(Expr::IsNull(column())),
            false => farther,
        }
    }

    /// What tells cursors of different orders apart.
    fn signature(&self) -> String {
        let mut signature = format!("1{}", self.table.name);
        for term in &self.terms {
            let nulls = if term.nulls == Nulls::First { '<' } else { '>' };
            signature.push_str(&format!(
                "{}{}{nulls}",
                if term.descending { '-' } else { '+' },
                term.column(self.table).name
            ));
        }
        signature.push('=');
        signature
    }

    fn values(&self, cursor: &Cursor) -> Option<Vec<Value>> {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(&cursor.0).ok()?).ok()?;
        let mut rest = text.strip_prefix(&self.signature())?;
        let mut values = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            let column = term.column(self.table);
            if let Some(after) = rest.strip_prefix('-') {
                rest = after;
                values.push(column.nullable.then(|| column.sql_type.null())?);
                continue;
            }
            let (length, after) = rest.split_once(':')?;
            let (part, after) = after.split_at_checked(length.parse().ok()?)?;
            rest = after;
            values.push(from_text(column.sql_type, part)?);
        }
        rest.is_empty().then_some(values)
    }
}

fn own_column(table: &'static Table, term: &OrderTerm, nulls_first: bool) -> Result<Term> {
    let Expr::Column { path, column, .. } = &term.expr else { return Err(not_own(table)) };
    if !path.is_root() {
        return Err(not_own(table));
    }
    let by_default = if nulls_first == term.descending { Nulls::Last } else { Nulls::First };
    Ok(Term { position: *column, descending: term.descending, nulls: term.nulls.unwrap_or(by_default) })
}

fn not_own(table: &'static Table) -> Error {
    Error::usage(format!(
        "pages by key order by columns of {} itself, not by paths or expressions: use `page(number, size)` for this order",
        table.name
    ))
}
