//! The members of a relationship to many, as they were when they were asked for.
use super::{Entity, Model};
use crate::{
    memory::{Members, ResultId},
    session::Session,
};
use std::{fmt, marker::PhantomData};

/// All members of a relationship to many, as they were when they were asked for: pushing to the relationship while iterating
/// does not change what is iterated.
pub struct Collection<'s, M: Model> {
    session: &'s Session,
    members: Members,
    result: ResultId,
    model: PhantomData<fn() -> M>,
}

/// Some members of a relationship to many: what a filtered or limited load found. It cannot be changed, and is never taken
/// for the whole.
pub struct Partial<'s, M: Model>(Collection<'s, M>, Option<u64>);

/// Iterates over the members of a [`Collection`].
pub struct Iter<'s, M: Model> {
    session: &'s Session,
    members: Members,
    result: ResultId,
    next: usize,
    end: usize,
    model: PhantomData<fn() -> M>,
}

impl<'s, M: Model> Collection<'s, M> {
    pub(super) fn new(session: &'s Session, members: Members, result: ResultId) -> Self {
        Self { session, members, result, model: PhantomData }
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        self.members.as_slice().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.as_slice().is_empty()
    }

    /// The member at that place, counted from 0.
    pub fn get(&self, place: usize) -> Option<Entity<'s, M>> {
        let node = *self.members.as_slice().get(place)?;
        Some(self.session.entity_at(node, self.result))
    }

    /// The first member.
    pub fn first(&self) -> Option<Entity<'s, M>> {
        self.get(0)
    }

    /// The last member.
    pub fn last(&self) -> Option<Entity<'s, M>> {
        self.get(self.len().checked_sub(1)?)
    }

    /// Whether an entity is among the members.
    pub fn contains(&self, entity: Entity<'_, M>) -> bool {
        entity.raw().session_id() == self.session.id() && self.members.contains(entity.raw().node())
    }

    /// The members in their order.
    pub fn iter(&self) -> Iter<'s, M> {
        Iter {
            session: self.session,
            members: self.members.clone(),
            result: self.result,
            next: 0,
            end: self.len(),
            model: PhantomData,
        }
    }
}

impl<'s, M: Model> Partial<'s, M> {
    pub(super) fn new(session: &'s Session, (members, total): (Members, Option<u64>), result: ResultId) -> Self {
        Self(Collection::new(session, members, result), total)
    }

    /// The number of all members, those that the filter or limit left out among them: if the query asked for it by
    /// [`with_count`](crate::query::Load::with_count).
    pub fn total(&self) -> Option<u64> {
        self.1
    }

    /// The number of members that were loaded.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none was loaded.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first member that was loaded.
    pub fn first(&self) -> Option<Entity<'s, M>> {
        self.0.first()
    }

    /// The members in their order.
    pub fn iter(&self) -> Iter<'s, M> {
        self.0.iter()
    }
}

impl<'s, M: Model> Iterator for Iter<'s, M> {
    type Item = Entity<'s, M>;

    fn next(&mut self) -> Option<Entity<'s, M>> {
        if self.next == self.end {
            return None;
        }
        let node = self.members.as_slice()[self.next];
        self.next += 1;
        Some(self.session.entity_at(node, self.result))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.end - self.next, Some(self.end - self.next))
    }
}

impl<M: Model> ExactSizeIterator for Iter<'_, M> {}

impl<M: Model> DoubleEndedIterator for Iter<'_, M> {
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.next == self.end {
            return None;
        }
        self.end -= 1;
        Some(self.session.entity_at(self.members.as_slice()[self.end], self.result))
    }
}

macro_rules! iterable {
    ($($name:ident),*) => {$(
        impl<'s, M: Model> IntoIterator for $name<'s, M> {
            type Item = Entity<'s, M>;
            type IntoIter = Iter<'s, M>;

            fn into_iter(self) -> Iter<'s, M> {
                self.iter()
            }
        }

        impl<'s, M: Model> IntoIterator for &$name<'s, M> {
            type Item = Entity<'s, M>;
            type IntoIter = Iter<'s, M>;

            fn into_iter(self) -> Iter<'s, M> {
                self.iter()
            }
        }

        impl<M: Model> fmt::Debug for $name<'_, M> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_list().entries(self.iter()).finish()
            }
        }

        impl<M: Model + serde::Serialize> serde::Serialize for $name<'_, M> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.iter())
            }
        }
    )*};
}
iterable!(Collection, Partial);
