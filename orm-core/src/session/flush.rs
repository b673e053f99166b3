//! The flush: cascade, collect, plan, execute, settle.
use super::{Held, Session};
use crate::{
    driver::{Begin, Control},
    error::{Error, Kind, Result},
    load::{Loader, Request},
    memory::{ALONE, Claim, Freshness, Locked, State},
    query::{Include, Parts, expr::Expr},
    sql::Touched,
    unit_of_work::{self, Changes, Needed, Plan, Progress},
};
use std::collections::HashSet;

impl Session {
    /// Writes all changes, in an order that every constraint allows and in as few statements as their shapes allow. Nothing
    /// to write is no statement. The transaction stays open: [`commit`](Self::commit) keeps it.
    ///
    /// # Errors
    /// A mistake that was recorded, what a hook refused, what the database refused. The transaction is rolled back in the
    /// database at once; memory stays for inspection, and every further statement fails with the same cause until
    /// [`rollback`](Self::rollback).
    pub async fn flush(&self) -> Result<()> {
        let mut held = self.held.lock().await;
        self.flush_held(&mut held).await
    }

    pub(super) async fn flush_held(&self, held: &mut Held) -> Result<()> {
        self.check()?;
        {
            let mut graph = self.memory.graph();
            graph.all_written();
            if !graph.graph.has_changes() {
                return Ok(());
            }
        }
        self.check_scope(held)?;
        let mut guard = Guard { session: self, held, done: false };
        let result = self.write_all(guard.held).await;
        guard.held.count_into(&self.statements);
        guard.done = true;
        if let Err(error) = &result {
            self.fail(error);
            if let Err(second) = guard.held.undo().await {
                tracing::warn!(error = %second, "rolling back after a failed flush failed: the connection is given up");
                guard.held.abandon();
            }
        }
        result
    }

    async fn write_all(&self, held: &mut Held) -> Result<()> {
        self.cascade(held).await?;
        let now = self.db.now();
        let (changes, plan) = {
            let mut graph = self.memory.graph();
            let planned = self.plan_changes(&mut graph, now)?;
            graph.graph.flushed.collected = graph.graph.journal.len();
            planned
        };
        if plan.is_empty() {
            return self.settle(&plan, &unit_of_work::Executed::default(), &changes);
        }
        held.begin(&self.db, Begin::default()).await?;
        self.memory.graph().graph.written = true;
        let connection = held.connection(self.db.driver()).await?;
        let executed = unit_of_work::execute(&plan, connection, self.db.dialect(), now).await?;
        self.settle(&plan, &executed, &changes)
    }

    fn settle(&self, plan: &Plan, executed: &unit_of_work::Executed, changes: &Changes) -> Result<()> {
        let mut graph = self.memory.graph();
        graph.graph.flushed.settling = graph.graph.journal.len();
        let settled = unit_of_work::settle(&mut graph, plan, executed, changes.links_seen);
        graph.graph.flushed.settled = graph.graph.journal.len();
        settled
    }

    fn plan_changes(&self, graph: &mut Locked<'_>, now: std::time::SystemTime) -> Result<(Changes, Plan)> {
        let changes = unit_of_work::collect(graph, now)?;
        if changes.is_empty() {
            return Ok((changes, Plan::default()));
        }
        let plan = unit_of_work::plan(graph, &changes)?;
        Ok((changes, plan))
    }

    /// The plan of a flush now; memory is afterwards as before.
    pub(super) fn plan_now(&self) -> Result<Plan> {
        let mut graph = self.memory.graph();
        let (mark, unwritten) = (graph.graph.journal.len(), graph.graph.unwritten());
        let marked = unit_of_work::cascade(&mut graph, &mut Progress::default());
        let planned = marked.and_then(|_| self.plan_changes(&mut graph, self.db.now()));
        graph.rewind(mark, unwritten);
        Ok(planned?.1)
    }

    /// Marks what deletes take along, loading what must be known for it: one statement per level and relationship.
    async fn cascade(&self, held: &mut Held) -> Result<()> {
        self.fulfil_claims(held).await?;
        self.displace(held).await?;
        let mut progress = Progress::default();
        loop {
            let needed = unit_of_work::cascade(&mut self.memory.graph(), &mut progress)?;
            if needed.is_empty() {
                return Ok(());
            }
            for Needed { relationship, owners } in needed {
                let request = Request::new(Include::new(relationship), owners, ALONE);
                let mut loader = self.loader(held, Freshness::ByTransaction).await?;
                loader.related(request).await?;
            }
        }
    }

    /// Reads the partners that children of a one-to-one displace, where nobody knew whether there is one.
    async fn displace(&self, held: &mut Held) -> Result<()> {
        let displacing = std::mem::take(&mut self.memory.graph().graph.displacing);
        let mut seen = HashSet::new();
        // The last word on each counts.
        for (parent, child, edge) in displacing.into_iter().rev() {
            let Some(down) = edge.down() else { continue };
            let stays = self.memory.arena.state(parent) == State::Persistent;
            if !stays || !seen.insert((parent, down.position())) {
                continue;
            }
            let request = Request::new(Include::new(down), vec![parent], ALONE);
            self.loader(held, Freshness::ByTransaction).await?.related(request).await?;
            self.memory.graph().displace_loaded((parent, child, edge))?;
        }
        Ok(())
    }

    /// Reads the rows that were given by their keys as targets of a to-many, and gives them their owners.
    async fn fulfil_claims(&self, held: &mut Held) -> Result<()> {
        let claims: Vec<Claim> = std::mem::take(&mut self.memory.graph().graph.claims);
        let mut rest = claims.as_slice();
        while let Some(first) = rest.first() {
            let target = first.relationship.target();
            let same = rest.iter().take_while(|claim| claim.relationship.target() == target).count();
            let mut parts = Parts::new(target);
            let is = |claim: &Claim| {
                let equal = |(column, value): (&u16, &crate::value::Value)| Expr::equal(target, *column, value.clone());
                Expr::All(target.primary_key.iter().zip(&claim.key).map(equal).collect())
            };
            parts.filter = Some(Expr::Any(rest[..same].iter().map(is).collect()));
            self.loader(held, Freshness::ByTransaction).await?.query(&parts).await?;
            rest = &rest[same..];
        }
        let mut graph = self.memory.graph();
        claims.iter().try_for_each(|claim| graph.fulfil(claim))
    }

    pub(super) async fn loader<'a>(&'a self, held: &'a mut Held, freshness: Freshness) -> Result<Loader<'a>> {
        let connection = held.connection(self.db.driver()).await?;
        Ok(Loader { memory: &self.memory, connection, dialect: self.db.dialect(), freshness })
    }

    /// Flushes if an unwritten change touches a table that a statement is about to read.
    pub(super) async fn autoflush(&self, held: &mut Held, reads: impl FnOnce() -> Touched) -> Result<()> {
        if !self.autoflush.load(std::sync::atomic::Ordering::Relaxed) || !self.has_changes() {
            return Ok(());
        }
        let touched = reads();
        if !self.touches(&touched) {
            return Ok(());
        }
        self.flush_held(held).await.map_err(|error| {
            let tables: Vec<&str> = touched.tables.iter().map(|table| table.name).collect();
            let message = format!("flushing before a query of {}: {error}", tables.join(", "));
            error.context(message)
        })
    }

    fn touches(&self, touched: &Touched) -> bool {
        let graph = self.memory.graph();
        let changes = &*graph.graph;
        let nodes = changes.pending.iter().chain(&changes.dirty).chain(&changes.deleting);
        let orphans = changes.orphans.iter().map(|(node, _)| node);
        let mut nodes = nodes.chain(orphans);
        nodes.any(|node| touched.has(graph.arena.table(*node)))
            || changes
                .link_changes
                .iter()
                .any(|change| change.relationship.link().is_some_and(|link| touched.has_link(link)))
            || changes.claims.iter().any(|claim| touched.has(claim.relationship.target()))
    }

    /// Runs a closure during which queries do not flush.
    ///
    /// # Errors
    /// Those of the closure.
    pub async fn no_autoflush<T>(&self, run: impl AsyncFnOnce() -> Result<T>) -> Result<T> {
        use std::sync::atomic::Ordering::Relaxed;
        let before = self.autoflush.swap(false, Relaxed);
        let restore = Restore(self, before);
        let result = run().await;
        drop(restore);
        result
    }
}

struct Restore<'s>(&'s Session, bool);

impl Drop for Restore<'_> {
    fn drop(&mut self) {
        self.0.autoflush.store(self.1, std::sync::atomic::Ordering::Relaxed);
    }
}

/// A flush that is dropped half way leaves the session failed and its connection rolled back.
struct Guard<'a> {
    session: &'a Session,
    held: &'a mut Held,
    done: bool,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.held.abandon();
            let message = "a flush was cancelled: its transaction is rolled back in the database";
            self.session.fail(&Error::new(Kind::Other, message));
        }
    }
}

impl Held {
    /// Undoes the open transaction in the database, or only the innermost savepoint.
    async fn undo(&mut self) -> Result<()> {
        match self.savepoints.checked_sub(1) {
            Some(innermost) => {
                self.savepoints = innermost;
                self.control(Control::RollbackTo(innermost)).await
            }
            None => self.end(Control::Rollback).await,
        }
    }
}
