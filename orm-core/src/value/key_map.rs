//! Maps by keys. Most keys are single integers: these are hashed, compared and kept as such.
use super::Key;
use crate::fast::HashMap;

/// What belongs to each key.
#[derive(Debug, Clone)]
pub(crate) struct KeyMap<V> {
    integers: HashMap<i64, V>,
    others: HashMap<Key, V>,
}

impl<V> Default for KeyMap<V> {
    fn default() -> Self {
        Self { integers: HashMap::default(), others: HashMap::default() }
    }
}

impl<V> KeyMap<V> {
    /// Makes room for so many keys like this one.
    pub(crate) fn reserve(&mut self, like: &Key, keys: usize) {
        match like {
            Key::Int(_) => self.integers.reserve(keys),
            _ => self.others.reserve(keys),
        }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&V> {
        match key {
            Key::Int(number) => self.integers.get(number),
            other => self.others.get(other),
        }
    }

    pub(crate) fn contains_key(&self, key: &Key) -> bool {
        self.get(key).is_some()
    }

    /// Enters a value and tells the one that was there.
    pub(crate) fn insert(&mut self, key: Key, value: V) -> Option<V> {
        match key {
            Key::Int(number) => self.integers.insert(number, value),
            other => self.others.insert(other, value),
        }
    }

    /// The value that is there, else this one, which is entered.
    pub(crate) fn get_or_insert(&mut self, key: &Key, value: V) -> &mut V {
        match key {
            Key::Int(number) => self.integers.entry(*number).or_insert(value),
            other => self.others.entry_ref(other).or_insert(value),
        }
    }

    pub(crate) fn remove(&mut self, key: &Key) -> Option<V> {
        match key {
            Key::Int(number) => self.integers.remove(number),
            other => self.others.remove(other),
        }
    }
}

impl From<&Key> for Key {
    fn from(key: &Key) -> Self {
        key.clone()
    }
}
