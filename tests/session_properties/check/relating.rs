//! Operations that change relationships.
use super::{
    action::Action,
    adding,
    driver::{Checked, Driver, Mismatch, ensure},
    entities::{Any, down, linked, members, up},
    operations::{How, Op, Pick},
    shape::{Edge, Kind, Link},
    world::{Id, Row, State},
};
use orm::{Error, Result};

impl Driver<'_> {
    pub(crate) async fn relate_or_load(&mut self, op: &Op) -> Checked {
        match op {
            Op::SetParent { edge, child, parent: Some(parent) } => self.set_parent(*edge, *child, *parent).await,
            Op::SetParent { edge, child, parent: None } => self.clear_parent(*edge, *child).await,
            Op::SetKey { edge, child, parent } => self.set_key(*edge, *child, *parent).await,
            Op::Push { edge, parent, child } => self.push(*edge, *parent, *child).await,
            Op::PushNew { edge, parent } => self.push_new(*edge, *parent).await,
            Op::Remove { edge, child } => self.remove(*edge, *child).await,
            Op::Replace { edge, parent, children } => self.replace(*edge, *parent, children).await,
            Op::Link { link, forward, near, far, how } => self.link(*link, *forward, (*near, *far), *how).await,
            Op::ReplaceLinks { link, forward, near, far } => self.replace_links(*link, *forward, *near, far).await,
            loading => self.load(loading).await,
        }
    }

    /// A living object, or one that is to be deleted.
    pub(crate) fn owner(&self, kind: Kind, place: Pick) -> Option<Id> {
        self.pick(kind, place, |id, object| self.world.is_alive(id) || object.state == State::Deleting)
    }

    /// Whether memory knows the partner that a parent of a one-to-one has.
    pub(crate) fn knows_partner(&self, edge: Edge, parent: Id) -> bool {
        let Some(entity) = self.entities[parent] else { return false };
        down!(edge, entity, many => many.is_loaded(), one => one.is_loaded())
    }

    /// The twin gives a child a parent.
    fn move_in_world(&mut self, edge: Edge, child: Id, parent: Option<Id>) {
        let known = parent.is_none_or(|parent| self.knows_partner(edge, parent));
        self.world.set_parent(edge, child, parent, known);
    }

    async fn set_parent(&mut self, edge: Edge, child: Pick, parent: Pick) -> Checked {
        let (Some(child), Some(parent)) = (self.living(edge.child(), child), self.owner(edge.parent(), parent)) else {
            return Ok(());
        };
        let (entity, target) = (self.entity(child).await?, self.entity(parent).await?);
        if self.world.state(parent) == State::Deleting {
            return refused(choose(edge, entity, target));
        }
        self.move_in_world(edge, child, Some(parent));
        self.note(Action::SetParent { edge, child: self.name(child), parent: Some(self.name(parent)) });
        Ok(choose(edge, entity, target)?)
    }

    async fn clear_parent(&mut self, edge: Edge, child: Pick) -> Checked {
        let Some(child) = self.living(edge.child(), child).filter(|_| edge.may_detach()) else { return Ok(()) };
        let entity = self.entity(child).await?;
        self.move_in_world(edge, child, None);
        self.note(Action::SetParent { edge, child: self.name(child), parent: None });
        match edge {
            Edge::Children => entity.team().parent().clear()?,
            Edge::Citizens => entity.team().country().clear()?,
            Edge::Players => entity.player().team().clear()?,
            Edge::Tasks => entity.task().team().clear()?,
            Edge::Steps => entity.step().task().clear()?,
            Edge::Badge => entity.badge().team().clear()?,
            Edge::Desk => entity.desk().team().clear()?,
            Edge::Seats => entity.seat().team().clear()?,
            Edge::Logs | Edge::Invoices => unreachable!("nothing leaves {edge:?}"),
        }
        Ok(())
    }

    async fn set_key(&mut self, edge: Edge, child: Pick, parent: Option<Pick>) -> Checked {
        let Some(child) = self.living(edge.child(), child) else { return Ok(()) };
        let stored = |_: Id, object: &super::world::Object| object.state == State::Persistent;
        let parent = parent.and_then(|parent| self.pick(edge.parent(), parent, stored));
        let means_nothing = parent.is_none() && !edge.is_nullable();
        let unclear = parent.is_some_and(|parent| self.is_unclear_by_key(edge, parent));
        if means_nothing || unclear {
            return Ok(());
        }
        let target = match parent {
            Some(parent) => Some(self.entity(parent).await?),
            None => None,
        };
        let entity = self.entity(child).await?;
        self.note(Action::SetKey { edge, child: self.name(child), parent: parent.map(|parent| self.name(parent)) });
        entity.set_foreign_key(edge, target);
        self.world.set_key(edge, child, parent);
        Ok(())
    }

    async fn push(&mut self, edge: Edge, parent: Pick, child: Pick) -> Checked {
        let (Some(child), Some(parent)) = (self.living(edge.child(), child), self.owner(edge.parent(), parent)) else {
            return Ok(());
        };
        let (entity, owner) = (self.entity(child).await?, self.entity(parent).await?);
        if self.world.state(parent) == State::Deleting {
            return refused(give(edge, owner, entity));
        }
        self.move_in_world(edge, child, Some(parent));
        self.note(Action::Push { edge, parent: self.name(parent), child: self.name(child) });
        Ok(give(edge, owner, entity)?)
    }

    async fn push_new(&mut self, edge: Edge, parent: Pick) -> Checked {
        let Some(parent) = self.owner(edge.parent(), parent) else { return Ok(()) };
        let owner = self.entity(parent).await?;
        if self.world.state(parent) == State::Deleting {
            return refused(adding::push_new(edge, owner, usize::MAX / 2).map(|_| ()));
        }
        let child = self.add_to_world(edge.child(), Row::default());
        let known = self.knows_partner(edge, parent);
        self.world.set_parent(edge, child, Some(parent), known);
        self.note(Action::PushNew { edge, parent: self.name(parent), child: self.name(child) });
        let added = adding::push_new(edge, owner, child)?;
        self.register(added)?;
        Ok(())
    }

    async fn remove(&mut self, edge: Edge, child: Pick) -> Checked {
        let Some(child) = self.living(edge.child(), child).filter(|_| edge.may_detach()) else { return Ok(()) };
        let Some(parent) = self.world.parent(edge, child) else { return Ok(()) };
        if !matches!(self.world.state(parent), State::Pending | State::Persistent | State::Deleting) {
            return Ok(());
        }
        let (entity, owner) = (self.entity(child).await?, self.entity(parent).await?);
        if self.world.state(parent) == State::Deleting {
            return refused(take(edge, owner, entity));
        }
        if edge.is_single() && !self.knows_partner(edge, parent) {
            let error = take(edge, owner, entity).expect_err("its partner is not known");
            ensure!(error.is_not_loaded(), "clearing what is not loaded: {error}");
            return Ok(());
        }
        // Given by key, there may be two until the flush refuses them.
        if edge.is_single() && self.world.children(edge, parent).len() > 1 {
            return Ok(());
        }
        self.move_in_world(edge, child, None);
        self.note(Action::Remove { edge, parent: self.name(parent), child: self.name(child) });
        Ok(take(edge, owner, entity)?)
    }

    async fn replace(&mut self, edge: Edge, parent: Pick, children: &[Pick]) -> Checked {
        if !edge.may_detach() || edge.is_single() {
            return Ok(());
        }
        let Some(parent) = self.living(edge.parent(), parent) else { return Ok(()) };
        let mut wanted: Vec<Id> = children.iter().filter_map(|child| self.living(edge.child(), *child)).collect();
        wanted.dedup();
        let mut after = self.world.clone();
        for child in self.world.children(edge, parent) {
            if !wanted.contains(&child) {
                after.set_parent(edge, child, None, true);
            }
        }
        for child in &wanted {
            after.set_parent(edge, *child, Some(parent), true);
        }
        let owner = self.entity(parent).await?;
        let mut entities = Vec::new();
        for child in &wanted {
            entities.push(self.entity(*child).await?);
        }
        let names = wanted.iter().map(|child| self.name(*child)).collect();
        self.note(Action::Replace { edge, parent: self.name(parent), children: names });
        let session = self.session;
        let set = session.no_autoflush(
            async || members!(edge, owner, (many, typed) => many.set(entities.into_iter().map(typed)).await),
        );
        set.await?;
        self.world = after;
        Ok(())
    }

    async fn link(&mut self, link: Link, forward: bool, (near, far): (Pick, Pick), how: How) -> Checked {
        let (first, second) = link.ends();
        let (near_kind, far_kind) = if forward { (first, second) } else { (second, first) };
        let by_key = matches!(how, How::Attach | How::Detach);
        let (Some(near), Some(far)) = (self.owner(near_kind, near), self.living(far_kind, far)) else { return Ok(()) };
        if by_key && self.world.state(far) != State::Persistent {
            return Ok(());
        }
        let (owner, target) = (self.entity(near).await?, self.entity(far).await?);
        let add = matches!(how, How::Push | How::Attach);
        let pair = if forward { (near, far) } else { (far, near) };
        let is_none = how == How::Remove && !self.world.links[link as usize].contains(&pair);
        let changed = linked!(link, forward, owner, (many, typed) => match how {
            How::Push => many.push(typed(target)).map(|_| ()),
            How::Remove => many.remove(typed(target)),
            How::Attach => many.attach([target.key()]),
            How::Detach => many.detach([target.key()]),
        });
        if self.world.state(near) == State::Deleting {
            return refused(changed);
        }
        // Where memory knows that there is no such link, it says so.
        if is_none && changed.as_ref().is_err_and(|error| !error.is_deleted()) {
            return Ok(());
        }
        let (near_name, far_name) = (self.name(near), self.name(far));
        self.note(Action::Link { link, forward, near: near_name, far: far_name, by_key, add });
        changed?;
        let known = linked!(link, forward, owner, (many, _typed) => many.is_loaded())
            || linked!(link, !forward, target, (many, _typed) => many.is_loaded());
        self.world.unsure |= !known;
        self.world.set_link(link, pair, add);
        Ok(())
    }

    async fn replace_links(&mut self, link: Link, forward: bool, near: Pick, far: &[Pick]) -> Checked {
        let (first, second) = link.ends();
        let (near_kind, far_kind) = if forward { (first, second) } else { (second, first) };
        let Some(near) = self.living(near_kind, near) else { return Ok(()) };
        let wanted: Vec<Id> = far.iter().filter_map(|far| self.living(far_kind, *far)).collect();
        let owner = self.entity(near).await?;
        let mut entities = Vec::new();
        for far in &wanted {
            entities.push(self.entity(*far).await?);
        }
        let names = wanted.iter().map(|far| self.name(*far)).collect();
        self.note(Action::ReplaceLinks { link, forward, near: self.name(near), far: names });
        let session = self.session;
        let set = session.no_autoflush(
            async || linked!(link, forward, owner, (many, typed) => many.set(entities.into_iter().map(typed)).await),
        );
        set.await?;
        let pair = |far: Id| if forward { (near, far) } else { (far, near) };
        for far in self.world.linked(link, forward, near) {
            self.world.set_link(link, pair(far), false);
        }
        wanted.into_iter().for_each(|far| self.world.set_link(link, pair(far), true));
        Ok(())
    }
}

/// A child takes a parent by its own relationship.
fn choose(edge: Edge, child: Any<'_>, parent: Any<'_>) -> Result<()> {
    match edge {
        Edge::Citizens => child.team().country().set(parent.country()).map(|_| ()),
        Edge::Steps => child.step().task().set(parent.task()).map(|_| ()),
        Edge::Children => child.team().parent().set(parent.team()).map(|_| ()),
        Edge::Players => child.player().team().set(parent.team()).map(|_| ()),
        Edge::Tasks => child.task().team().set(parent.team()).map(|_| ()),
        Edge::Badge => child.badge().team().set(parent.team()).map(|_| ()),
        Edge::Desk => child.desk().team().set(parent.team()).map(|_| ()),
        Edge::Logs => child.log().team().set(parent.team()).map(|_| ()),
        Edge::Seats => child.seat().team().set(parent.team()).map(|_| ()),
        Edge::Invoices => child.invoice().team().set(parent.team()).map(|_| ()),
    }
}

/// A parent takes a child by its own relationship.
fn give(edge: Edge, owner: Any<'_>, child: Any<'_>) -> Result<()> {
    match edge {
        Edge::Badge => owner.team().badge().set(child.badge()).map(|_| ()),
        Edge::Desk => owner.team().desk().set(child.desk()).map(|_| ()),
        Edge::Logs => owner.team().logs().push(child.log()).map(|_| ()),
        Edge::Invoices => owner.team().invoices().push(child.invoice()).map(|_| ()),
        _ => members!(edge, owner, (many, typed) => many.push(typed(child)).map(|_| ())),
    }
}

/// A parent gives a child away.
fn take(edge: Edge, owner: Any<'_>, child: Any<'_>) -> Result<()> {
    match edge {
        Edge::Badge => owner.team().badge().clear(),
        Edge::Desk => owner.team().desk().clear(),
        _ => members!(edge, owner, (many, typed) => many.remove(typed(child))),
    }
}

/// A deleted entity has no relationships.
fn refused(result: Result<()>) -> Checked {
    match result {
        Err(error) if error.is_deleted() => Ok(()),
        Err(error) => Err(Mismatch(format!("it should have been refused as deleted: {error}"))),
        Ok(()) => Err(Mismatch("a relationship of a deleted entity was changed".to_owned())),
    }
}

/// For [`up`], where a parent that must be there is not.
pub(crate) fn none_if_missing<T>(result: Result<T>, or: impl FnOnce(T) -> Option<Id>) -> Result<Option<Id>, Error> {
    match result {
        Ok(found) => Ok(or(found)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The target that memory has of a child's relationship, as far as it is known.
pub(crate) fn known_parent(edge: Edge, child: Any<'_>) -> Result<Option<Option<Id>>> {
    use super::entities::{Given, number};
    let id = |any: Any<'_>| number(any.label()) as Id;
    up!(edge, child, one => match one.is_loaded() {
        true => none_if_missing(one.loaded(), |found| found.any().map(id)).map(Some),
        false => Ok(None),
    })
}
