//! Objects leave the session, or the database, and come back.
use super::{
    action::Action,
    driver::{Checked, Driver},
    operations::Pick,
    shape::Kind,
    world::{Id, Object, State},
};

impl Driver<'_> {
    pub(crate) async fn delete(&mut self, kind: Kind, object: Pick) -> Checked {
        let stored = |_: Id, object: &Object| matches!(object.state, State::Persistent | State::Deleting);
        let Some(id) = self.pick(kind, object, stored) else { return Ok(()) };
        let entity = self.entity(id).await?;
        self.note(Action::Delete { object: self.name(id) });
        entity.delete(self.session);
        self.world.delete(id);
        Ok(())
    }

    pub(crate) fn undelete(&mut self, object: Pick) -> Checked {
        let Some(id) = self.pick_any(object, |_, object| object.state == State::Deleting) else { return Ok(()) };
        self.note(Action::Undelete { object: self.name(id) });
        if let Some(entity) = self.entities[id] {
            entity.restore(self.session);
        }
        self.world.objects[id].state = State::Persistent;
        Ok(())
    }

    /// Whether an object is at the end of a link.
    fn is_linked(&self, id: Id) -> bool {
        self.world.links.iter().flatten().any(|(a, b)| *a == id || *b == id)
    }

    pub(crate) fn expunge(&mut self, object: Pick) -> Checked {
        let pending = |id: Id, object: &Object| {
            let along = self.world.parts(id);
            object.state == State::Pending
                && along.iter().all(|part| self.world.state(*part) == State::Pending && !self.is_linked(*part))
        };
        let Some(id) = self.pick_any(object, pending) else { return Ok(()) };
        self.note(Action::Expunge { object: self.name(id) });
        if let Some(entity) = self.entities[id] {
            entity.expunge(self.session);
        }
        for part in self.world.parts(id) {
            self.world.objects[part].state = State::Transient;
        }
        Ok(())
    }

    pub(crate) fn add_again(&mut self, object: Pick) -> Checked {
        // A parent that was given by a key which is no more could be another row by now.
        let stored = |id: Id| {
            let parents = &self.world.object(id).born.parents;
            parents.iter().flatten().all(|parent| self.world.state(*parent) == State::Persistent)
        };
        let returns = |id: &Id| self.entities[*id].is_some() && !self.is_linked(*id) && stored(*id);
        let transient = |id: Id, object: &Object| {
            object.state == State::Transient && self.world.transient_near(id).iter().all(returns)
        };
        let Some(id) = self.pick_any(object, transient) else { return Ok(()) };
        let Some(entity) = self.entities[id] else { return Ok(()) };
        self.note(Action::AddAgain { object: self.name(id) });
        entity.restore(self.session);
        for near in self.world.transient_near(id) {
            self.world.objects[near].state = State::Pending;
        }
        Ok(())
    }

    pub(crate) async fn refresh(&mut self, kind: Kind, object: Pick) -> Checked {
        // Parts are read again with it; those that are changed are lost only if they are in memory.
        let stored = |id: Id, object: &Object| object.state == State::Persistent && self.world.has_clean_parts(id);
        let Some(id) = self.pick(kind, object, stored) else { return Ok(()) };
        let mut after = self.world.clone();
        after.refresh(id);
        let moves = after.object(id).row.parents != self.world.object(id).row.parents;
        let single = matches!(kind, Kind::Badge | Kind::Desk);
        if single && moves {
            return Ok(());
        }
        let entity = self.entity(id).await?;
        self.note(Action::Refresh { object: self.name(id) });
        entity.refresh(self.session).await?;
        self.world = after;
        Ok(())
    }
}
