//! The flush: cascade, collect, plan, execute, settle.
use super::{
    Held, Session,
    guard::Guard,
    held::{End, Ending},
};
use crate::{
    driver::Begin,
    error::{Error, Result},
    load::Loader,
    memory::{Claim, Freshness, Locked},
    sql::Touched,
    unit_of_work::{self, Changes, Ends, Plan, Progress},
};
use std::{sync::atomic::Ordering, time::SystemTime};

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

    pub(super) async fn flush_before_commit(&self, held: &mut Held) -> Result<()> {
        let ending = Ending::new(held);
        self.flush_held(ending.held).await
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
        let guard = Guard::new(self, held, "a flush");
        let result = self.write_all(guard.held).await;
        guard.held.count_into(&self.statements);
        if let Err(error) = &result {
            self.fail(error);
            if let Err(second) = guard.held.undo().await {
                tracing::warn!(error = %second, "rolling back after a failed flush failed: the connection is given up");
                guard.held.abandon();
            }
        }
        guard.done();
        result
    }

    async fn write_all(&self, held: &mut Held) -> Result<()> {
        let now = self.db.now();
        let (changes, mut plan) = self.cascade_and_plan(held, now).await?;
        if plan.is_empty() {
            return self.settle(&plan, &unit_of_work::Executed::default(), &changes);
        }
        let ends = held.commit == End::Near && !held.in_transaction();
        let connection = held.connection(self.db.driver()).await?;
        let alone =
            ends && connection.commits_alone() && plan.is_whole(self.db.dialect(), connection.leaves_rows_out());
        if alone {
            held.commit = End::Now;
        } else {
            held.begin(&self.db, Begin::default()).await?;
        }
        self.memory.graph().graph.written = true;
        self.memory.note_write();
        let connection = held.connection(self.db.driver()).await?;
        let (dialect, rowids) = (self.db.dialect(), self.db.rowids());
        let arena = &self.memory.arena;
        let database = unit_of_work::Database { connection, dialect, now, arena, rowids, alone };
        let executed = unit_of_work::execute(&mut plan, database).await?;
        self.settle(&plan, &executed, &changes)?;
        held.learned.add(executed.learned);
        Ok(())
    }

    fn settle(&self, plan: &Plan, executed: &unit_of_work::Executed, changes: &Changes) -> Result<()> {
        let mut graph = self.memory.graph();
        graph.graph.flushed.settling = graph.graph.journal.mark();
        let settled = unit_of_work::settle(&mut graph, plan, executed, changes.links_seen);
        graph.graph.flushed.settled = graph.graph.journal.mark();
        settled
    }

    fn plan_changes(&self, graph: &mut Locked<'_>, now: SystemTime) -> Result<(Changes, Plan)> {
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
        let (mark, unwritten) = (graph.graph.journal.mark(), graph.graph.unwritten());
        let mut progress = Progress::new(self.db.criteria().clone());
        unit_of_work::follow_keys(&mut graph, &progress);
        let marked = unit_of_work::cascade(&mut graph, &mut progress);
        let numbered = marked.and_then(|_| unit_of_work::number_known(&mut graph));
        let planned = numbered.and_then(|()| self.plan_changes(&mut graph, self.db.now()));
        graph.rewind(mark, unwritten);
        let (_, mut plan) = planned?;
        plan.spell_out(graph.arena);
        for claim in &graph.graph.claims {
            plan.claim(claim.relationship, crate::value::Key::of(claim.key.iter().map(crate::value::Key::from)));
        }
        Ok(plan)
    }

    /// Marks what deletes take along, loading what must be known for it (one statement per level and relationship), and plans
    /// the changes under the lock under which nothing was missing, so that nobody changes anything in between.
    async fn cascade_and_plan(&self, held: &mut Held, now: SystemTime) -> Result<(Changes, Plan)> {
        let mut progress = Progress::new(self.db.criteria().clone());
        let mut ends = Ends::default();
        loop {
            self.fulfil_claims(held).await?;
            self.displace(held).await?;
            self.read_lost(held).await?;
            let (needed, unknown) = {
                let mut graph = self.memory.graph();
                if graph.graph.has_open_questions() {
                    continue;
                }
                let mut needed = unit_of_work::follow_keys(&mut graph, &progress);
                if needed.is_empty() {
                    needed = unit_of_work::cascade(&mut graph, &mut progress)?;
                }
                let mut unknown = Vec::new();
                if needed.is_empty() {
                    unknown = unit_of_work::number(&mut graph, &ends)?;
                }
                if needed.is_empty() && unknown.is_empty() {
                    let planned = self.plan_changes(&mut graph, now)?;
                    graph.graph.flushed.collected = graph.graph.journal.mark();
                    return Ok(planned);
                }
                (needed, unknown)
            };
            self.read_ends(held, unknown, &mut ends).await?;
            self.read_needed(held, needed, &mut progress).await?;
        }
    }

    /// Reads the rows that were given by their keys as targets of a to-many, and gives them their owners.
    async fn fulfil_claims(&self, held: &mut Held) -> Result<()> {
        let claims: Vec<Claim> = std::mem::take(&mut self.memory.graph().graph.claims);
        let mut rest = claims.as_slice();
        while let Some(first) = rest.first() {
            let target = first.relationship.target();
            let same = rest.iter().take_while(|claim| claim.relationship.target() == target).count();
            let keys = rest[..same].iter().map(|claim| claim.key.clone()).collect();
            self.read_rows(held, (target, target.primary_key), keys).await?;
            rest = &rest[same..];
        }
        let mut graph = self.memory.graph();
        claims.iter().try_for_each(|claim| graph.fulfil(claim))
    }

    pub(super) async fn loader<'a>(&'a self, held: &'a mut Held, freshness: Freshness) -> Result<Loader<'a>> {
        let connection = held.connection(self.db.driver()).await?;
        let given = self.db.criteria().clone();
        Ok(Loader { memory: &self.memory, connection, dialect: self.db.dialect(), freshness, given })
    }

    /// Flushes if an unwritten change touches a table that a statement is about to read. Tells whether it did.
    pub(super) async fn autoflush(&self, held: &mut Held, reads: impl FnOnce() -> Touched) -> Result<bool> {
        if self.without_autoflush.load(Ordering::Relaxed) > 0 || !self.has_changes() {
            return Ok(false);
        }
        let touched = reads();
        if !self.touches(&touched) {
            return Ok(false);
        }
        // What failed earlier is told as it is: it is not this query's doing.
        self.check()?;
        // In a box, so that every read has not room for a flush.
        Box::pin(self.flush_held(held)).await.map(|()| true).map_err(|error| flushing_for(&touched, error))
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
            || changes.displacing.iter().any(|(_, _, edge)| touched.has(edge.child))
            || changes.rearranged.iter().any(|(owner, relation)| {
                touched.has(graph.arena.table(*owner).relationships[usize::from(*relation)].target())
            })
            || changes.lost.iter().any(|lost| touched.has(lost.relationship.target()))
    }

    /// Runs a closure during which queries do not flush.
    ///
    /// # Errors
    /// Those of the closure.
    pub async fn no_autoflush<T>(&self, run: impl AsyncFnOnce() -> Result<T>) -> Result<T> {
        // Counted, since several futures may be inside at once, and leave in any order.
        self.without_autoflush.fetch_add(1, Ordering::Relaxed);
        let _restore = Restore(self);
        run().await
    }
}

/// A query that was to read what is not written yet met the error of writing it.
fn flushing_for(touched: &Touched, error: Error) -> Error {
    let tables: Vec<&str> = touched.tables.iter().map(|table| table.name).collect();
    let named = error.entity().filter(|entity| !error.to_string().contains(entity));
    let entity = named.map_or_else(String::new, |entity| format!(" of {entity}"));
    let message = format!(
        "before a query of {} the session flushes, since there are unwritten changes of what it reads, and the flush{entity} \
         failed: {error}; to query without flushing, use `session.no_autoflush`",
        tables.join(", ")
    );
    error.context(message)
}

struct Restore<'s>(&'s Session);

impl Drop for Restore<'_> {
    fn drop(&mut self) {
        self.0.without_autoflush.fetch_sub(1, Ordering::Relaxed);
    }
}
