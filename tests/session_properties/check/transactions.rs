//! Flush, commit, rollback and savepoints, of a session and of its twin.
use super::{
    action::Action,
    driver::{Checked, Driver, Flow, agree, ensure},
    operations::Op,
    world::{Refusal, World},
};
use orm::Error;

impl Driver<'_> {
    pub(crate) async fn flush(&mut self) -> Checked<Flow> {
        let quiet = self.world.is_clean();
        let expected = self.world.flush();
        self.note(Action::Flush { ok: expected.is_ok() });
        let before = self.session.statement_count();
        let result = self.session.flush().await;
        if agree(expected, result)? == Flow::Failed {
            ensure!(self.session.flush().await.is_err(), "a failed session flushed again without rollback");
            return Ok(Flow::Failed);
        }
        let sent = self.session.statement_count() - before;
        ensure!(!quiet || sent == 0, "nothing was changed, and {sent} statements were sent");
        self.compare_written().await?;
        Ok(Flow::Go)
    }

    pub(crate) async fn commit_or_rollback(&mut self) -> Checked {
        let expected = self.world.flush();
        self.note(Action::Commit { ok: expected.is_ok() });
        let result = self.session.commit().await;
        if agree(expected, result)? == Flow::Failed {
            return self.rollback().await;
        }
        self.compare_written().await?;
        self.committed = self.world.clone();
        self.tentative.clear();
        self.compare_committed().await
    }

    pub(crate) async fn rollback(&mut self) -> Checked {
        self.note(Action::Rollback);
        self.session.rollback().await?;
        self.world.restore(&self.committed);
        self.forget_tentative();
        self.compare_memory()?;
        ensure!(!self.session.has_changes(), "there are changes after a rollback");
        self.compare_committed().await
    }

    pub(crate) async fn savepoint(&mut self, ops: &[Op], ok: bool) -> Checked<Flow> {
        let opened = self.world.flush();
        self.note(Action::Savepoint { ok: opened.is_ok() });
        if opened.is_err() {
            return agree(opened, self.session.savepoint(async || Ok::<_, Error>(())).await);
        }
        let before = self.world.clone();
        let session = self.session;
        let mut inside = Ok(Flow::Go);
        self.depth += 1;
        let this = &mut *self;
        let result = session
            .savepoint(async || {
                inside = match this.compare_written().await {
                    Ok(()) => Box::pin(this.run_all(ops)).await,
                    Err(mismatch) => Err(mismatch),
                };
                if ok && matches!(inside, Ok(Flow::Go)) { Ok(()) } else { Err(Error::other("undone on purpose")) }
            })
            .await;
        self.depth -= 1;
        self.end_savepoint(&before, ok && inside? == Flow::Go, result).await?;
        Ok(Flow::Go)
    }

    async fn end_savepoint(&mut self, before: &World, ok: bool, result: Result<(), Error>) -> Checked {
        let released = if ok { self.world.flush() } else { Err(Refusal::Mistake) };
        self.note(if ok { Action::Release { ok: released.is_ok() } } else { Action::Undo });
        if agree(released, result)? == Flow::Failed {
            self.world.restore(before);
            self.forget_tentative();
        }
        self.compare_written().await
    }
}
