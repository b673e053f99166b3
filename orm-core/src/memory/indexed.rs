//! Entities in the indexes of their model: under which values they stand there.
use super::{
    Graph, Locked,
    identity::Index,
    journal::{Indexed, Journal, Undo},
};
use crate::{
    model::{ColumnSet, Node},
    schema::{Table, id},
};

impl Graph {
    /// The indexes of a model, and the journal of their changes.
    fn indexes(&mut self, table: &'static Table) -> (&mut [Index], &mut Journal) {
        let model = self.models.get_mut(&id(table));
        (model.map_or(&mut [], |model| &mut model.indexes), &mut self.journal)
    }
}

impl Locked<'_> {
    /// Puts an entity into the indexes of its model under the values of that version.
    pub(crate) fn enter(&mut self, node: Node, version: Option<u32>) {
        let arena = self.arena;
        let table = arena.table(node);
        let (indexes, journal) = self.graph.indexes(table);
        if indexes.is_empty() {
            return;
        }
        let (rows, row) = arena.version(node, version);
        for index in indexes {
            let key = rows.key(row, index.columns);
            let before = index.nodes.insert(key.clone(), node);
            journal.push(Undo::Index(Box::new(Indexed { table, columns: index.columns, key, node: before })));
        }
    }

    /// Takes an entity out of the indexes of its model, where it stands under those values.
    pub(crate) fn leave(&mut self, node: Node, version: Option<u32>) {
        let arena = self.arena;
        let table = arena.table(node);
        let (rows, row) = arena.version(node, version);
        let (indexes, journal) = self.graph.indexes(table);
        for index in indexes {
            let key = rows.key(row, index.columns);
            if index.nodes.get(&key) == Some(&node) {
                index.nodes.remove(&key);
                journal.push(Undo::Index(Box::new(Indexed { table, columns: index.columns, key, node: Some(node) })));
            }
        }
    }

    /// Takes an entity out of the indexes over these columns, where it stands under the values of that version.
    pub(crate) fn leave_changed(&mut self, node: Node, version: Option<u32>, columns: ColumnSet) {
        if self.is_indexed(node, columns) {
            self.leave(node, version);
        }
    }

    /// Puts an entity into the indexes under the values of that version, if one is over these columns.
    pub(crate) fn enter_changed(&mut self, node: Node, version: Option<u32>, columns: ColumnSet) {
        if self.is_indexed(node, columns) {
            self.enter(node, version);
        }
    }

    fn is_indexed(&mut self, node: Node, columns: ColumnSet) -> bool {
        let table = self.arena.table(node);
        self.model(table).indexes.iter().any(|index| index.columns.iter().any(|column| columns.has(*column)))
    }
}
