//! Unique values that some rows give up and others take: what frees a value comes before what takes it.
use super::planner::Planner;
use crate::{model::Node, value::Key};
use std::collections::HashSet;

/// A unique value: the table, the columns, the values.
type Taken = (usize, &'static [u16], Key);

/// The unique values that a flush frees.
#[derive(Debug, Default)]
pub(super) struct Freed {
    deleted: HashSet<Taken>,
    updated: HashSet<Taken>,
}

impl Freed {
    pub(super) fn of(planner: &Planner<'_, '_>) -> Self {
        let stored = |node: &Node| planner.unique_values(*node, true);
        let mut freed = Self::default();
        freed.deleted.extend(planner.changes.deletes.iter().flat_map(stored));
        for (node, _) in &planner.changes.updates {
            let now: HashSet<Taken> = planner.unique_values(*node, false).collect();
            freed.updated.extend(planner.unique_values(*node, true).filter(|value| !now.contains(value)));
        }
        freed
    }

    /// Whether a row takes a value that another one gives up.
    pub(super) fn is_taken_by(&self, planner: &Planner<'_, '_>, node: Node) -> bool {
        let freed = |value: &Taken| self.deleted.contains(value) || self.updated.contains(value);
        !(self.deleted.is_empty() && self.updated.is_empty()) && planner.unique_values(node, false).any(|v| freed(&v))
    }

    /// Whether an inserted or updated row takes a value of a deleted one.
    pub(super) fn needs_deletes(&self, planner: &Planner<'_, '_>) -> bool {
        let updated = planner.changes.updates.iter().map(|(node, _)| node);
        let mut written = planner.changes.inserts.iter().chain(updated);
        !self.deleted.is_empty()
            && written.any(|node| planner.unique_values(*node, false).any(|value| self.deleted.contains(&value)))
    }
}

impl Planner<'_, '_> {
    /// The unique values of a row, as the database has them or as they will be; nulls are not unique.
    fn unique_values(&self, node: Node, stored: bool) -> impl Iterator<Item = Taken> + '_ {
        let table = self.graph.arena.table(node);
        let id = std::ptr::from_ref(table).addr();
        let key = move |columns: &'static [u16]| match stored {
            true => Key::of(self.stored(node, columns).iter().map(Key::from)),
            false => self.planned_key(node, columns),
        };
        table.unique_keys().map(move |columns| (id, columns, key(columns))).filter(|(_, _, key)| !key.has_null())
    }

    /// The values that a row will have, where they are known; null for what the database makes.
    fn planned_key(&self, node: Node, columns: &[u16]) -> Key {
        let mut values = self.graph.values(node, columns);
        for edge in self.graph.edges(self.graph.arena.table(node)) {
            let Some(crate::memory::Reference::To(parent)) = self.graph.graph.links.get(&(node, edge.columns)) else {
                continue;
            };
            for (source, column) in self.key_sources(*parent, edge.references).into_iter().zip(edge.columns) {
                if let Some(place) = columns.iter().position(|other| other == column) {
                    values[place] = match source {
                        super::plan::Source::Value(value) => value,
                        super::plan::Source::Inserted { .. } => {
                            edge.child.columns[usize::from(*column)].sql_type.null()
                        }
                    };
                }
            }
        }
        Key::of(values.iter().map(Key::from))
    }
}
