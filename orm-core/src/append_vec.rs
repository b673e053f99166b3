//! A vector that is only appended to, and read without a lock.
use std::{
    ops::Index,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Elements never move. The first `N` stand in the vector itself, since [`boxcar::Vec`], where the others are, makes room for
/// 32 with its first one, and most sessions have a few of everything.
pub(crate) struct AppendVec<T, const N: usize> {
    first: [OnceLock<T>; N],
    more: boxcar::Vec<T>,
    count: AtomicUsize,
}

impl<T, const N: usize> Default for AppendVec<T, N> {
    fn default() -> Self {
        Self { first: [const { OnceLock::new() }; N], more: boxcar::Vec::new(), count: AtomicUsize::new(0) }
    }
}

impl<T, const N: usize> AppendVec<T, N> {
    /// The number of elements; of those that are just being appended, some may count already.
    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Appends an element, and tells its place.
    pub(crate) fn push(&self, value: T) -> usize {
        let place = self.count.fetch_add(1, Ordering::Relaxed);
        match self.first.get(place) {
            Some(first) => {
                // Nobody else has this place.
                let _ = first.set(value);
                place
            }
            // Appended at once, two may come here in the other order.
            None => N + self.more.push(value),
        }
    }

    /// The element at a place.
    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        match self.first.get(place) {
            Some(first) => first.get(),
            None => self.more.get(place - N),
        }
    }
}

impl<T, const N: usize> Index<usize> for AppendVec<T, N> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        match self.get(place) {
            Some(element) => element,
            None => panic!("there is no element {place} among {}", self.count()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, thread};

    #[test]
    fn elements_stay_where_they_were_appended() {
        let vec = AppendVec::<String, 3>::default();
        let places: Vec<usize> = (0..100).map(|number| vec.push(number.to_string())).collect();
        assert_eq!(places, (0..100).collect::<Vec<_>>());
        assert!(places.iter().all(|place| vec.get(*place).is_some_and(|value| *value == place.to_string())));
        assert_eq!((vec.count(), vec.get(100)), (100, None));
    }

    #[test]
    fn each_of_many_threads_finds_what_it_appended() {
        let vec = AppendVec::<usize, 4>::default();
        let append = |thread: usize| {
            let vec = &vec;
            move || (0..50).map(|number| (vec.push(thread * 50 + number), thread * 50 + number)).collect::<Vec<_>>()
        };
        let appended: Vec<(usize, usize)> = thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|thread| scope.spawn(append(thread))).collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("appends")).collect()
        });
        assert!(appended.iter().all(|(place, value)| vec.get(*place) == Some(value)));
        assert_eq!(appended.iter().map(|(place, _)| *place).collect::<BTreeSet<_>>(), (0..200).collect());
    }
}
