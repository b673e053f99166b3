//! Added rows that are taken from the database where they are there already.
use super::{Locked, State, rows::append};
use crate::{
    error::{Error, Result},
    model::{Node, Open, Record},
    schema::{Table, id},
    value::{Key, is_unset},
};
use std::any::Any;

/// A row that is taken by unique columns: its table's address, the columns, their values.
pub(crate) type Connecting = (usize, &'static [u16], Key);

impl Locked<'_> {
    /// Takes a row into memory that is to be inserted, or, where it was given with `or_connect`, finds the entity that it
    /// is. Also tells whether that was there before.
    pub(crate) fn add_or_connect(
        &mut self,
        table: &'static Table,
        row: Box<dyn Any + Send + Sync>,
        open: Open,
    ) -> Result<(Node, bool)> {
        let node = self.place(table, row)?;
        Ok(self.enlist_or_connect(node, open))
    }

    /// The same for a row whose model is known.
    pub(crate) fn add_row<M: Record>(&mut self, row: M, open: Open) -> Result<(Node, bool)> {
        let (arena, table) = (self.arena, M::table());
        let growing = self.model(table).growing;
        let place = append(arena.growing_rows(growing), row)?;
        arena.fill_slots(growing, place + 1);
        let node = self.place_version(table, place as u32);
        Ok(self.enlist_or_connect(node, open))
    }

    /// The same for a row that is in memory and not part of the session.
    pub(crate) fn enlist_or_connect(&mut self, node: Node, open: Open) -> (Node, bool) {
        let known = if open.connect.is_empty() { None } else { self.find_connected(node, open) };
        if known.is_none() {
            self.enlist(node, open);
        }
        (known.unwrap_or(node), known.is_some())
    }

    fn find_connected(&mut self, node: Node, open: Open) -> Option<Node> {
        let table = self.arena.table(node);
        let by = table.unique_over(open.connect);
        if by.is_none() {
            self.graph.mistake(not_unique(table, open));
        }
        self.known_by(node, by?, open)
    }

    /// The entity that has the unique values of a row; it is remembered if there is none.
    fn known_by(&mut self, node: Node, by: &'static [u16], open: Open) -> Option<Node> {
        let table = self.arena.table(node);
        let key = self.key(node, by);
        if key.has_null() || self.is_filled_later(node, by, open) {
            return None;
        }
        if let Some(stored) = self.find(table, by, &key) {
            return Some(stored);
        }
        let place = (id(table), by, key.clone());
        let pending = self.graph.connecting.get(&place).copied();
        let waits = |node: &Node| self.arena.state(*node) == State::Pending && self.key(*node, by) == key;
        let known = pending.filter(waits);
        if known.is_none() {
            self.graph.connecting.insert(place, node);
        }
        known
    }

    /// Whether a relationship has yet to fill one of the columns.
    fn is_filled_later(&self, node: Node, by: &'static [u16], open: Open) -> bool {
        let table = self.arena.table(node);
        let keys: Vec<u16> = self.edges(table).iter().flat_map(|edge| edge.columns.iter().copied()).collect();
        by.iter()
            .filter(|column| keys.contains(column) && !open.given.has(**column))
            .any(|column| is_unset(&self.values(node, &[*column])[0], table.columns[usize::from(*column)].sql_type))
    }

    /// Rows that are written are found by their indexes.
    pub(crate) fn forget_connected(&mut self) {
        let arena = self.arena;
        self.graph.connecting.retain(|_, node| arena.state(*node) == State::Pending);
    }

    /// The unique columns by which an added row is taken from the database, if it is there.
    pub(crate) fn connects_by(&self, node: Node) -> Option<&'static [u16]> {
        if !self.graph.connects {
            return None;
        }
        let open = self.graph.open.get(&node)?;
        if open.connect.is_empty() { None } else { self.arena.table(node).unique_over(open.connect) }
    }
}

fn not_unique(table: &'static Table, open: Open) -> Error {
    let columns: Vec<&str> = open.connect.iter().map(|column| table.columns[usize::from(column)].field).collect();
    Error::usage(format!(
        "a {} was given with `or_connect` of {}, by which no row can be found: the columns must be those of a unique \
         constraint; declare `#[orm(unique)]`, for several columns `#[orm(unique({}))]` on the struct",
        table.model,
        columns.join(" and "),
        columns.join(", ")
    ))
}
