//! Statements before which a session flushes what they read: queries, and those that write many rows at once.
use super::{
    action::Action,
    driver::{Checked, Driver, Flow, agree, ensure},
    loading,
    models::*,
    shape::Kind,
    world::{Id, Refusal, State, World},
};
use orm::{Result, Session, prelude::*};

/// What the session has not written before a statement, and what the twin would make of it.
pub(crate) struct Before {
    has_changes: bool,
    must_flush: bool,
    flushed: World,
    expected: Result<(), Refusal>,
}

impl Driver<'_> {
    pub(crate) async fn read(&mut self, kind: Kind, least: i32, eager: u8) -> Checked<Flow> {
        let before = self.before(kind);
        let result = loading::query(self.session, kind, least, eager).await;
        let Some(found) = self.after(before, result).await? else { return Ok(Flow::Failed) };
        self.note(Action::Query { kind, least, eager });
        self.compare_found((kind, least), found)?;
        Ok(Flow::Go)
    }

    pub(crate) async fn update_all(&mut self, kind: Kind, least: i32, size: i32) -> Checked<Flow> {
        if !self.world.hidden.is_empty() {
            return Ok(Flow::Go);
        }
        let before = self.before(kind);
        let result = update(self.session, kind, least, size).await;
        let Some(()) = self.after(before, result).await? else { return Ok(Flow::Failed) };
        self.note(Action::UpdateAll { kind, least, size });
        for id in self.world.stored_from(kind, least) {
            self.world.objects[id].rewrite_size(size);
            if self.entities[id].is_none() {
                self.tentative.push(id);
            }
        }
        self.compare_written().await?;
        Ok(Flow::Go)
    }

    pub(crate) async fn delete_all(&mut self, kind: Kind, least: i32) -> Checked<Flow> {
        if !self.world.hidden.is_empty() || !self.world.unsettled.is_empty() || !is_leaf(kind) {
            return Ok(Flow::Go);
        }
        let before = self.before(kind);
        let result = delete(self.session, kind, least).await;
        let Some(count) = self.after(before, result).await? else { return Ok(Flow::Failed) };
        self.note(Action::DeleteAll { kind, least });
        let gone = self.world.stored_from(kind, least);
        ensure!(count == gone.len() as u64, "{count} rows were deleted instead of {}", gone.len());
        for id in gone {
            (self.world.objects[id].state, self.world.objects[id].stored) = (State::Deleted, None);
        }
        self.compare_written().await?;
        Ok(Flow::Go)
    }

    fn before(&self, kind: Kind) -> Before {
        let mut flushed = self.world.clone();
        let expected = flushed.flush();
        let is_changed = |id: Id| {
            let object = self.world.object(id);
            let same = object.stored.as_ref() == Some(&object.row) || self.world.hidden.contains(&id);
            object.kind == kind
                && match object.state {
                    State::Pending | State::Deleting => true,
                    State::Persistent => !same,
                    State::Deleted | State::Transient => false,
                }
        };
        let must_flush = (0..self.world.objects.len()).any(is_changed);
        Before { has_changes: self.session.has_changes(), must_flush, flushed, expected }
    }

    /// The twin flushes if the session did. `None` where a flush failed that had to.
    async fn after<T>(&mut self, before: Before, result: Result<T>) -> Checked<Option<T>> {
        let value = match result {
            Ok(value) => value,
            Err(error) => {
                self.note(Action::Flush { ok: false });
                return agree(before.expected, Err(error)).map(|_| None);
            }
        };
        let flushed = before.has_changes && !self.session.has_changes();
        ensure!(flushed || !before.must_flush, "changes of what was read are not flushed");
        if flushed {
            agree(before.expected, Ok(()))?;
            self.note(Action::Flush { ok: true });
            self.world = before.flushed;
            self.learn_keys()?;
        }
        Ok(Some(value))
    }
}

/// Models that nothing references.
fn is_leaf(kind: Kind) -> bool {
    !matches!(kind, Kind::Country | Kind::Team | Kind::Task | Kind::Tag | Kind::Skill)
}

macro_rules! of_each {
    ($kind:expr, $model:ident => $body:expr) => {
        match $kind {
            Kind::Country => {
                use Country as $model;
                $body
            }
            Kind::Team => {
                use Team as $model;
                $body
            }
            Kind::Player => {
                use Player as $model;
                $body
            }
            Kind::Task => {
                use Task as $model;
                $body
            }
            Kind::Step => {
                use Step as $model;
                $body
            }
            Kind::Badge => {
                use Badge as $model;
                $body
            }
            Kind::Desk => {
                use Desk as $model;
                $body
            }
            Kind::Log => {
                use Log as $model;
                $body
            }
            Kind::Seat => {
                use Seat as $model;
                $body
            }
            Kind::Invoice => {
                use Invoice as $model;
                $body
            }
            Kind::Tag => {
                use Tag as $model;
                $body
            }
            Kind::Skill => {
                use Skill as $model;
                $body
            }
        }
    };
}

async fn update(session: &Session, kind: Kind, least: i32, size: i32) -> Result<()> {
    of_each!(kind, Model => {
        Model::query().filter(Model::size.ge(least)).set(Model::size, size).update(session).await.map(|_| ())
    })
}

async fn delete(session: &Session, kind: Kind, least: i32) -> Result<u64> {
    of_each!(kind, Model => Model::query().filter(Model::size.ge(least)).delete(session).await)
}
