//! How many targets owners have: one grouped statement for many of them.
use super::{collect::read_key, run::feed};
use crate::{
    driver::{Connection, Dialect, Sink},
    error::Result,
    fast::HashMap,
    query::{Criteria, Include},
    schema::Relationship,
    sql::{self, NearKeys, Select},
    value::{Key, Row, SqlType, Value},
};

/// The numbers of targets by the keys of their owners. Owners without any are not in it.
pub(super) type Numbers = HashMap<Key, u64>;

/// Counts the targets of the owners with these keys, each of which is there once, and holds no null.
pub(super) async fn count_near(
    (relationship, criteria): (&'static Relationship, Criteria),
    keys: Vec<Vec<Value>>,
    connection: &mut dyn Connection,
    dialect: Dialect,
) -> Result<Numbers> {
    let key = relationship.owner().sql_types(relationship.near_key()).enumerate().collect();
    let mut sink = Box::new(Counted { key, numbers: Numbers::default() });
    let width = keys.first().map_or(1, Vec::len);
    for chunk in sql::key_chunks(dialect, width, keys).collect::<Vec<_>>() {
        let mut select = Select::near(relationship, Vec::new(), criteria.clone());
        if let Some(near) = &mut select.near {
            near.keys = NearKeys::Values(chunk);
        }
        sink = feed(sink, &sql::count_near(dialect, &select)?, connection).await?;
    }
    Ok(sink.numbers)
}

/// Reads the key's columns, then the number.
struct Counted {
    key: Vec<(usize, SqlType)>,
    numbers: Numbers,
}

impl Sink for Counted {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        let key = read_key(row, &self.key)?;
        self.numbers.insert(key, row.i64(self.key.len())?.unsigned_abs());
        Ok(())
    }
}

impl Include {
    /// Whether the number of targets is to be asked for: not where all of them are loaded.
    pub(super) fn counts(&self) -> bool {
        self.count && self.relationship.is_to_many() && (self.is_partial() || !self.strategy().is_eager())
    }
}
