//! A connection with the statements that are kept prepared on it.
use crate::{Run, statement::Statement};
use foldhash::fast::RandomState;
use hashlink::{LruCache, linked_hash_map::RawEntryMut};
use rusqlite::{Connection, Result};
use std::{fmt, ops::Deref};

/// A connection of its own, and the statements that are kept prepared on it, the least recently used of which goes first.
///
/// It is the connection, but for moving it out: what is prepared must be gone before the connection is closed.
pub struct Database {
    // Before the connection, so that it is dropped before it.
    statements: LruCache<Box<str>, Statement, RandomState>,
    connection: Connection,
}

impl Database {
    /// Takes a connection, on which up to `capacity` statements (at least one) are kept prepared.
    pub fn new(connection: Connection, capacity: usize) -> Self {
        Self { statements: LruCache::with_hasher(capacity.max(1), RandomState::default()), connection }
    }

    /// The statement with that text, ready to be bound.
    ///
    /// # Errors
    /// The text is no statement, or more than one.
    pub fn run(&mut self, sql: &str) -> Result<Run<'_, '_>> {
        // The one too many that the last call may have left.
        if self.statements.len() > self.statements.capacity() {
            self.statements.remove_lru();
        }
        let statement = match self.statements.raw_entry_mut().from_key(sql) {
            RawEntryMut::Occupied(mut known) => {
                known.to_back();
                known.into_mut()
            }
            RawEntryMut::Vacant(place) => {
                let statement = Statement::prepare(&self.connection, sql)?;
                place.insert(sql.into(), statement).1
            }
        };
        Ok(Run::new(statement))
    }

    #[cfg(test)]
    pub(crate) fn prepared(&self) -> usize {
        self.statements.len()
    }
}

impl Deref for Database {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Database").field("connection", &self.connection).finish_non_exhaustive()
    }
}
