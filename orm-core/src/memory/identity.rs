//! Which entity has which key: an index per model and key, built when it is first needed.
use super::{Arena, State, UNVERIFIED};
use crate::{fast::HashMap, model::Node, value::KeyMap};

/// The changed rows, with the version that the database has.
pub(crate) type Base = HashMap<Node, Option<u32>>;

/// What a session knows of one model.
pub(crate) struct ModelState {
    pub(crate) growing: u32,
    /// The chunks of results.
    pub(crate) chunks: Vec<u32>,
    /// The rows of the growing chunk that are entities of their own, versions left out.
    pub(crate) singles: Vec<u32>,
    pub(crate) indexes: Vec<Index>,
}

/// The entities of a model by the values of some columns.
pub(crate) struct Index {
    pub(crate) columns: &'static [u16],
    pub(crate) nodes: KeyMap<Node>,
}

impl ModelState {
    pub(crate) fn new(growing: u32) -> Self {
        Self { growing, chunks: Vec::new(), singles: Vec::new(), indexes: Vec::new() }
    }

    /// Whether no row of the model is in memory.
    pub(crate) fn is_empty(&self) -> bool {
        self.chunks.is_empty() && self.singles.is_empty()
    }

    /// All entities of the model, whatever their state.
    pub(crate) fn nodes<'a>(&'a self, arena: &'a Arena) -> impl Iterator<Item = Node> + 'a {
        let fixed = self.chunks.iter().flat_map(|chunk| {
            let rows = arena.chunk(*chunk).rows().len() as u32;
            (0..rows).map(move |row| Node { chunk: *chunk, row })
        });
        fixed.chain(self.singles.iter().map(|row| Node { chunk: self.growing, row: *row }))
    }

    /// Where the index over these columns is, if there is one.
    pub(crate) fn place_of_index(&self, columns: &[u16]) -> Option<usize> {
        // Mostly the very columns of its table.
        let is_over = |index: &Index| std::ptr::eq(index.columns, columns) || index.columns == columns;
        self.indexes.iter().position(is_over)
    }

    /// Makes the index over these columns, of what the database has, and tells its place.
    pub(crate) fn make_index(&mut self, arena: &Arena, columns: &'static [u16], base: &Base) -> usize {
        let nodes: Vec<Node> = self.nodes(arena).filter(|node| has_row(arena.state(*node))).collect();
        let mut index = Index { columns, nodes: KeyMap::default() };
        for (place, node) in nodes.iter().copied().enumerate() {
            let (rows, row) = match base.get(&node) {
                Some(version) => arena.version(node, *version),
                None => arena.current(node),
            };
            let key = rows.key(row, columns);
            if place == 0 {
                index.nodes.reserve(&key, nodes.len());
            }
            // A softly deleted row may have been read again before a rollback brought its entity back.
            if arena.epoch(node) != UNVERIFIED || !index.nodes.contains_key(&key) {
                index.nodes.insert(key, node);
            }
        }
        self.indexes.push(index);
        self.indexes.len() - 1
    }

    /// Forgets the index over these columns; it is made again when it is needed.
    pub(crate) fn forget_index(&mut self, columns: &[u16]) {
        self.indexes.retain(|index| index.columns != columns);
    }

    /// The index over these columns, if there is one.
    pub(crate) fn existing_index(&mut self, columns: &[u16]) -> Option<&mut Index> {
        self.place_of_index(columns).map(|place| &mut self.indexes[place])
    }
}

/// Whether an entity of that state stands for a row of the database.
pub(crate) fn has_row(state: State) -> bool {
    match state {
        State::Persistent | State::Deleting => true,
        State::Pending | State::Deleted | State::Transient => false,
    }
}
