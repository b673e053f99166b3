//! What to undo: every change since the last commit, in order, so that a rollback restores memory.
use super::{Cell, Pending, Reference, State, cells::Places, graph::EdgeKey};
use crate::{model::Node, schema::Table, value::Key};

/// How one change is undone.
pub(crate) enum Undo {
    Version {
        node: Node,
        version: Option<u32>,
    },
    State {
        node: Node,
        state: State,
    },
    Cell {
        node: Node,
        relation: u16,
        cell: Option<Cell>,
    },
    /// A member joined or left.
    Member {
        node: Node,
        relation: u16,
        member: Node,
        places: Places,
    },
    Link {
        node: Node,
        edge: EdgeKey,
        target: Option<Reference>,
    },
    /// What was left open in an added row, which was written.
    Open {
        node: Node,
        open: Pending,
    },
    Index {
        table: &'static Table,
        columns: &'static [u16],
        key: Key,
        node: Option<Node>,
    },
    /// A row that was first read after the transaction's first write: nobody knows whether it exists.
    Tentative {
        node: Node,
    },
}
