//! Runs a program on a session and on its twin.
use super::{
    action::Action,
    adding,
    entities::{Any, label},
    operations::{Op, Pick},
    shape::{Edge, Kind},
    tables::{self, Source},
    world::{Id, Object, Refusal, Row, State, World},
};
use orm::{Db, Error, Session};

/// Where session and twin differ.
#[derive(Debug)]
pub(crate) struct Mismatch(pub(crate) String);

impl std::convert::From<Error> for Mismatch {
    fn from(error: Error) -> Self {
        Self(format!("nothing should have failed here: {error}"))
    }
}

pub(crate) type Checked<T = ()> = Result<T, Mismatch>;

macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err($crate::check::driver::Mismatch(format!($($message)+)));
        }
    };
}
pub(crate) use ensure;

/// How operations ended: a flush that had to fail ends its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Go,
    Failed,
}

/// What a program did, and whether all was right.
pub(crate) struct Outcome {
    pub(crate) actions: Vec<Action>,
    pub(crate) result: Checked,
}

/// What remains from one session of a program to the next.
#[derive(Default)]
struct Course {
    world: World,
    committed: World,
    actions: Vec<Action>,
}

pub(crate) struct Driver<'s> {
    pub(crate) session: &'s Session,
    db: &'s Db,
    pub(crate) world: World,
    pub(crate) committed: World,
    pub(crate) entities: Vec<Option<Any<'s>>>,
    actions: Vec<Action>,
    pub(crate) depth: u32,
    /// Rows that a statement wrote before the twin had their entities: after a rollback these are to be read again.
    pub(crate) tentative: Vec<Id>,
}

/// Runs a program in as many sessions as it asks for.
pub(crate) async fn run(db: &Db, ops: &[Op]) -> Outcome {
    let mut course = Course::default();
    for part in ops.split(|op| matches!(op, Op::NewSession)) {
        let session = db.session();
        let mut driver = Driver::new(db, &session, course);
        let result = driver.run_session(part).await;
        course = Course { world: driver.world, committed: driver.committed, actions: driver.actions };
        if result.is_err() {
            return Outcome { actions: course.actions, result };
        }
    }
    Outcome { actions: course.actions, result: Ok(()) }
}

impl<'s> Driver<'s> {
    fn new(db: &'s Db, session: &'s Session, course: Course) -> Self {
        let Course { world, committed, actions } = course;
        let entities = vec![None; world.objects.len()];
        Self { session, db, world, committed, entities, actions, depth: 0, tentative: Vec::new() }
    }

    async fn run_session(&mut self, ops: &[Op]) -> Checked {
        self.note(Action::Session);
        self.run_all(ops).await?;
        self.commit_or_rollback().await?;
        self.world.forget_session();
        self.committed = self.world.clone();
        Ok(())
    }

    pub(crate) async fn run_all(&mut self, ops: &[Op]) -> Checked<Flow> {
        for op in ops {
            if self.run_op(op).await? == Flow::Failed {
                if self.depth > 0 {
                    return Ok(Flow::Failed);
                }
                self.rollback().await?;
            }
            self.compare_memory()?;
        }
        Ok(Flow::Go)
    }

    async fn run_op(&mut self, op: &Op) -> Checked<Flow> {
        match op {
            Op::Flush => return self.flush().await,
            Op::Read { kind, least, eager } => return self.read(*kind, i32::from(*least), *eager).await,
            Op::UpdateAll { kind, least, size } => {
                return self.update_all(*kind, i32::from(*least), i32::from(*size)).await;
            }
            Op::DeleteAll { kind, least } => return self.delete_all(*kind, i32::from(*least)).await,
            Op::Merge { kind, object, size } => self.merge(*kind, *object, i32::from(*size)).await?,
            Op::Savepoint { ops, ok } => return Box::pin(self.savepoint(ops, *ok)).await,
            Op::Commit if self.depth == 0 => self.commit_or_rollback().await?,
            Op::Rollback if self.depth == 0 => self.rollback().await?,
            Op::Commit | Op::Rollback | Op::NewSession => {}
            Op::Add { kind, parent, by_key } => self.add(*kind, *parent, *by_key).await?,
            Op::AddTree { parts, tag } => self.add_tree(parts, *tag).await?,
            Op::SetSize { kind, object, size } => self.set_size(*kind, *object, i32::from(*size)).await?,
            Op::SetSlug { team, slug } => self.set_slug(*team, *slug).await?,
            Op::Delete { kind, object } => self.delete(*kind, *object).await?,
            Op::Undelete { object } => self.undelete(*object)?,
            Op::Expunge { object } => self.expunge(*object)?,
            Op::AddAgain { object } => self.add_again(*object)?,
            Op::Refresh { kind, object } => self.refresh(*kind, *object).await?,
            relating => self.relate_or_load(relating).await?,
        }
        Ok(Flow::Go)
    }

    pub(crate) fn note(&mut self, action: Action) {
        self.actions.push(action);
    }

    pub(crate) fn name(&self, id: Id) -> String {
        label(self.world.object(id).kind, id)
    }

    /// The object at a place among those of a model that are eligible.
    pub(crate) fn pick(&self, kind: Kind, place: Pick, eligible: impl Fn(Id, &Object) -> bool) -> Option<Id> {
        self.pick_any(place, |id, object| object.kind == kind && eligible(id, object))
    }

    pub(crate) fn pick_any(&self, place: Pick, eligible: impl Fn(Id, &Object) -> bool) -> Option<Id> {
        let objects = self.world.objects.iter().enumerate();
        let usable =
            |(id, object): &(Id, &Object)| !object.lost && !self.world.hidden.contains(id) && eligible(*id, object);
        let all: Vec<Id> = objects.filter(usable).map(|(id, _)| id).collect();
        all.get(usize::from(place) % all.len().max(1)).copied()
    }

    /// A living object of a model.
    pub(crate) fn living(&self, kind: Kind, place: Pick) -> Option<Id> {
        self.pick(kind, place, |id, _| self.world.is_alive(id))
    }

    /// The entity of an object, from memory or else by its key.
    pub(crate) async fn entity(&mut self, id: Id) -> Checked<Any<'s>> {
        if let Some(entity) = self.entities[id] {
            return Ok(entity);
        }
        let object = self.world.object(id);
        let key = match object.kind {
            Kind::Seat => {
                object.stored.as_ref().and_then(|row| row.parents[0]).and_then(|team| self.world.object(team).key)
            }
            _ => object.key,
        };
        let name = self.name(id);
        let (session, kind) = (self.session, object.kind);
        let found =
            session.no_autoflush(async || Any::get(session, kind, (&name, key.unwrap_or_default())).await).await?;
        let Some(found) = found else { return Err(Mismatch(format!("there is no {name}"))) };
        self.register(found)?;
        Ok(found)
    }

    /// Notes the entity of an object; it must be the same as ever.
    pub(crate) fn register(&mut self, entity: Any<'s>) -> Checked<Id> {
        let id = super::entities::number(entity.label()) as Id;
        ensure!(id < self.entities.len(), "{} was never added", entity.label());
        match self.entities[id] {
            Some(known) => ensure!(known == entity, "{} is two entities", entity.label()),
            None => self.entities[id] = Some(entity),
        }
        Ok(id)
    }

    /// Takes a new object into the twin.
    pub(crate) fn add_to_world(&mut self, kind: Kind, row: Row) -> Id {
        self.entities.push(None);
        self.world.add(kind, row)
    }

    async fn add(&mut self, kind: Kind, parent: Option<Pick>, by_key: bool) -> Checked {
        let edges = kind.edges();
        let edge = edges.get(usize::from(parent.unwrap_or(0)) % edges.len().max(1)).copied();
        let chosen = edge.and_then(|edge| Some((edge, self.new_parent(edge, parent?, by_key)?)));
        let alone = chosen.is_none() && edge.is_some_and(|edge| !edge.is_nullable());
        if alone || chosen.is_some_and(|(edge, parent)| by_key && self.is_unclear_by_key(edge, parent)) {
            return Ok(());
        }
        let parentage = match chosen {
            None => adding::Parentage::None,
            Some((edge, id)) if by_key => adding::Parentage::Key(edge, self.entity(id).await?),
            Some((edge, id)) => adding::Parentage::Entity(edge, self.entity(id).await?),
        };
        let known = chosen.is_none_or(|(edge, parent)| self.knows_partner(edge, parent));
        let mut row = Row::default();
        if let Some((edge, parent)) = chosen.filter(|_| by_key) {
            row.parents[edge.place()] = Some(parent);
        }
        let id = self.add_to_world(kind, row);
        let parent = chosen.map(|(_, parent)| self.name(parent));
        self.note(Action::Add { kind, object: self.name(id), edge: chosen.map(|chosen| chosen.0), parent, by_key });
        self.entities[id] = Some(adding::add(self.session, kind, id, parentage));
        if let Some((edge, parent)) = chosen {
            self.world.set_parent(edge, id, Some(parent), known);
        }
        Ok(())
    }

    /// Whether it is open which of two partners came first, one by its key and one by the relationship.
    pub(crate) fn is_unclear_by_key(&self, edge: Edge, parent: Id) -> bool {
        edge.is_single() && !self.knows_partner(edge, parent)
    }

    fn new_parent(&self, edge: Edge, place: Pick, by_key: bool) -> Option<Id> {
        let stored =
            |id: Id, _: &Object| self.world.is_alive(id) && (!by_key || self.world.state(id) == State::Persistent);
        self.pick(edge.parent(), place, stored)
    }

    async fn add_tree(&mut self, parts: &[Edge], tag: Option<Pick>) -> Checked {
        let tag = tag.and_then(|tag| self.living(Kind::Tag, tag));
        let team = self.add_to_world(Kind::Team, Row::default());
        let mut inside: Vec<(Edge, Id)> = Vec::new();
        for edge in parts.iter().copied().filter(|edge| *edge != Edge::Citizens) {
            let owner = match edge {
                Edge::Steps => {
                    inside.iter().rev().find(|part| part.0 != Edge::Steps).filter(|part| part.0 == Edge::Tasks)
                }
                _ => Some(&(edge, team)),
            };
            let Some((_, owner)) = owner.copied() else { continue };
            if edge.is_single() && inside.iter().any(|part| part.0 == edge) {
                continue;
            }
            let id = self.add_to_world(edge.child(), Row::default());
            self.world.set_key(edge, id, Some(owner));
            inside.push((edge, id));
        }
        let tag_entity = match tag {
            Some(tag) => Some(self.entity(tag).await?),
            None => None,
        };
        let named = inside.iter().map(|(edge, id)| (*edge, self.name(*id))).collect();
        let action = Action::AddTree { object: self.name(team), parts: named, tag: tag.map(|tag| self.name(tag)) };
        self.note(action);
        self.register(adding::add_tree(self.session, team, &inside, tag_entity))?;
        for (edge, id) in inside {
            let Some(owner) = self.world.parent(edge, id) else { continue };
            for found in adding::found_in(edge, self.entity(owner).await?)? {
                self.register(found)?;
            }
        }
        if let Some(tag) = tag {
            self.world.set_link(super::shape::Link::Tags, (team, tag), true);
        }
        Ok(())
    }

    async fn set_size(&mut self, kind: Kind, object: Pick, size: i32) -> Checked {
        let Some(id) = self.living(kind, object) else { return Ok(()) };
        let entity = self.entity(id).await?;
        self.note(Action::SetSize { object: self.name(id), size });
        entity.set_size(size);
        self.world.objects[id].row.size = size;
        Ok(())
    }

    /// Lays a value over an entity that has nothing unwritten.
    async fn merge(&mut self, kind: Kind, object: Pick, size: i32) -> Checked {
        let clean =
            |_: Id, object: &Object| object.state == State::Persistent && object.stored.as_ref() == Some(&object.row);
        let Some(id) = self.pick(kind, object, clean) else { return Ok(()) };
        let entity = self.entity(id).await?;
        self.note(Action::Merge { object: self.name(id), size });
        self.register(entity.merge_size(self.session, size).await?)?;
        self.world.objects[id].row.size = size;
        Ok(())
    }

    async fn set_slug(&mut self, team: Pick, slug: Option<u8>) -> Checked {
        let Some(id) = self.living(Kind::Team, team) else { return Ok(()) };
        let entity = self.entity(id).await?.team();
        self.note(Action::SetSlug { object: self.name(id), slug: slug.map(tables::slug) });
        entity.set(super::models::Team::slug, slug.map(tables::slug));
        self.world.objects[id].row.slug = slug;
        Ok(())
    }

    pub(crate) async fn compare_committed(&mut self) -> Checked {
        compare_tables(&tables::expected(&self.committed), &tables::stored(Source::Db(self.db)).await?)
    }

    /// The tables as the transaction sees them, and memory, after a flush.
    pub(crate) async fn compare_written(&mut self) -> Checked {
        self.learn_keys()?;
        let stored = tables::stored(Source::Session(self.session)).await?;
        compare_tables(&tables::expected(&self.world), &stored)?;
        self.note(Action::Tables { tables: stored });
        self.compare_memory()
    }

    /// What was first read as an undone statement left it is asked for again.
    pub(crate) fn forget_tentative(&mut self) {
        for id in std::mem::take(&mut self.tentative) {
            self.entities[id] = None;
        }
    }

    pub(crate) fn learn_keys(&mut self) -> Checked {
        for id in 0..self.entities.len() {
            let object = &mut self.world.objects[id];
            let Some(entity) = self.entities[id].filter(|_| object.state == State::Persistent) else { continue };
            match object.key {
                Some(key) if object.kind != Kind::Seat => {
                    ensure!(key == entity.key(), "{} has another key than before", entity.label());
                }
                _ => object.key = Some(entity.key()),
            }
        }
        Ok(())
    }
}

fn compare_tables(expected: &tables::Tables, stored: &tables::Tables) -> Checked {
    for (table, rows) in expected {
        let stored = stored.get(table).map(Vec::as_slice).unwrap_or_default();
        ensure!(rows == stored, "{table} should have\n  {rows:?}\nand has\n  {stored:?}");
    }
    Ok(())
}

/// Both succeeded, or both failed for the same reason.
pub(crate) fn agree(expected: Result<(), Refusal>, result: Result<(), Error>) -> Checked<Flow> {
    match (expected, result) {
        (Ok(()), Ok(())) => Ok(Flow::Go),
        (Err(Refusal::Unique), Err(error)) => {
            ensure!(error.is_unique_violation(), "a unique violation was expected: {error}");
            Ok(Flow::Failed)
        }
        (Err(Refusal::Blocked), Err(error)) => {
            ensure!(error.is_foreign_key_violation(), "a foreign key violation was expected: {error}");
            Ok(Flow::Failed)
        }
        (Err(Refusal::Missing | Refusal::Mistake), Err(_)) => Ok(Flow::Failed),
        (Ok(()), Err(error)) => Err(Mismatch(format!("this failed: {error}"))),
        (Err(refusal), Ok(())) => Err(Mismatch(format!("this should have been refused as {refusal:?}"))),
    }
}
