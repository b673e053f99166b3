//! What is shared by all parts of one statement: aliases, rows that inner queries refer to, queries that are named once.
use crate::{
    error::{Error, Result},
    query::{Criteria, expr::Expr},
    schema::Table,
};
use sea_query::{CommonTableExpression, DynIden, IntoIden, SelectStatement, WithClause};
use std::cell::{Cell, RefCell};

/// Hands out the aliases of one statement (`t0`, `t1`, …), and collects what is found while it is written.
#[derive(Debug, Default)]
pub(super) struct Names {
    next: Cell<u32>,
    /// The rows that queries around the one being written let it refer to.
    outer: RefCell<Vec<(u64, Option<DynIden>)>>,
    /// Queries that the whole statement names once, by their numbers.
    shared: RefCell<Vec<(u64, DynIden, SelectStatement)>>,
    /// The first mistake.
    mistake: RefCell<Option<Error>>,
    /// The global criteria that hold where the statement is being written.
    criteria: RefCell<Criteria>,
    /// The tables whose criteria are being written: they do not hold for themselves.
    writing: RefCell<Vec<&'static Table>>,
}

impl Names {
    /// For a statement under criteria.
    pub(super) fn under(criteria: &Criteria) -> Self {
        let names = Self::default();
        names.criteria.replace(criteria.following());
        names
    }

    /// Writes a query inside the statement, or a part of it, under criteria of its own.
    pub(super) fn with_criteria<T>(&self, criteria: &Criteria, write: impl FnOnce() -> T) -> T {
        let inner = self.criteria.borrow().around(criteria);
        let outer = self.criteria.replace(inner);
        let written = write();
        self.criteria.replace(outer);
        written
    }

    /// Whether rows of a table may be hidden here.
    pub(super) fn hides(&self, table: &'static Table) -> bool {
        self.criteria.borrow().hold_for(table) && !self.writing.borrow().contains(&table)
    }

    /// The condition that criteria put on the rows of a table here: the one place where they enter a statement.
    pub(super) fn criteria_of<T>(&self, table: &'static Table, write: impl FnOnce(&Expr) -> T) -> Option<T> {
        if !self.hides(table) {
            return None;
        }
        let condition = self.criteria.borrow().condition(table)?;
        self.writing.borrow_mut().push(table);
        let written = write(&condition);
        self.writing.borrow_mut().pop();
        Some(written)
    }

    /// A name that nothing else has.
    pub(super) fn fresh(&self) -> DynIden {
        let number = self.next.get();
        self.next.set(number + 1);
        format!("t{number}").into_iden()
    }

    /// Notes a mistake of the query; the first one counts.
    pub(super) fn mistake(&self, message: impl FnOnce() -> String) {
        self.mistake.borrow_mut().get_or_insert_with(|| Error::usage(message()));
    }

    /// The first mistake of the query.
    pub(super) fn check(&self) -> Result<()> {
        self.mistake.borrow_mut().take().map_or(Ok(()), Err)
    }

    /// Lets a query inside refer to a row of the query around it while it is written.
    pub(super) fn within<T>(&self, outer: Option<u64>, row: Option<&DynIden>, write: impl FnOnce() -> T) -> T {
        let Some(number) = outer else { return write() };
        self.outer.borrow_mut().push((number, row.cloned()));
        let written = write();
        self.outer.borrow_mut().pop();
        written
    }

    /// The alias of a row of a query around the one being written.
    pub(super) fn outer(&self, number: u64) -> Option<DynIden> {
        let found = self.outer.borrow().iter().rev().find(|(known, _)| *known == number).cloned();
        if found.is_none() {
            self.mistake(|| "a row of an outer query is used outside of the query that it was given to".to_owned());
        }
        found.and_then(|(_, alias)| alias)
    }

    /// The name of a query that the whole statement writes once.
    pub(super) fn shared(&self, number: u64, write: impl FnOnce() -> SelectStatement) -> DynIden {
        let known = self.shared.borrow().iter().find(|(known, ..)| *known == number).map(|(_, name, _)| name.clone());
        known.unwrap_or_else(|| {
            let (query, name) = (write(), self.fresh());
            self.shared.borrow_mut().push((number, name.clone(), query));
            name
        })
    }

    /// Whether shared queries wait to be written.
    pub(super) fn has_shared(&self) -> bool {
        !self.shared.borrow().is_empty()
    }

    /// Writes the shared queries in front of a statement that uses them.
    pub(super) fn write_shared(&self, built: &mut SelectStatement) {
        let shared = std::mem::take(&mut *self.shared.borrow_mut());
        if shared.is_empty() {
            return;
        }
        let mut with = WithClause::new();
        for (_, name, query) in shared {
            with.cte(CommonTableExpression::new().table_name(name).query(query).to_owned());
        }
        built.with_cte(with);
    }
}
