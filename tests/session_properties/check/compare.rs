//! Memory against the twin: states, columns, keys, and both sides of every relationship that is known.
use super::{
    driver::{Checked, Driver, ensure},
    entities::{Any, down, linked, number},
    flush::down as keys_to,
    relating::known_parent,
    shape::{Edge, Kind, Link},
    tables::slug,
    world::{Id, State},
};
use orm::EntityState;
use std::collections::BTreeSet;

impl Driver<'_> {
    /// Compares all that memory knows.
    pub(crate) fn compare_memory(&mut self) -> Checked {
        for id in 0..self.entities.len() {
            if let Some(entity) = self.entities[id].filter(|_| !self.world.object(id).lost) {
                self.compare_object(id, entity)?;
            }
        }
        Ok(())
    }

    fn compare_object(&mut self, id: Id, entity: Any<'_>) -> Checked {
        let (name, object) = (self.name(id), self.world.object(id));
        if object.kind == Kind::Log && object.state == State::Deleted {
            // The database deleted it, and memory need not know.
            self.entities[id] = None;
            return Ok(());
        }
        ensure!(entity.label() == name, "{name} reads as {}", entity.label());
        let expected = match object.state {
            State::Pending => EntityState::Pending,
            State::Persistent | State::Deleting => EntityState::Persistent,
            State::Deleted => EntityState::Deleted,
            State::Transient => EntityState::Transient,
        };
        let state = entity.state(self.session);
        ensure!(state == expected, "{name} should be {:?} and is {state:?}", object.state);
        ensure!(entity.size() == object.row.size, "{name}.size: {} and not {}", entity.size(), object.row.size);
        if object.state == State::Transient || object.state == State::Deleted {
            return Ok(());
        }
        if let Any::Team(team) = entity {
            let expected = object.row.slug.map(slug);
            ensure!(team.slug == expected, "{name}.slug should be {expected:?} and is {:?}", team.slug);
            let version = team.version;
            let pending = object.state == State::Pending;
            ensure!(pending || version == object.row.version, "{name}.version: {version}, not {}", object.row.version);
        }
        if object.state == State::Deleting {
            return self.compare_deleting(id, entity);
        }
        if !self.world.hidden.contains(&id) {
            object.kind.edges().iter().try_for_each(|edge| self.compare_parent(*edge, id, entity))?;
        }
        self.compare_collections(id, entity)
    }

    fn compare_deleting(&self, id: Id, entity: Any<'_>) -> Checked {
        for edge in keys_to(self.world.object(id).kind) {
            let error = down!(edge, entity, many => many.loaded().map(|_| ()), one => one.loaded().map(|_| ()));
            ensure!(error.is_err_and(|error| error.is_deleted()), "{edge:?} of the deleted {}", self.name(id));
        }
        Ok(())
    }

    fn compare_parent(&self, edge: Edge, id: Id, entity: Any<'_>) -> Checked {
        let (name, expected) = (self.name(id), self.world.parent(edge, id));
        let known = known_parent(edge, entity)?;
        let shown = |parent: Option<Id>| parent.map(|parent| self.name(parent));
        if let Some(known) = known {
            ensure!(
                known == expected,
                "{name}'s parent over {edge:?} should be {:?} and is {:?}",
                shown(expected),
                shown(known)
            );
        }
        let key = entity.foreign_key(edge);
        match expected {
            None => ensure!(!edge.is_nullable() || key.is_none(), "{name} has the key {key:?} and no parent"),
            // Added before its parent was stored, a child has the key from the flush on.
            Some(_) if self.world.state(id) == State::Pending => {}
            Some(parent) if self.world.state(parent) == State::Persistent => {
                let expected = match edge {
                    Edge::Citizens => self.name(parent),
                    _ => self.world.object(parent).key.unwrap_or_default().to_string(),
                };
                ensure!(key.as_ref() == Some(&expected), "{name}'s key over {edge:?} should be {expected}: {key:?}");
            }
            Some(_) => {}
        }
        Ok(())
    }

    fn compare_collections(&self, id: Id, entity: Any<'_>) -> Checked {
        let kind = self.world.object(id).kind;
        for edge in keys_to(kind) {
            let expected = self.world.children(edge, id);
            // Two by key, until the flush refuses them.
            let unclear = edge.is_single() && (expected.len() > 1 || self.world.unsettled.contains(&(edge, id)));
            let Some(members) = known_children(edge, entity).filter(|_| !unclear) else { continue };
            self.compare_members(&format!("{}.{edge:?}", self.name(id)), &members?, &expected)?;
        }
        for link in Link::ALL {
            for forward in [true, false] {
                let (first, second) = link.ends();
                if kind != (if forward { first } else { second }) {
                    continue;
                }
                let Some(members) = known_linked(link, forward, entity) else { continue };
                let expected = self.world.linked(link, forward, id);
                let direction = if forward { "" } else { " backwards" };
                self.compare_members(&format!("{}.{link:?}{direction}", self.name(id)), &members?, &expected)?;
            }
        }
        Ok(())
    }

    fn compare_members(&self, what: &str, members: &[Id], expected: &BTreeSet<Id>) -> Checked {
        let found: BTreeSet<Id> = members.iter().copied().collect();
        let names = |ids: &BTreeSet<Id>| ids.iter().map(|id| self.name(*id)).collect::<Vec<_>>();
        ensure!(found == *expected, "{what} should be {:?} and is {:?}", names(expected), names(&found));
        ensure!(found.len() == members.len(), "{what} has a member twice: {:?}", names(&found));
        Ok(())
    }
}

fn id_of<'s>(entity: impl Into<Any<'s>>) -> Id {
    let entity: Any<'s> = entity.into();
    number(entity.label()) as Id
}

fn known_children(edge: Edge, owner: Any<'_>) -> Option<Checked<Vec<Id>>> {
    down!(edge, owner,
        many => many.is_loaded().then(|| Ok(many.loaded()?.into_iter().map(id_of).collect())),
        one => one.is_loaded().then(|| Ok(one.loaded()?.into_iter().map(id_of).collect())),
    )
}

fn known_linked(link: Link, forward: bool, near: Any<'_>) -> Option<Checked<Vec<Id>>> {
    linked!(link, forward, near, (many, _typed) => {
        many.is_loaded().then(|| Ok(many.loaded()?.into_iter().map(id_of).collect()))
    })
}
