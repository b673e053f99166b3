//! What memory should be, kept in maps and plain rows.
use super::super::State;
use crate::model::Node;
use std::collections::HashMap;

#[derive(Debug, Clone)]
pub(super) struct Entity {
    pub(super) node: Node,
    pub(super) state: State,
    pub(super) now: [i64; 3],
    /// What the database has, where that differs.
    pub(super) base: Option<[i64; 3]>,
    /// What it was when it came into memory, and whether it was read then.
    pub(super) first: ([i64; 3], bool),
    /// The epoch that it was read in; none where a rollback left that open.
    pub(super) seen: Option<u32>,
    /// For each time that another row than the one before was read: when that one had been seen.
    pub(super) replaced: Vec<Option<u32>>,
    /// Whether it was first read after the transaction's first write.
    pub(super) tentative: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Twin {
    pub(super) entities: Vec<Entity>,
    pub(super) by_key: HashMap<i64, usize>,
    pub(super) epoch: u32,
    pub(super) written: bool,
}

impl Twin {
    pub(super) fn load(&mut self, key: i64, row: [i64; 3], force: bool, node: Node) -> Option<usize> {
        let Some(id) = self.by_key.get(&key).copied() else {
            let (seen, tentative) = (Some(self.epoch), self.written);
            let first = (row, true);
            let (state, replaced) = (State::Persistent, Vec::new());
            self.entities.push(Entity { node, state, now: row, base: None, first, seen, replaced, tentative });
            self.by_key.insert(key, self.entities.len() - 1);
            return None;
        };
        let epoch = self.epoch;
        let entity = &mut self.entities[id];
        let newer = entity.seen.is_none_or(|seen| seen < epoch) || force;
        if newer && entity.state != State::Deleting {
            let seen = entity.seen.replace(epoch);
            // Of a row that nobody knew to exist a write may have made it.
            if entity.stored() != row || (seen.is_none() && self.written) {
                entity.replaced.push(seen);
            }
            entity.take(row, force);
        }
        Some(id)
    }

    pub(super) fn undo(&mut self, before: &Self) {
        let since = self.entities.split_off(before.entities.len());
        let seen: Vec<Option<u32>> =
            self.entities.iter().zip(&before.entities).map(|(now, before)| now.seen_after(before)).collect();
        let (epoch, written) = (self.epoch, self.written);
        *self = Self { epoch, written, ..before.clone() };
        for (entity, seen) in self.entities.iter_mut().zip(seen) {
            entity.seen = seen;
        }
        for mut entity in since {
            (entity.now, entity.base) = (entity.first.0, None);
            entity.state = if entity.first.1 { State::Persistent } else { State::Transient };
            if entity.first.1 {
                entity.seen = entity.seen.filter(|_| !entity.tentative);
                self.by_key.entry(entity.now[0]).or_insert(self.entities.len());
            }
            self.entities.push(entity);
        }
    }

    pub(super) fn write(&mut self) {
        self.written |= self.entities.iter().any(Entity::is_unwritten);
        for entity in self.entities.iter().filter(|entity| entity.is_unwritten()) {
            self.by_key.remove(&entity.stored()[0]);
        }
        for (id, entity) in self.entities.iter_mut().enumerate().filter(|(_, entity)| entity.is_unwritten()) {
            match entity.state {
                State::Deleting => entity.state = State::Deleted,
                State::Pending => (entity.state, entity.seen) = (State::Persistent, Some(self.epoch)),
                State::Persistent | State::Deleted | State::Transient => {}
            }
            entity.base = None;
            if entity.state == State::Persistent {
                self.by_key.insert(entity.now[0], id);
            }
        }
    }

    /// The keys that a write will bring.
    pub(super) fn unwritten_keys(&self) -> impl Iterator<Item = i64> + '_ {
        let new = |entity: &&Entity| {
            entity.state == State::Pending || entity.base.is_some_and(|base| base[0] != entity.now[0])
        };
        self.entities.iter().filter(new).map(|entity| entity.now[0])
    }

    /// Whether a key is no entity's, nor will be.
    pub(super) fn is_free(&self, key: i64) -> bool {
        let has = |entity: &Entity| entity.now[0] == key || entity.base.is_some_and(|base| base[0] == key);
        !self.entities.iter().any(has)
    }
}

impl Entity {
    /// When the row was last seen that an undo brings back: it may have been read again before another one was.
    fn seen_after(&self, before: &Self) -> Option<u32> {
        self.replaced.get(before.replaced.len()).copied().unwrap_or(self.seen)
    }

    /// What the database has.
    fn stored(&self) -> [i64; 3] {
        self.base.unwrap_or(self.now)
    }

    /// A row of a newer epoch: what was changed since keeps its value, unless it is forced.
    fn take(&mut self, row: [i64; 3], force: bool) {
        let before = self.base.filter(|_| !force);
        match before {
            None => (self.now, self.base) = (row, None),
            Some(base) => {
                for column in 0..3 {
                    if self.now[column] == base[column] {
                        self.now[column] = row[column];
                    }
                }
                self.base = Some(row);
            }
        }
    }

    pub(super) fn is_unwritten(&self) -> bool {
        match self.state {
            State::Pending | State::Deleting => true,
            State::Persistent => self.base.is_some(),
            State::Deleted | State::Transient => false,
        }
    }
}
