//! The twin: what a session and its database should be, in lists and sets, by the rules and nothing else.
use super::shape::{Edge, Fate, Kind, Link};
use std::collections::BTreeSet;

/// An object's place in the list of all; also the number in its label.
pub(crate) type Id = usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Persistent,
    Deleting,
    Deleted,
    Transient,
}

/// The columns of an object; foreign keys lead to objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) size: i32,
    pub(crate) slug: Option<u8>,
    pub(crate) version: i32,
    pub(crate) parents: [Option<Id>; 2],
}

#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) row: Row,
    /// What the open transaction has written.
    pub(crate) stored: Option<Row>,
    /// The columns that it was added with; what it is again after a rollback.
    pub(crate) born: Row,
    /// The generated key, once it is known.
    pub(crate) key: Option<i64>,
    /// Of a session that has ended without storing it.
    pub(crate) lost: bool,
}

impl Object {
    /// The database gives a stored row another size, below what is not written.
    pub(crate) fn rewrite_size(&mut self, size: i32) {
        let Some(stored) = self.stored.as_mut().filter(|stored| stored.size != size) else { return };
        for row in [&mut self.row, stored] {
            row.size = size;
            row.version += 1;
        }
    }
}

/// Why a flush is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A recorded mistake.
    Mistake,
    /// A deleted parent has children that can neither follow nor be alone.
    Blocked,
    /// A required parent is missing, or not part of the session.
    Missing,
    /// A unique value is there twice.
    Unique,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) objects: Vec<Object>,
    pub(crate) links: [BTreeSet<(Id, Id)>; 3],
    pub(crate) stored_links: [BTreeSet<(Id, Id)>; 3],
    /// Taken from a parent that they are part of.
    pub(crate) orphans: BTreeSet<Id>,
    /// Parents of a one-to-one whose former partner memory did not know when they got another: found by the flush.
    pub(crate) unsettled: BTreeSet<(Edge, Id)>,
    /// Those former partners.
    pub(crate) hidden: BTreeSet<Id>,
    pub(crate) mistake: bool,
    /// A link was changed of which memory does not know whether it is there.
    pub(crate) unsure: bool,
}

impl World {
    pub(crate) fn object(&self, id: Id) -> &Object {
        &self.objects[id]
    }

    pub(crate) fn state(&self, id: Id) -> State {
        self.objects[id].state
    }

    /// Whether it is part of the session and not to be deleted.
    pub(crate) fn is_alive(&self, id: Id) -> bool {
        matches!(self.state(id), State::Pending | State::Persistent)
    }

    pub(crate) fn parent(&self, edge: Edge, child: Id) -> Option<Id> {
        self.objects[child].row.parents[edge.place()]
    }

    /// The living children of a parent.
    pub(crate) fn children(&self, edge: Edge, parent: Id) -> BTreeSet<Id> {
        let of_parent = |id: &Id| {
            let object = &self.objects[*id];
            object.kind == edge.child() && self.is_alive(*id) && self.parent(edge, *id) == Some(parent)
        };
        (0..self.objects.len()).filter(of_parent).collect()
    }

    /// The living far ends of a link, seen from its first or its second side.
    pub(crate) fn linked(&self, link: Link, forward: bool, near: Id) -> BTreeSet<Id> {
        let pairs = self.links[link as usize].iter().map(|(a, b)| if forward { (*a, *b) } else { (*b, *a) });
        pairs.filter(|(own, far)| *own == near && self.is_alive(*far)).map(|(_, far)| far).collect()
    }

    pub(crate) fn add(&mut self, kind: Kind, row: Row) -> Id {
        let born = row.clone();
        self.objects.push(Object { kind, state: State::Pending, row, stored: None, born, key: None, lost: false });
        self.objects.len() - 1
    }

    /// Sets the key of a child by hand: nobody is displaced.
    pub(crate) fn set_key(&mut self, edge: Edge, child: Id, parent: Option<Id>) {
        self.objects[child].row.parents[edge.place()] = parent;
    }

    /// Gives a child a parent. `known`: whether memory knows the parent's present partner.
    pub(crate) fn set_parent(&mut self, edge: Edge, child: Id, parent: Option<Id>, known: bool) {
        let before = self.parent(edge, child);
        if before == parent {
            return;
        }
        if let Some(parent) = parent.filter(|_| edge.is_single()) {
            self.displace(edge, child, parent, known);
        }
        if before.is_some() && edge.fate() == Fate::Part {
            self.orphans.insert(child);
        }
        self.set_key(edge, child, parent);
    }

    fn displace(&mut self, edge: Edge, child: Id, parent: Id, known: bool) {
        for other in self.children(edge, parent) {
            if other != child {
                self.set_parent(edge, other, None, true);
                if !known {
                    self.hidden.insert(other);
                }
            }
        }
        if !known {
            self.unsettled.insert((edge, parent));
        }
    }

    pub(crate) fn set_link(&mut self, link: Link, pair: (Id, Id), add: bool) {
        let links = &mut self.links[link as usize];
        _ = if add { links.insert(pair) } else { links.remove(&pair) };
    }

    pub(crate) fn delete(&mut self, id: Id) {
        match self.state(id) {
            State::Persistent => self.objects[id].state = State::Deleting,
            State::Pending | State::Transient => self.mistake = true,
            State::Deleting | State::Deleted => {}
        }
    }

    /// The row becomes what the database has.
    pub(crate) fn refresh(&mut self, id: Id) {
        let object = &mut self.objects[id];
        if let Some(stored) = object.stored.clone() {
            object.row = stored;
        }
        self.orphans.remove(&id);
    }

    /// Becomes what it was, but what was added since stays readable, out of the session.
    pub(crate) fn restore(&mut self, before: &Self) {
        let added = self.objects.split_off(before.objects.len());
        let lost = self.objects.iter().map(|object| object.lost).collect::<Vec<_>>();
        *self = before.clone();
        for (object, lost) in self.objects.iter_mut().zip(lost) {
            object.lost |= lost;
        }
        let transient = |object: Object| Object {
            state: State::Transient,
            row: object.born.clone(),
            stored: None,
            key: None,
            ..object
        };
        self.objects.extend(added.into_iter().map(transient));
    }

    /// The session has ended: only what is stored remains.
    pub(crate) fn forget_session(&mut self) {
        for object in self.objects.iter_mut().filter(|object| object.stored.is_none()) {
            object.lost = true;
        }
    }

    /// The stored rows of a model of that size or more.
    pub(crate) fn stored_from(&self, kind: Kind, least: i32) -> Vec<Id> {
        let stored = |object: &Object| object.stored.as_ref().is_some_and(|row| row.size >= least);
        let found = |id: &Id| self.object(*id).kind == kind && stored(self.object(*id));
        (0..self.objects.len()).filter(found).collect()
    }

    /// Whether memory and database have the same.
    pub(crate) fn is_clean(&self) -> bool {
        let clean = |object: &Object| match object.state {
            State::Persistent => object.stored.as_ref() == Some(&object.row),
            State::Deleted | State::Transient => true,
            State::Pending | State::Deleting => false,
        };
        self.objects.iter().all(clean)
            && self.links == self.stored_links
            && self.orphans.is_empty()
            && self.unsettled.is_empty()
            && !self.unsure
            && !self.mistake
    }
}
