//! Rows whose keys change, and the rows in memory that name them.
use super::{Edge, Locked, Reference, State, identity::has_row};
use crate::{
    error::Result,
    fast::HashMap,
    model::{ColumnSet, Node},
    schema::{Action, Table},
    value::{Key, Value},
};

/// A row, and the version of it that the database had before it got another key.
pub(crate) type Renamed = (Node, Option<u32>);

impl Edge {
    /// What the database does to a child whose parent gets another key.
    pub(crate) fn on_update(&self) -> Option<Action> {
        self.child.foreign_keys().find(|key| key.columns == self.columns).map(|key| key.on_update)
    }
}

impl Locked<'_> {
    /// The version of a row that the database has.
    pub(crate) fn stored_version(&self, node: Node) -> Option<u32> {
        self.graph.base.get(&node).copied().unwrap_or_else(|| self.arena.current_version(node))
    }

    /// Columns of a row as the database has them, as an identity.
    pub(crate) fn stored_key(&self, node: Node, columns: &[u16]) -> Key {
        let (rows, row) = self.stored_row(node);
        rows.key(row, columns)
    }

    /// Columns of a row as the database has them.
    pub(crate) fn stored_values(&self, node: Node, columns: &[u16]) -> Vec<Value> {
        let (rows, row) = self.stored_row(node);
        columns.iter().map(|column| rows.value(row, *column)).collect()
    }

    /// Whether the columns of a row will be others than the database has.
    pub(crate) fn is_renamed(&self, node: Node, columns: &[u16]) -> bool {
        let Some(stored) = self.graph.base.get(&node) else { return false };
        let (old, old_row) = self.arena.version(node, *stored);
        old.key(old_row, columns) != self.key(node, columns)
    }

    /// The foreign keys to a table, of the models that are in memory.
    pub(crate) fn edges_to(&self, table: &'static Table) -> Vec<Edge> {
        let models = self.graph.models.values().map(|model| self.arena.chunk(model.growing).table);
        let mut edges: Vec<Edge> = models.flat_map(|child| self.edges(child)).filter(|e| e.parent == table).collect();
        edges.sort_by_key(|edge| (edge.child.name, edge.columns));
        edges
    }

    /// The rows in memory whose foreign keys name rows by those keys.
    fn naming(&mut self, edge: &Edge, keys: &HashMap<Key, Node>) -> Vec<(Node, Node)> {
        let arena = self.arena;
        let nodes: Vec<Node> = self.model(edge.child).nodes(arena).collect();
        let names = |node: Node| {
            let state = arena.state(node);
            let is_there = has_row(state) || state == State::Pending;
            let parent = keys.get(&self.stored_key(node, edge.columns)).filter(|_| is_there)?;
            Some((node, *parent))
        };
        nodes.into_iter().filter_map(names).collect()
    }

    /// Children in memory whose keys the database does not change along are changed with the keys of their parents.
    pub(crate) fn rename_children(&mut self, renamed: &[Node]) {
        for (table, nodes) in by_table(self, renamed.iter().copied()) {
            for edge in self.edges_to(table).into_iter().filter(|edge| edge.on_update() != Some(Action::Cascade)) {
                let key = |node: &Node| (self.stored_key(*node, edge.references), *node);
                let changed = nodes.iter().filter(|node| self.is_renamed(**node, edge.references));
                let keys: HashMap<Key, Node> = changed.map(key).collect();
                for (child, parent) in if keys.is_empty() { Vec::new() } else { self.naming(&edge, &keys) } {
                    if self.arena.state(child) != State::Deleting && self.is_child_of(child, &edge, parent) {
                        self.touch(child);
                        self.set_link(child, edge.columns, Some(Reference::To(parent)));
                    }
                }
            }
        }
    }

    /// The database has given rows other keys, and changed the foreign keys that cascade: those in memory follow.
    pub(crate) fn cascade_keys(&mut self, mut renamed: Vec<Renamed>) -> Result<()> {
        while !renamed.is_empty() {
            let before: HashMap<Node, Option<u32>> = renamed.iter().copied().collect();
            let mut next = Vec::new();
            for (table, nodes) in by_table(self, renamed.iter().map(|(node, _)| *node)) {
                for edge in self.edges_to(table).into_iter().filter(|e| e.on_update() == Some(Action::Cascade)) {
                    let old = |node: &Node| {
                        let (rows, row) = self.arena.version(*node, before[node]);
                        (rows.key(row, edge.references), *node)
                    };
                    let keys: HashMap<Key, Node> = nodes.iter().map(old).collect();
                    for (child, parent) in self.naming(&edge, &keys) {
                        if !self.names(child, &edge, parent) {
                            next.push((child, self.stored_version(child)));
                            self.follow(child, &edge, parent)?;
                        }
                    }
                }
            }
            renamed = next;
        }
        Ok(())
    }

    /// The foreign key of a child is what the database has made of it.
    fn follow(&mut self, child: Node, edge: &Edge, parent: Node) -> Result<()> {
        let key = self.stored_values(parent, edge.references);
        let changes: Vec<(u16, Value)> = edge.columns.iter().copied().zip(key).collect();
        let columns: ColumnSet = edge.columns.iter().copied().collect();
        let stored = self.stored_version(child);
        let is_kept = self.stored_key(child, edge.columns) == self.key(child, edge.columns);
        let version = self.version_with(child, stored, &changes)?;
        self.leave_changed(child, stored, columns);
        match self.graph.base.contains_key(&child) {
            true => {
                self.graph.base.insert(child, version);
                if is_kept {
                    self.rewrite(child, &changes)?;
                }
            }
            false => version.into_iter().for_each(|version| self.publish(child, version as usize)),
        }
        self.enter_changed(child, version, columns);
        Ok(())
    }
}

/// The rows of each table.
fn by_table(graph: &Locked<'_>, nodes: impl Iterator<Item = Node>) -> Vec<(&'static Table, Vec<Node>)> {
    let mut tables: Vec<(&'static Table, Vec<Node>)> = Vec::new();
    for node in nodes {
        let table = graph.arena.table(node);
        match tables.iter_mut().find(|(other, _)| *other == table) {
            Some((_, nodes)) => nodes.push(node),
            None => tables.push((table, vec![node])),
        }
    }
    tables
}
