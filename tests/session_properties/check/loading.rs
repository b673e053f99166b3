//! Operations that read. Nothing is flushed for them: what they find must be merged with what is not written.
use super::{
    action::Action,
    driver::{Checked, Driver, ensure},
    entities::{Any, Given, down, linked, up},
    models::*,
    operations::{Op, Pick},
    shape::{Edge, Kind, Link},
    world::{Id, State},
};
use orm::{Result, prelude::*};
use std::collections::BTreeSet;

impl<'s> Driver<'s> {
    pub(crate) async fn load(&mut self, op: &Op) -> Checked {
        match op {
            Op::LoadChildren { edge, parent } => self.load_children(*edge, *parent).await,
            Op::LoadParent { edge, child } => self.load_parent(*edge, *child).await,
            Op::LoadLinked { link, forward, near } => self.load_linked(*link, *forward, *near).await,
            Op::Query { kind, least, eager } => self.query(*kind, i32::from(*least), *eager).await,
            other => unreachable!("{other:?} reads nothing"),
        }
    }

    async fn load_children(&mut self, edge: Edge, parent: Pick) -> Checked {
        let Some(parent) = self.living(edge.parent(), parent) else { return Ok(()) };
        let owner = self.entity(parent).await?;
        self.note(Action::LoadChildren { edge, parent: self.name(parent) });
        let session = self.session;
        let found: Vec<Any<'_>> = session
            .no_autoflush(async || {
                Ok(down!(edge, owner,
                    many => many.await?.into_iter().map(Any::from).collect(),
                    one => one.await?.into_iter().map(Any::from).collect(),
                ))
            })
            .await?;
        found.into_iter().try_for_each(|child| self.register(child).map(|_| ()))
    }

    async fn load_parent(&mut self, edge: Edge, child: Pick) -> Checked {
        let Some(child) = self.living(edge.child(), child) else { return Ok(()) };
        if self.world.parent(edge, child).is_none() && !edge.is_nullable() {
            return Ok(());
        }
        let entity = self.entity(child).await?;
        self.note(Action::LoadParent { edge, child: self.name(child) });
        let session = self.session;
        let found = session.no_autoflush(async || Ok(up!(edge, entity, one => one.await?.any()))).await?;
        if let Some(found) = found {
            self.register(found)?;
        }
        Ok(())
    }

    async fn load_linked(&mut self, link: Link, forward: bool, near: Pick) -> Checked {
        let (first, second) = link.ends();
        let Some(near) = self.living(if forward { first } else { second }, near) else { return Ok(()) };
        let owner = self.entity(near).await?;
        self.note(Action::LoadLinked { link, forward, near: self.name(near) });
        let session = self.session;
        let found: Vec<Any<'_>> = session
            .no_autoflush(async || {
                linked!(link, forward, owner, (many, _typed) => {
                    Ok(many.await?.into_iter().map(Any::from).collect())
                })
            })
            .await?;
        found.into_iter().try_for_each(|far| self.register(far).map(|_| ()))
    }

    async fn query(&mut self, kind: Kind, least: i32, eager: u8) -> Checked {
        self.note(Action::Query { kind, least, eager });
        let session = self.session;
        let found = session.no_autoflush(async || query(session, kind, least, eager).await).await?;
        self.compare_found((kind, least), found)
    }

    /// All that is stored was found, but for what is to be deleted.
    pub(crate) fn compare_found(&mut self, (kind, least): (Kind, i32), found: Vec<Any<'s>>) -> Checked {
        let mut ids = BTreeSet::new();
        for entity in found {
            ids.insert(self.register(entity)?);
        }
        let stored: BTreeSet<Id> = self.world.stored_from(kind, least).into_iter().collect();
        let missing: Vec<Id> = stored.difference(&ids).copied().collect();
        let other: Vec<Id> = ids.difference(&stored).copied().collect();
        let deleting = missing.iter().all(|id| self.world.state(*id) == State::Deleting);
        ensure!(deleting && other.is_empty(), "a query of {kind:?} did not find {missing:?}, but found {other:?}");
        Ok(())
    }
}

/// All rows of a model of that size or more, with relationships loaded in one way or another.
pub(crate) async fn query(session: &Session, kind: Kind, least: i32, eager: u8) -> Result<Vec<Any<'_>>> {
    macro_rules! of {
        ($model:ident, $relation:ident) => {{
            let query = $model::query().filter($model::size.ge(least));
            let query = match eager {
                1 => query.with($model::$relation),
                2 => query.with($model::$relation.selectin()),
                3 => query.with($model::$relation.joined()),
                _ => query,
            };
            query.all(session).await?.into_iter().map(Any::from).collect()
        }};
    }
    Ok(match kind {
        Kind::Country => of!(Country, teams),
        Kind::Team => teams(session, least, eager).await?,
        Kind::Player => of!(Player, team),
        Kind::Task => of!(Task, steps),
        Kind::Step => of!(Step, task),
        Kind::Badge => of!(Badge, team),
        Kind::Desk => of!(Desk, team),
        Kind::Log => of!(Log, team),
        Kind::Seat => of!(Seat, team),
        Kind::Invoice => of!(Invoice, team),
        Kind::Tag => of!(Tag, teams),
        Kind::Skill => of!(Skill, teams),
    })
}

async fn teams(session: &Session, least: i32, eager: u8) -> Result<Vec<Any<'_>>> {
    let query = Team::query().filter(Team::size.ge(least));
    let query = match eager {
        1 => query.with(Team::players.selectin()).with(Team::desk.joined()).with(Team::tags.selectin()),
        2 => query
            .with(Team::tasks.selectin().with(Task::steps.selectin()))
            .with(Team::children.selectin().with(Team::badge.selectin()))
            .with(Team::skills.joined()),
        3 => query.with(Team::players.selectin().filter(Player::size.ge(1))).with(Team::parent.joined()),
        _ => query,
    };
    Ok(query.all(session).await?.into_iter().map(Any::from).collect())
}
