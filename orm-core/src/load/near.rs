//! Which rows belong to which owner: lists one behind the other instead of a list for each.
use crate::value::{Key, KeyMap};

/// The rows of a near load by the keys of their owners, as they came: runs of rows with the same key.
#[derive(Default)]
pub(super) struct Near {
    /// The key of each run, and where it ends in `rows`.
    runs: Vec<(Key, u32)>,
    rows: Vec<u32>,
}

impl Near {
    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Makes room for the rows of so many owners, if there are none yet.
    pub(super) fn expect(&mut self, owners: usize, rows: usize) {
        if self.rows.is_empty() {
            // Without that room it grows as ever.
            let _ = self.runs.try_reserve_exact(owners).and_then(|()| self.rows.try_reserve_exact(rows));
        }
    }

    pub(super) fn push(&mut self, key: Key, row: u32) {
        self.rows.push(row);
        let end = self.rows.len() as u32;
        match self.runs.last_mut() {
            Some((last, last_end)) if *last == key => *last_end = end,
            _ => self.runs.push((key, end)),
        }
    }

    /// The rows of each key, or what stands for a row; rows for which nothing does are left out.
    pub(super) fn grouped<T: Copy>(&self, item: impl Fn(u32) -> Option<T>) -> Grouped<T> {
        let mut numbers = KeyMap::default();
        if let Some((key, _)) = self.runs.first() {
            numbers.reserve(key, self.runs.len());
        }
        let mut next = 0;
        let numbered: Vec<u32> = self.runs.iter().map(|(key, _)| number(&mut numbers, key, &mut next)).collect();
        let lists =
            if next as usize == self.runs.len() { self.in_order(item) } else { self.sorted(&numbered, next, item) };
        Grouped { numbers, lists }
    }

    /// Each key came in one run: the runs are the lists.
    fn in_order<T: Copy>(&self, item: impl Fn(u32) -> Option<T>) -> Lists<T> {
        let mut items = Vec::with_capacity(self.rows.len());
        let mut start = 0;
        let ends = self.runs.iter().map(|(_, end)| {
            items.extend(self.rows[start..*end as usize].iter().filter_map(|row| item(*row)));
            start = *end as usize;
            items.len() as u32
        });
        Lists { ends: ends.collect(), items }
    }

    fn sorted<T: Copy>(&self, numbers: &[u32], lists: u32, item: impl Fn(u32) -> Option<T>) -> Lists<T> {
        let mut pairs = Vec::with_capacity(self.rows.len());
        let mut start = 0;
        for (number, (_, end)) in numbers.iter().zip(&self.runs) {
            let rows = &self.rows[start..*end as usize];
            pairs.extend(rows.iter().filter_map(|row| Some((*number, item(*row)?))));
            start = *end as usize;
        }
        Lists::of(lists as usize, &pairs)
    }
}

/// The number of a key; `next`, if it is a new one.
fn number(numbers: &mut KeyMap<u32>, key: &Key, next: &mut u32) -> u32 {
    let number = *numbers.get_or_insert(key, *next);
    *next += u32::from(number == *next);
    number
}

/// A list for each key.
pub(super) struct Grouped<T> {
    numbers: KeyMap<u32>,
    lists: Lists<T>,
}

impl<T> Default for Grouped<T> {
    fn default() -> Self {
        Self { numbers: KeyMap::default(), lists: Lists { ends: Vec::new(), items: Vec::new() } }
    }
}

impl<T: Copy> Grouped<T> {
    /// What belongs to a key, if anything does.
    pub(super) fn get(&self, key: &Key) -> Option<&[T]> {
        self.numbers.get(key).map(|number| self.lists.get(*number as usize))
    }
}

/// Lists, one behind the other.
pub(super) struct Lists<T> {
    /// Where each list ends.
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy> Lists<T> {
    /// So many lists, of pairs of a list's number and an item; the items of each keep their order.
    pub(super) fn of(lists: usize, pairs: &[(u32, T)]) -> Self {
        let mut ends = vec![0_u32; lists];
        pairs.iter().for_each(|(list, _)| ends[*list as usize] += 1);
        let mut start = 0;
        for end in &mut ends {
            // For now where the list begins; each item that comes in moves it towards the end.
            start += std::mem::replace(end, start);
        }
        let Some((_, first)) = pairs.first() else { return Self { ends, items: Vec::new() } };
        let mut items = vec![*first; pairs.len()];
        for (list, item) in pairs {
            let place = &mut ends[*list as usize];
            items[*place as usize] = *item;
            *place += 1;
        }
        Self { ends, items }
    }

    pub(super) fn get(&self, list: usize) -> &[T] {
        let start = list.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[start as usize..self.ends[list] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_key_come_together_in_their_order() {
        let mut near = Near::default();
        for (row, key) in [7, 7, 3, 7, 9].into_iter().enumerate() {
            near.push(Key::Int(key), row as u32);
        }
        let grouped = near.grouped(|row| (row != 4).then_some(row));
        let of = |key| grouped.get(&Key::Int(key));
        assert_eq!(of(7), Some(&[0, 1, 3][..]));
        assert_eq!((of(3), of(9), of(1)), (Some(&[2][..]), Some(&[][..]), None));
        assert_eq!(near.len(), 5);
    }

    #[test]
    fn keys_that_come_in_one_run_each_need_no_sorting() {
        let mut near = Near::default();
        for (row, key) in [7, 7, 3, 9, 9].into_iter().enumerate() {
            near.push(Key::Int(key), row as u32);
        }
        let grouped = near.grouped(|row| (row != 2).then_some(row));
        let of = |key| grouped.get(&Key::Int(key));
        assert_eq!((of(7), of(3), of(9)), (Some(&[0, 1][..]), Some(&[][..]), Some(&[3, 4][..])));
    }

    #[test]
    fn a_list_without_items_is_empty() {
        let lists = Lists::of(4, &[(3, 'a'), (1, 'b'), (3, 'c')]);
        assert_eq!([0, 1, 2, 3].map(|list| lists.get(list).iter().collect::<String>()), ["", "b", "", "ac"]);
        assert!(Lists::<u32>::of(1, &[]).get(0).is_empty());
    }
}
