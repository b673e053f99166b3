//! Values that a plan does not copy: they stay in memory, in versions of rows that never change, until they are sent.
use super::plan::{Insert, Plan, Source, Step, Update, Written};
use crate::{
    memory::Arena,
    model::Rows,
    schema::Table,
    value::{Key, Sets, Value},
};

impl Insert {
    /// The values of its rows, one row after another, if they are in memory.
    pub(super) fn values_in_memory(&self, arena: &Arena) -> Vec<Value> {
        let mut values = Vec::with_capacity(self.rows.len() * self.columns.len());
        for row in &self.rows {
            let (rows, place) = arena.version(row.node, row.version);
            values.extend(self.columns.iter().map(|column| rows.value(place, *column)));
        }
        values
    }

    /// The same for a statement that is run for each row.
    pub(super) fn pack_in_memory(&self, arena: &Arena, sets: &mut Sets) {
        for row in &self.rows {
            let (rows, place) = arena.version(row.node, row.version);
            rows.pack(place, &self.columns, sets);
        }
    }
}

impl Written {
    /// The row as the database has it, if that is in memory.
    pub(super) fn stored<'m>(&self, arena: &'m Arena) -> (&'m dyn Rows, usize) {
        arena.version(self.node, self.stored)
    }

    /// The row as it was planned, if that is in memory.
    pub(super) fn planned<'m>(&self, arena: &'m Arena) -> (&'m dyn Rows, usize) {
        arena.version(self.node, self.version)
    }

    /// Whether it is written only if its version is as it was read.
    pub(super) fn is_locked(&self, table: &Table) -> bool {
        self.lock.is_some() || (self.in_memory && table.version_column().is_some())
    }

    /// The primary key in the database, as far as it is known.
    pub(super) fn known_key(&self, arena: &Arena, table: &Table) -> Key {
        if self.in_memory {
            let (rows, row) = self.stored(arena);
            return rows.key(row, table.primary_key);
        }
        let part = |source: &Source| match source {
            Source::Value(value) => Key::from(value),
            Source::Inserted { .. } => Key::Null,
        };
        Key::of(self.key.iter().map(part))
    }
}

impl Plan {
    /// Copies the values out of memory, to be looked at and moved around.
    pub(crate) fn spell_out(&mut self, arena: &Arena) {
        for step in &mut self.steps {
            match step {
                Step::Insert(insert) if insert.in_memory => {
                    insert.values = Source::values(insert.values_in_memory(arena));
                    insert.in_memory = false;
                }
                Step::Update(update) => update.spell_out(arena),
                Step::Insert(_) | Step::Delete(_) | Step::Link(_) => {}
            }
        }
    }
}

impl Update {
    fn spell_out(&mut self, arena: &Arena) {
        for row in self.rows.iter_mut().filter(|row| row.in_memory) {
            let ((stored, old), (planned, new)) = (row.stored(arena), row.planned(arena));
            let key = self.table.primary_key.iter().map(|column| Source::Value(stored.value(old, *column)));
            let values = self.columns.iter().map(|column| Source::Value(planned.value(new, *column)));
            (row.key, row.values) = (key.collect(), values.collect());
            row.lock = self.table.version_column().map(|column| stored.value(old, column));
            row.in_memory = false;
        }
    }
}
