//! What was left open in each added row.
use crate::model::{Node, Open};
use std::collections::VecDeque;

/// By rows. Added rows of a model mostly follow each other in its growing chunk, so that a place for each costs less than a
/// map.
#[derive(Debug, Clone, Default)]
pub(crate) struct Opens {
    chunks: Vec<OfChunk>,
}

#[derive(Debug, Clone)]
struct OfChunk {
    chunk: u32,
    /// The row of the first place.
    first: u32,
    places: VecDeque<Option<Open>>,
    /// How many places are taken.
    taken: usize,
}

impl OfChunk {
    fn place(&self, row: u32) -> Option<usize> {
        row.checked_sub(self.first).map(|place| place as usize)
    }

    fn place_of_new(&mut self, row: u32) -> usize {
        if self.taken == 0 {
            self.places.clear();
            self.first = row;
        }
        while row < self.first {
            self.places.push_front(None);
            self.first -= 1;
        }
        let place = (row - self.first) as usize;
        while self.places.len() <= place {
            self.places.push_back(None);
        }
        place
    }
}

impl Opens {
    fn of_chunk(&self, chunk: u32) -> Option<&OfChunk> {
        self.chunks.iter().find(|of| of.chunk == chunk)
    }

    fn of_chunk_mut(&mut self, chunk: u32) -> Option<&mut OfChunk> {
        self.chunks.iter_mut().find(|of| of.chunk == chunk)
    }

    pub(crate) fn get(&self, node: &Node) -> Option<&Open> {
        let of = self.of_chunk(node.chunk)?;
        of.places.get(of.place(node.row)?)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, node: &Node) -> Option<&mut Open> {
        let of = self.of_chunk_mut(node.chunk)?;
        let place = of.place(node.row)?;
        of.places.get_mut(place)?.as_mut()
    }

    pub(crate) fn insert(&mut self, node: Node, open: Open) {
        let chunk = self.chunks.iter().position(|of| of.chunk == node.chunk).unwrap_or_else(|| {
            let places = VecDeque::new();
            self.chunks.push(OfChunk { chunk: node.chunk, first: node.row, places, taken: 0 });
            self.chunks.len() - 1
        });
        let of = &mut self.chunks[chunk];
        let place = of.place_of_new(node.row);
        of.taken += usize::from(of.places[place].replace(open).is_none());
    }

    pub(crate) fn remove(&mut self, node: &Node) -> Option<Open> {
        let of = self.of_chunk_mut(node.chunk)?;
        let place = of.place(node.row)?;
        let open = of.places.get_mut(place)?.take()?;
        of.taken -= 1;
        if of.taken == 0 {
            of.places = VecDeque::new();
        }
        Some(open)
    }

    /// All of them, which are taken out.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = (Node, Open)> + use<> {
        std::mem::take(&mut self.chunks).into_iter().flat_map(|OfChunk { chunk, first, places, .. }| {
            let with_node = move |(row, open): (u32, Option<Open>)| Some((Node { chunk, row }, open?));
            (first..).zip(places).filter_map(with_node)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fast::HashMap, model::ColumnSet};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_holds_what_a_map_holds(program in prop::collection::vec((0..2_u32, 0..20_u32, 0..3_u16), 0..80)) {
            let (mut opens, mut twin) = (Opens::default(), HashMap::default());
            for (chunk, row, column) in program {
                let node = Node { chunk, row };
                if column == 0 {
                    prop_assert_eq!(opens.remove(&node).map(|open| open.given), twin.remove(&node));
                } else {
                    let given = ColumnSet::EMPTY.with(column);
                    opens.insert(node, Open { given, ..Open::default() });
                    twin.insert(node, given);
                }
                prop_assert_eq!(opens.get(&node).map(|open| open.given), twin.get(&node).copied());
                prop_assert_eq!(opens.get_mut(&node).map(|open| open.given), twin.get(&node).copied());
            }
            let left: HashMap<Node, ColumnSet> = opens.drain().map(|(node, open)| (node, open.given)).collect();
            prop_assert_eq!(left, twin);
        }
    }
}
