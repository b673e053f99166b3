//! What the twin writes, and when it refuses to.
use super::{
    shape::{Edge, Fate, Kind},
    world::{Id, Refusal, State, World},
};
use std::collections::BTreeSet;

impl World {
    /// Writes everything, or nothing.
    pub(crate) fn flush(&mut self) -> Result<(), Refusal> {
        let mut after = self.clone();
        after.write()?;
        *self = after;
        Ok(())
    }

    fn write(&mut self) -> Result<(), Refusal> {
        if self.mistake {
            return Err(Refusal::Mistake);
        }
        for orphan in std::mem::take(&mut self.orphans) {
            if self.object(orphan).kind.edges().iter().any(|edge| self.parent(*edge, orphan).is_none()) {
                self.mark(orphan);
            }
        }
        self.cascade()?;
        self.check_parents()?;
        self.check_unique()?;
        self.store();
        Ok(())
    }

    /// What goes: a stored object is deleted, an added one is not added any more, with what hangs on it.
    fn mark(&mut self, id: Id) {
        match self.state(id) {
            State::Persistent => self.objects[id].state = State::Deleting,
            State::Pending => {
                self.objects[id].state = State::Transient;
                for edge in down(self.object(id).kind).filter(|edge| goes_along(*edge)) {
                    for child in self.children(edge, id) {
                        self.mark(child);
                    }
                }
            }
            State::Deleting | State::Deleted | State::Transient => {}
        }
    }

    /// What deletes take along, until nothing more goes.
    fn cascade(&mut self) -> Result<(), Refusal> {
        loop {
            let before = self.count_alive();
            for id in self.in_state(State::Deleting) {
                self.cascade_from(id);
            }
            if self.count_alive() == before {
                break;
            }
        }
        let blocked = |id: &Id| !self.children(Edge::Invoices, *id).is_empty();
        if self.in_state(State::Deleting).iter().any(blocked) { Err(Refusal::Blocked) } else { Ok(()) }
    }

    fn cascade_from(&mut self, id: Id) {
        for edge in down(self.object(id).kind) {
            for child in self.children(edge, id) {
                match edge.fate() {
                    Fate::Stay => self.set_key(edge, child, None),
                    Fate::Follow | Fate::Bound | Fate::Part => self.mark(child),
                    Fate::Refuse => {}
                }
            }
        }
    }

    fn count_alive(&self) -> usize {
        (0..self.objects.len()).filter(|id| self.is_alive(*id)).count()
    }

    fn in_state(&self, state: State) -> Vec<Id> {
        (0..self.objects.len()).filter(|id| self.state(*id) == state).collect()
    }

    fn living(&self) -> impl Iterator<Item = Id> + '_ {
        (0..self.objects.len()).filter(|id| self.is_alive(*id))
    }

    fn check_parents(&self) -> Result<(), Refusal> {
        for id in self.living() {
            for edge in self.object(id).kind.edges() {
                let is_right = match self.parent(*edge, id) {
                    Some(parent) => self.is_alive(parent),
                    None => edge.is_nullable(),
                };
                if !is_right {
                    return Err(Refusal::Missing);
                }
            }
        }
        Ok(())
    }

    fn check_unique(&self) -> Result<(), Refusal> {
        let slugs = self.living().filter_map(|id| self.object(id).row.slug).map(|slug| (None, usize::from(slug)));
        let single = |edge: Edge| {
            let children = self.living().filter(move |id| self.object(*id).kind == edge.child());
            children.filter_map(move |id| self.parent(edge, id)).map(move |parent| (Some(edge), parent))
        };
        let mut seen = BTreeSet::new();
        let mut all = slugs.chain(single(Edge::Badge)).chain(single(Edge::Desk));
        if all.all(|value| seen.insert(value)) { Ok(()) } else { Err(Refusal::Unique) }
    }

    fn store(&mut self) {
        for object in &mut self.objects {
            match object.state {
                State::Pending => (object.state, object.row.version) = (State::Persistent, 1),
                State::Persistent if object.stored.as_ref() != Some(&object.row) => object.row.version += 1,
                State::Deleting => object.state = State::Deleted,
                State::Persistent | State::Deleted | State::Transient => {}
            }
            object.stored = (object.state == State::Persistent).then(|| object.row.clone());
        }
        for link in 0..self.links.len() {
            let alive = |(a, b): &(Id, Id)| self.is_alive(*a) && self.is_alive(*b);
            let links: BTreeSet<(Id, Id)> = self.links[link].iter().copied().filter(alive).collect();
            self.links[link].clone_from(&links);
            self.stored_links[link] = links;
        }
        self.unsettled.clear();
        self.hidden.clear();
        self.unsure = false;
    }
}

/// The relationships over keys that lead to a model.
pub(crate) fn down(kind: Kind) -> impl Iterator<Item = Edge> {
    Edge::ALL.into_iter().filter(move |edge| edge.parent() == kind)
}

impl World {
    /// An object and what goes with it, as memory has it: parts of parts, also those that are to be deleted.
    pub(crate) fn parts(&self, id: Id) -> Vec<Id> {
        let mut parts = vec![id];
        let mut next = 0;
        while next < parts.len() {
            for edge in down(self.object(parts[next]).kind).filter(|edge| goes_along(*edge)) {
                let is_part = |part: &Id| {
                    let object = self.object(*part);
                    let gone = object.lost || matches!(object.state, State::Deleted | State::Transient);
                    object.kind == edge.child() && !gone && self.parent(edge, *part) == Some(parts[next])
                };
                let found: Vec<Id> = (0..self.objects.len()).filter(is_part).collect();
                parts.extend(found);
            }
            next += 1;
        }
        parts
    }

    /// Whether neither a part of an object is changed, nor what was part of it.
    pub(crate) fn has_clean_parts(&self, id: Id) -> bool {
        let is_clean = |part: Id| {
            let object = self.object(part);
            object.state == State::Persistent && object.stored.as_ref() == Some(&object.row)
        };
        let owners = self.parts(id);
        let was_part = |edge: &Edge, part: Id| {
            let before = self.object(part).stored.as_ref().and_then(|row| row.parents[edge.place()]);
            goes_along(*edge) && before.is_some_and(|owner| owners.contains(&owner))
        };
        let was_any = |part: &Id| self.object(*part).kind.edges().iter().any(|edge| was_part(edge, *part));
        owners[1..].iter().copied().chain((0..self.objects.len()).filter(was_any)).all(is_clean)
    }

    /// An object that is out of the session, and those that come back with it: its parents and children that are out too.
    pub(crate) fn transient_near(&self, id: Id) -> Vec<Id> {
        let is_out = |id: &Id| self.state(*id) == State::Transient && !self.object(*id).lost;
        let mut near = vec![id];
        let mut next = 0;
        while next < near.len() {
            let of = near[next];
            let children = (0..self.objects.len()).filter(|child| self.object(*child).row.parents.contains(&Some(of)));
            let parents = self.object(of).row.parents.into_iter().flatten();
            let found: Vec<Id> = children.chain(parents).filter(is_out).collect();
            for other in found {
                if !near.contains(&other) {
                    near.push(other);
                }
            }
            next += 1;
        }
        near
    }
}

fn goes_along(edge: Edge) -> bool {
    matches!(edge.fate(), Fate::Follow | Fate::Bound | Fate::Part)
}
