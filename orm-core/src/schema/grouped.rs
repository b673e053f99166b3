//! Things by their relationship.
use super::Relationship;

/// Things by their relationship, in the order in which the relationships came first: what is read with one statement for each.
#[derive(Debug)]
pub(crate) struct Grouped<T>(Vec<(&'static Relationship, Vec<T>)>);

impl<T> Default for Grouped<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Grouped<T> {
    pub(crate) fn push(&mut self, relationship: &'static Relationship, thing: T) {
        match self.0.iter_mut().find(|(other, _)| std::ptr::eq(*other, relationship)) {
            Some((_, group)) => group.push(thing),
            None => self.0.push((relationship, vec![thing])),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> FromIterator<(&'static Relationship, T)> for Grouped<T> {
    fn from_iter<I: IntoIterator<Item = (&'static Relationship, T)>>(things: I) -> Self {
        let mut grouped = Self::default();
        things.into_iter().for_each(|(relationship, thing)| grouped.push(relationship, thing));
        grouped
    }
}

impl<T> IntoIterator for Grouped<T> {
    type Item = (&'static Relationship, Vec<T>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
