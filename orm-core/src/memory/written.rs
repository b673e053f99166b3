//! What a statement wrote without the unit of work: rows that are in memory follow.
use super::{
    Freshness, Locked, Nodes, State,
    identity::has_row,
    journal::{Before, Indexed, Undo},
};
use crate::{
    error::Result,
    fast::HashSet,
    model::{Batch, Node, Open, Rows},
    schema::{Action, Default, ForeignKey, Table},
    value::{Key, Value},
};

impl Locked<'_> {
    /// The entities of a model that stand for rows.
    pub(crate) fn stored_nodes(&mut self, table: &'static Table) -> Vec<Node> {
        let arena = self.arena;
        let nodes = self.model(table).nodes(arena);
        nodes.filter(|node| has_row(arena.state(*node))).collect()
    }

    /// The row as the database has it, as far as memory knows.
    pub(crate) fn stored_row(&self, node: Node) -> (&dyn Rows, usize) {
        self.arena.version(node, self.stored_version(node))
    }

    /// The database has other values in some columns of a row now. Columns that were changed in memory keep their values
    /// there.
    pub(crate) fn row_written(&mut self, node: Node, changes: &[(u16, Value)]) -> Result<()> {
        let stored = self.stored_version(node);
        let Some(written) = self.version_with(node, stored, changes)? else { return Ok(()) };
        let rows = self.arena.growing(node);
        self.take_version(node, rows, written as usize)
    }

    /// The database has no such rows any more: they are deleted here too, with what `ON DELETE` did to rows in memory.
    pub(crate) fn rows_deleted(&mut self, nodes: &[Node]) -> Result<()> {
        for node in nodes {
            self.row_deleted(*node);
        }
        let mut tables: Vec<&'static Table> = nodes.iter().map(|node| self.arena.table(*node)).collect();
        tables.dedup();
        for table in tables {
            let of_table: Vec<Node> = nodes.iter().copied().filter(|node| self.arena.table(*node) == table).collect();
            self.follow_deletes(table, &of_table)?;
        }
        let arena = self.arena;
        self.graph.deleting.retain(|node| arena.state(*node) == State::Deleting);
        self.forget_unchanged();
        Ok(())
    }

    /// The database has these rows marked as deleted.
    pub(crate) fn rows_marked_deleted(&mut self, nodes: impl Iterator<Item = Node>) {
        nodes.for_each(|node| self.row_deleted(node));
        let arena = self.arena;
        self.graph.deleting.retain(|node| arena.state(*node) == State::Deleting);
        self.forget_unchanged();
    }

    fn row_deleted(&mut self, node: Node) {
        let version = self.arena.slot(node).current();
        // It stands in the indexes under what the database had.
        let stored = self.graph.base.remove(&node).unwrap_or(version);
        self.leave(node, stored);
        self.set_state(node, State::Deleted);
    }

    /// What the database did by itself to rows that referenced deleted ones.
    fn follow_deletes(&mut self, table: &'static Table, deleted: &[Node]) -> Result<()> {
        let acts =
            |key: &ForeignKey| key.target == table && !matches!(key.on_delete, Action::NoAction | Action::Restrict);
        for child in self.tables_in_memory() {
            for key in child.foreign_keys().filter(acts) {
                let children = self.children(child, &key, deleted);
                match key.on_delete {
                    Action::Cascade if !children.is_empty() => self.rows_deleted(&children)?,
                    Action::SetNull => self.set_keys(&children, &key, |column| Some(column.sql_type.null()))?,
                    Action::SetDefault => self.set_keys(&children, &key, |column| match column.default {
                        Default::Value(value) => Some(value()),
                        Default::None => Some(column.sql_type.null()),
                        Default::Sql(_) => None,
                    })?,
                    // The database would have refused.
                    Action::Cascade | Action::NoAction | Action::Restrict => {}
                }
            }
        }
        Ok(())
    }

    /// Rows in memory that the database deleted along with these.
    pub(crate) fn deleted_along(&mut self, table: &'static Table, deleted: &[Node]) -> Result<()> {
        for child in self.tables_in_memory() {
            for key in child.foreign_keys().filter(|key| key.target == table && key.on_delete == Action::Cascade) {
                let children = self.children(child, &key, deleted);
                self.rows_deleted(&children)?;
            }
        }
        Ok(())
    }

    fn tables_in_memory(&self) -> Vec<&'static Table> {
        self.graph.models.values().map(|model| self.arena.chunk(model.growing).table).collect()
    }

    fn children(&mut self, child: &'static Table, key: &ForeignKey, deleted: &[Node]) -> Vec<Node> {
        let gone = deleted.iter().map(|node| self.key(*node, key.target_columns));
        let gone: HashSet<Key> = gone.collect();
        let nodes = self.stored_nodes(child);
        let references = |node: &Node| {
            let (rows, row) = self.stored_row(*node);
            gone.contains(&rows.key(row, key.columns))
        };
        nodes.into_iter().filter(references).collect()
    }

    fn set_keys(
        &mut self,
        children: &[Node],
        key: &ForeignKey,
        value: impl Fn(&crate::schema::Column) -> Option<Value>,
    ) -> Result<()> {
        for child in children {
            let table = self.arena.table(*child);
            let change = |column: &u16| value(&table.columns[usize::from(*column)]).map(|value| (*column, value));
            let changes: Vec<(u16, Value)> = key.columns.iter().filter_map(change).collect();
            self.row_written(*child, &changes)?;
        }
        Ok(())
    }

    /// Takes rows into memory that a statement of this transaction inserted. A rollback makes them transient, with the
    /// generated key unset.
    pub(crate) fn rows_inserted(&mut self, table: &'static Table, batch: Box<dyn Batch>) -> Result<Nodes> {
        let nodes = self.intern(table, batch, true, Freshness::Written)?;
        for node in nodes.iter() {
            self.note_inserted(table, node)?;
        }
        Ok(nodes)
    }

    /// Takes rows into memory that a statement of this transaction inserted or updated.
    pub(crate) fn rows_upserted(&mut self, table: &'static Table, batch: Box<dyn Batch>) -> Result<Nodes> {
        let nodes = self.intern(table, batch, false, Freshness::Written)?;
        nodes.iter().for_each(|node| self.show_in_lists(node));
        Ok(nodes)
    }

    fn note_inserted(&mut self, table: &'static Table, node: Node) -> Result<()> {
        let unset: Vec<(u16, Value)> = table.generated_key().and_then(|key| unset(table, key)).into_iter().collect();
        let version = self.version_with(node, None, &unset)?;
        let open = Open { unset: unset.iter().map(|(column, _)| *column).collect(), ..Open::default() };
        self.graph.retired.insert(node, open);
        self.graph.record_row(node, Before::Version(version));
        self.graph.record_row(node, Before::State(State::Transient));
        let arena = self.arena;
        let (rows, row) = arena.current(node);
        let index = |columns: &'static [u16]| {
            Undo::Index(Box::new(Indexed { table, columns, key: rows.key(row, columns), node: None }))
        };
        let undo: Vec<Undo> = self.model(table).indexes.iter().map(|of| index(of.columns)).collect();
        undo.into_iter().for_each(|undo| self.graph.record(undo));
        self.show_in_lists(node);
        Ok(())
    }
}

/// The 0 that a generated key is before its row is written.
fn unset(table: &'static Table, key: u16) -> Option<(u16, Value)> {
    Some((key, table.columns[usize::from(key)].sql_type.placeholder()))
}
