//! Which tables' keys SQLite makes as the numbers of their rows, so that it tells them without `RETURNING`.
//!
//! A declaration cannot say it: of a table that somebody else made, `BIGINT PRIMARY KEY` or `WITHOUT ROWID` looks like any
//! other key. So the first INSERT asks the database along, and what it says counts once that INSERT is committed.
use crate::{
    fast::HashMap,
    schema::{Table, id},
};
use std::sync::{PoisonError, RwLock, RwLockWriteGuard};

/// What a database said of its tables.
#[derive(Debug, Default)]
pub(crate) struct RowIds(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    /// By the addresses of the tables.
    tables: HashMap<usize, bool>,
    /// How often all was forgotten.
    age: u64,
}

/// What a plan's statements learned, which holds if they are committed.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    tables: Vec<(usize, bool)>,
    /// The age of what was known before.
    age: u64,
}

impl RowIds {
    /// Whether the table's key is the number of the row, if that is known.
    pub(super) fn of(&self, table: &'static Table) -> Option<bool> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).tables.get(&id(table)).copied()
    }

    /// Something to learn with.
    pub(super) fn learning(&self) -> Learned {
        Learned { tables: Vec::new(), age: self.0.read().unwrap_or_else(PoisonError::into_inner).age }
    }

    /// What was learned is committed. What came before tables were changed is nothing any more.
    pub(crate) fn learn(&self, learned: Learned) {
        if learned.tables.is_empty() {
            return;
        }
        let mut known = self.write();
        if known.age == learned.age {
            known.tables.extend(learned.tables);
        }
    }

    /// Tables were made or changed.
    pub(crate) fn forget(&self) {
        let mut known = self.write();
        known.age += 1;
        known.tables.clear();
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Learned {
    pub(super) fn note(&mut self, table: &'static Table, is_rowid: bool) {
        self.tables.push((id(table), is_rowid));
    }

    /// Another plan of the same transaction learned this.
    pub(crate) fn add(&mut self, other: Self) {
        // Tables were changed in between: only what was learned since counts.
        if self.age != other.age {
            self.tables.clear();
        }
        self.age = other.age;
        self.tables.extend(other.tables);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::Record, sql::tests::models::User};

    #[test]
    fn what_was_learned_before_tables_changed_is_forgotten() {
        let (known, table) = (RowIds::default(), User::table());
        let mut early = known.learning();
        early.note(table, true);
        known.forget();
        known.learn(early);
        assert_eq!(known.of(table), None);
        let mut late = known.learning();
        late.note(table, false);
        known.learn(late);
        assert_eq!(known.of(table), Some(false));
        known.forget();
        assert_eq!(known.of(table), None);
    }

    #[test]
    fn of_two_plans_in_one_transaction_the_later_ones_age_counts() {
        let (known, table) = (RowIds::default(), User::table());
        let mut learned = known.learning();
        learned.note(table, true);
        known.forget();
        learned.add(known.learning());
        known.learn(learned);
        assert_eq!(known.of(table), None);
    }
}
