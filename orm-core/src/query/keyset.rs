//! Pages by key: the rows after the last one seen, instead of the rows after so many.
use super::{Direction, Query};
use crate::{
    error::{Error, Result},
    model::Record,
};
use std::{fmt, str::FromStr};

/// The place of a row in the order of a query: what [`Keyset::after`] and [`Keyset::before`] begin at.
///
/// It is made by [`Keyset::page`], and prints and parses as a short text for an URL or a JSON document. The text holds the values of
/// the row by which the query orders: it is not encrypted. One that was tampered with, or is of another query, is a clear
/// error and nothing worse.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor(pub(super) String);

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

impl<M: Record> Query<M> {
    /// Reads the query in pages of so many rows by their place in its order, not by their number. Cursor pagination, the
    /// seek method: as fast for the last page as for the first, and rows that come or go meanwhile shift nothing.
    ///
    /// The order may be by anything that each row has, in either direction, also where it may be null: own columns, columns
    /// behind to-one relationships (`Order::user.path(User::email)`), expressions (`User::email.lower()`), numbers over
    /// related rows (`User::orders.count()`). The primary key is added to it, unless it is there, so that no two rows are
    /// equal. An index over these columns makes each page cheap; of what no index has, the database computes all.
    /// Values of type `f32` compare inexactly on some databases: do not order by them.
    ///
    /// Nulls go where the database puts them (SQLite and MySQL take them for the smallest values, PostgreSQL for the
    /// greatest), or where `nulls_first` and `nulls_last` say, on every database alike. A query that joins many to one row
    /// must be `distinct`.
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
