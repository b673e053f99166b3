//! What was left open in each added row.
use crate::{
    fast::HashMap,
    model::{Node, Open},
};
use std::collections::VecDeque;

/// By rows. Added rows of a model mostly follow each other in its growing chunk, so that a place for each costs less than a
/// map; and in most of them the same was left open, so that a place has only the number of that.
#[derive(Debug, Clone, Default)]
pub(crate) struct Opens {
    chunks: Vec<OfChunk>,
    /// What is left open in some row, by its number.
    kinds: Vec<Open>,
    numbers: HashMap<Open, u32>,
}

#[derive(Debug, Clone)]
struct OfChunk {
    chunk: u32,
    /// The row of the first place.
    first: u32,
    /// The numbers of what is left open, plus one; 0 for a place that is not taken.
    places: VecDeque<u32>,
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
            self.places.push_front(0);
            self.first -= 1;
        }
        let place = (row - self.first) as usize;
        while self.places.len() <= place {
            self.places.push_back(0);
        }
        place
    }
}

impl Opens {
    /// The number of the row's place, if it may be taken.
    fn place(&self, node: &Node) -> Option<(usize, usize)> {
        let chunk = self.chunks.iter().position(|of| of.chunk == node.chunk)?;
        let of = &self.chunks[chunk];
        of.place(node.row).filter(|place| *place < of.places.len()).map(|place| (chunk, place))
    }

    fn kind(&self, number: u32) -> Option<Open> {
        number.checked_sub(1).map(|kind| self.kinds[kind as usize])
    }

    /// The number of what is left open, plus one.
    fn number(&mut self, open: Open) -> u32 {
        if self.kinds.last() == Some(&open) {
            return self.kinds.len() as u32;
        }
        *self.numbers.entry(open).or_insert_with(|| {
            self.kinds.push(open);
            self.kinds.len() as u32
        })
    }

    pub(crate) fn get(&self, node: &Node) -> Option<Open> {
        let (chunk, place) = self.place(node)?;
        self.kind(self.chunks[chunk].places[place])
    }

    /// Changes what is left open in a row, if it is one of these.
    pub(crate) fn change(&mut self, node: &Node, change: impl FnOnce(&mut Open)) {
        if let Some(mut open) = self.get(node) {
            change(&mut open);
            self.insert(*node, open);
        }
    }

    pub(crate) fn insert(&mut self, node: Node, open: Open) {
        let number = self.number(open);
        let chunk = self.chunks.iter().position(|of| of.chunk == node.chunk).unwrap_or_else(|| {
            let places = VecDeque::new();
            self.chunks.push(OfChunk { chunk: node.chunk, first: node.row, places, taken: 0 });
            self.chunks.len() - 1
        });
        let of = &mut self.chunks[chunk];
        let place = of.place_of_new(node.row);
        of.taken += usize::from(std::mem::replace(&mut of.places[place], number) == 0);
    }

    pub(crate) fn remove(&mut self, node: &Node) -> Option<Open> {
        let (chunk, place) = self.place(node)?;
        let number = std::mem::take(&mut self.chunks[chunk].places[place]);
        let open = self.kind(number)?;
        let of = &mut self.chunks[chunk];
        of.taken -= 1;
        if of.taken == 0 {
            of.places = VecDeque::new();
            self.forget_kinds();
        }
        Some(open)
    }

    /// Forgets what no row has, if that is easily told.
    fn forget_kinds(&mut self) {
        if self.chunks.iter().all(|of| of.taken == 0) {
            self.kinds.clear();
            self.numbers.clear();
        }
    }

    /// All of them, which are taken out.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = (Node, Open)> + use<> {
        let Self { chunks, kinds, .. } = std::mem::take(self);
        let places = chunks.into_iter().flat_map(|OfChunk { chunk, first, places, .. }| {
            (first..).zip(places).map(move |(row, number)| (Node { chunk, row }, number))
        });
        places.filter_map(move |(node, number)| Some((node, kinds[number.checked_sub(1)? as usize])))
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
                opens.change(&node, |open| open.unset.insert(column));
                prop_assert_eq!(opens.get(&node).map(|open| open.given), twin.get(&node).copied());
                prop_assert!(opens.get(&node).is_none_or(|open| open.unset.has(column)));
            }
            let left: HashMap<Node, ColumnSet> = opens.drain().map(|(node, open)| (node, open.given)).collect();
            prop_assert_eq!(left, twin);
        }
    }
}
