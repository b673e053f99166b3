//! Where the values of a row come from: the row itself, the database, or the rows that it references.
use super::{
    plan::{Source, Step},
    planner::Planner,
};
use crate::{
    memory::{Reference, Target},
    model::{ColumnSet, Node, Rows},
    schema::{Column, Default},
    value::{is_null, is_unset},
};

impl Planner<'_, '_> {
    /// The columns that an INSERT leaves to the database.
    pub(super) fn omitted(&self, node: Node) -> ColumnSet {
        self.omitted_of(node, self.graph.arena.current(node))
    }

    /// The same of an entity whose row was looked up.
    pub(super) fn omitted_of(&self, node: Node, (rows, row): (&dyn Rows, usize)) -> ColumnSet {
        let table = self.graph.arena.table(node);
        let open = self.graph.graph.open.get(&node).unwrap_or_default();
        let omitted = |(position, column): &(usize, &Column)| {
            let position = *position as u16;
            let is_open = column.generated && !open.given.has(position);
            (is_open && is_unset(&rows.value(row, position), column.sql_type))
                || (open.unset.has(position) && matches!(column.default, Default::Sql(_)))
                || (column.deferred && !rows.is_loaded(row, position))
        };
        table.columns.iter().enumerate().filter(omitted).map(|(position, _)| position as u16).collect()
    }

    /// Where the values of a row's columns come from.
    pub(super) fn sources(&mut self, node: Node, columns: &[u16]) -> Vec<Source> {
        let mut sources = self.own_sources(node, columns);
        self.follow_links(node, columns, &mut sources);
        sources
    }

    /// Appends the values that an INSERT gives, whose columns are those that it does not leave to the database.
    pub(super) fn given_sources(
        &mut self,
        (node, (rows, row)): (Node, (&dyn Rows, usize)),
        columns: &[u16],
        sources: &mut Vec<Source>,
    ) {
        let start = sources.len();
        sources.extend(columns.iter().map(|column| Source::Value(rows.value(row, *column))));
        self.follow_links(node, columns, &mut sources[start..]);
    }

    /// Where a parent whose key the row does not have yet gives its key, it is named.
    fn follow_links(&mut self, node: Node, columns: &[u16], sources: &mut [Source]) {
        if self.graph.graph.links.is_empty() {
            return;
        }
        for edge in self.graph.edges(self.graph.arena.table(node)) {
            if !edge.columns.iter().any(|column| columns.contains(column)) {
                continue;
            }
            let Target::Node(parent) = self.graph.target(node, &edge) else { continue };
            if !self.graph.graph.links.contains_key(&(node, edge.columns)) {
                continue;
            }
            let keys = self.key_sources(parent, edge.references);
            for (column, key) in edge.columns.iter().zip(keys) {
                if let Some(position) = columns.iter().position(|other| other == column) {
                    sources[position] = key;
                }
            }
        }
    }

    /// The values as they are, or the row itself where the database will make them.
    pub(super) fn own_sources(&self, node: Node, columns: &[u16]) -> Vec<Source> {
        let omitted = if self.is_inserted(node) { self.omitted(node) } else { ColumnSet::EMPTY };
        let (rows, row) = self.graph.arena.current(node);
        let source = |column: &u16| match omitted.has(*column) {
            true => Source::Inserted { node, column: *column },
            false => Source::Value(rows.value(row, *column)),
        };
        columns.iter().map(source).collect()
    }

    /// The values by which other rows name a row. Of one that may be there already only the values by which it is found are
    /// known; what a row has from its own parent is named there.
    pub(super) fn key_sources(&self, node: Node, columns: &[u16]) -> Vec<Source> {
        if self.graph.arena.table(node).generated_key().is_some_and(|key| columns == [key]) {
            return self.sources_by_name(node, columns);
        }
        let named = |column: &u16| {
            let (node, column) = self.origin(node, *column);
            self.sources_by_name(node, &[column]).remove(0)
        };
        columns.iter().map(named).collect()
    }

    fn sources_by_name(&self, node: Node, columns: &[u16]) -> Vec<Source> {
        let sources = self.own_sources(node, columns);
        let Some(by) = self.graph.connects_by(node) else { return sources };
        let known = |(source, column): (Source, &u16)| match by.contains(column) {
            true => source,
            false => Source::Inserted { node, column: *column },
        };
        sources.into_iter().zip(columns).map(known).collect()
    }

    /// The row whose value a column takes over, along all the keys that hand it down.
    fn origin(&self, node: Node, column: u16) -> (Node, u16) {
        let mut path = vec![(node, column)];
        // Keys that only have each other's values end somewhere in their circle; the database refuses what they name.
        while let Some(next) = path.last().and_then(|(node, column)| self.handed_by(*node, *column))
            && !path.contains(&next)
        {
            path.push(next);
        }
        path.pop().unwrap_or((node, column))
    }

    /// The column of the parent that a column follows, where the parent's key is not known yet.
    fn handed_by(&self, node: Node, column: u16) -> Option<(Node, u16)> {
        self.graph.edges(self.graph.arena.table(node)).iter().rev().find_map(|edge| {
            let Some(Reference::To(parent)) = self.graph.graph.links.get(&(node, edge.columns)) else { return None };
            let place = edge.columns.iter().position(|other| *other == column)?;
            Some((*parent, edge.references[place]))
        })
    }

    /// Notes which values of a step are those of parents.
    pub(super) fn note_parents(&self, step: &mut Step) {
        let (table, columns) = match step {
            Step::Insert(insert) => (insert.table, &insert.columns),
            Step::Update(update) => (update.table, &update.columns),
            Step::Delete(_) | Step::Link(_) => return,
        };
        let edges = self.graph.edges(table);
        let keys: ColumnSet = edges.iter().flat_map(|edge| edge.columns).copied().collect();
        let places: Vec<usize> = (0..columns.len()).filter(|place| keys.has(columns[*place])).collect();
        if places.is_empty() {
            return;
        }
        let columns: Vec<u16> = places.iter().map(|place| columns[*place]).collect();
        let given =
            |row: &[Source]| places.iter().any(|place| matches!(&row[*place], Source::Value(value) if !is_null(value)));
        let arena = self.graph.arena;
        let has_parent = |node: Node, version: Option<u32>| {
            let (rows, row) = arena.version(node, version);
            columns.iter().any(|column| !is_null(&rows.value(row, *column)))
        };
        let follows = if self.graph.graph.links.is_empty() { ColumnSet::EMPTY } else { keys };
        match step {
            Step::Insert(insert) => {
                insert.followed = follows;
                insert.names_parents = match insert.in_memory {
                    true => insert.rows.iter().any(|row| has_parent(row.node, row.version)),
                    false => (0..insert.rows.len()).any(|row| given(insert.values_of(row))),
                };
            }
            Step::Update(update) => {
                update.followed = follows;
                update.names_parents = update.rows.iter().any(|row| match row.in_memory {
                    true => has_parent(row.node, row.version),
                    false => given(&row.values),
                });
            }
            Step::Delete(_) | Step::Link(_) => {}
        }
    }
}
