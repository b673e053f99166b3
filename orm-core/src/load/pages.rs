//! A query cut into pages, each of which follows the rows of the one before.
use crate::{
    driver::Dialect,
    model::Batch,
    query::{Direction, Parts, TotalOrder, expr::OrderTerm},
    sql::Select,
    value::SqlType,
};

/// The pages of a query. Where its order is one of columns, a page begins behind the key of the last row; else behind so
/// many rows.
pub(super) struct Pages {
    query: Parts,
    /// What the next page is, unless there is none.
    page: Option<Parts>,
    by_key: Option<(TotalOrder, Vec<u16>)>,
    size: u64,
    /// The rows that were read.
    taken: u64,
}

impl Pages {
    pub(super) fn of(parts: &Parts, dialect: Dialect, size: u64) -> Self {
        let by_key = by_key(parts, dialect);
        let mut query = parts.clone();
        query.order = match &by_key {
            Some((order, _)) => order.terms(Direction::After),
            None => total(parts),
        };
        let mut pages = Self { page: None, query, by_key, size, taken: 0 };
        pages.page = pages.cut(pages.query.clone());
        pages
    }

    /// The query of the next page.
    pub(super) fn next(&self) -> Option<&Parts> {
        self.page.as_ref()
    }

    /// Goes on behind the rows of a page.
    pub(super) fn read(&mut self, rows: &dyn Batch) {
        let asked = self.page.take().and_then(|page| page.limit).unwrap_or_default();
        self.taken += rows.len() as u64;
        let Some(last) = rows.len().checked_sub(1).filter(|_| rows.len() as u64 == asked) else { return };
        let mut next = self.query.clone();
        match &self.by_key {
            Some((order, columns)) => {
                let values: Vec<_> = columns.iter().map(|column| rows.value(last, *column)).collect();
                next.narrow(order.after_row(&values));
                next.offset = None;
            }
            None => next.offset = Some(next.offset.unwrap_or_default() + self.taken),
        }
        self.page = self.cut(next);
    }

    /// No more rows than a page has, and than the query wants.
    fn cut(&self, parts: Parts) -> Option<Parts> {
        let left = self.query.limit.map_or(self.size, |limit| limit.saturating_sub(self.taken));
        (left > 0).then(|| Parts { limit: Some(left.min(self.size)), ..parts })
    }
}

/// The order of a query whose rows can be told from each other, and compared with one that was read.
fn by_key(parts: &Parts, dialect: Dialect) -> Option<(TotalOrder, Vec<u16>)> {
    let nulls_first = dialect != Dialect::Postgres;
    // Nobody keeps a place in it, so that expressions need no names.
    let order = TotalOrder::of(parts.table, &parts.order, nulls_first, |_| Ok(String::new())).ok()?;
    let columns = order.columns()?;
    let compares = |position: &u16| {
        let column = &parts.table.columns[usize::from(*position)];
        let inexact = matches!(column.sql_type, SqlType::F32 | SqlType::F64);
        !inexact && (parts.deferred || !column.deferred)
    };
    (!Select::from_parts(parts).repeats() && columns.iter().all(compares)).then_some((order, columns))
}

/// The order of a query, and where it says nothing that of the primary key: rows that are equal in it are the same row.
fn total(parts: &Parts) -> Vec<OrderTerm> {
    let mut order = parts.order.clone();
    order.extend(parts.table.primary_key.iter().map(|column| OrderTerm::by(parts.table, *column, false)));
    order
}
