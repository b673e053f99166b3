//! Maps and sets with a fast hash, for keys that no stranger chooses.
//!
//! The hash is seeded anew for each map, but does not withstand somebody who measures it: what is hashed here are numbers of
//! rows, addresses of tables, and keys that a session holds anyway.
use foldhash::fast::RandomState;

/// A map from keys to values; `default()` makes an empty one.
pub(crate) type HashMap<K, V> = hashbrown::HashMap<K, V, RandomState>;

/// A set of values; `default()` makes an empty one.
pub(crate) type HashSet<T> = hashbrown::HashSet<T, RandomState>;
