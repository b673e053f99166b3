//! A session: one unit of work against one database, with its memory and its connection.
mod ahead;
mod beyond;
mod deferred;
mod executor;
mod expectation;
mod flush;
mod get;
mod guard;
mod held;
mod insert;
mod keyset;
mod load;
mod loops;
mod merge;
mod open;
mod projection;
mod query;
mod raw;
mod scope;
mod stream;
mod transaction;
mod unwritten;
mod write;

pub use executor::{Executor, Values};
pub use expectation::{StatementExpectation, StatementNumber};
pub use keyset::KeysetPage;
pub(crate) use loops::{Asked, Single, Site, Told};
pub(crate) use open::{OpenTransaction, OpenTransactions};
pub use query::Page;
pub use stream::ValueStream;

use self::{
    expectation::StatementLog,
    held::{Held, Status},
    loops::Loops,
};
use crate::{
    db::Db,
    entity::{Entity, Model, Raw},
    error::{Error, Result},
    memory::{ALONE, Memory, ResultId, State, stranger},
    model::{Handle, Node},
    unit_of_work::Plan,
};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering},
};

/// A unit of work: entities with identity, their changes, and the transaction that writes them.
///
/// A session holds what was loaded and added through it, at most one entity for each row. All of its methods take
/// `&self`, so that entities can be held while others are loaded, added and changed; entities borrow from it and cannot
/// outlive it. Changes are written by [`flush`](Self::flush) and kept by [`commit`](Self::commit). SQLAlchemy calls this
/// `Session`, EF Core `DbContext`.
///
/// A session takes a connection from the pool at its first statement and gives it back at `commit`, `rollback` or drop. Reads
/// before the first write run outside a transaction; the first write begins one.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let session = db.session();
/// let user = User::query().one(&session).await?;
/// let order = user.orders().push(Order::builder().total_amount(dec!(10)))?;   // both sides at once
/// order.set(Order::status, "paid");
/// session.commit().await?;                                                    // one INSERT, key read back
/// assert_eq!((order.user_id, session.statement_count()), (user.id, 2));
/// # Ok(()) }
/// ```
pub struct Session {
    id: u64,
    db: Db,
    memory: Arc<Memory>,
    held: tokio::sync::Mutex<Held>,
    status: Arc<Status>,
    /// The statements, for who expects a number of them.
    log: Arc<StatementLog>,
    /// Who loads one by one.
    loops: Loops,
    /// Why no statement may be sent until `rollback`.
    failed: Mutex<Option<Error>>,
    statements: AtomicU64,
    /// How often memory was restored to what it was.
    restored: AtomicU64,
    loading: AtomicU8,
    /// The number of closures running for which queries do not flush.
    without_autoflush: AtomicUsize,
}

/// How a lazy load, of a relationship, a count or a deferred column, treats the other entities of the same result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum Loading {
    /// The first entity loads alone; at the second, up to 1,000 entities of the result load together.
    #[default]
    Adaptive = 0,
    /// Each entity loads alone.
    EachAlone = 1,
    /// Up to 1,000 entities of the result load together at the first already.
    Peers = 2,
    /// Nothing is loaded lazily: awaiting what is not in memory is an error that names the relationship, unless its query named
    /// it (also as `lazy()`). For tests and services that want every statement to be seen in the query.
    RaiseOnSql = 3,
}

/// What an entity is to its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntityState {
    /// Not part of the session: rolled back, expunged, or never written.
    Transient,
    /// Added, not written yet.
    Pending,
    /// In the database, as far as the session knows; also while it is marked for deletion.
    Persistent,
    /// Deleted by a flush.
    Deleted,
}

static NEXT: AtomicU64 = AtomicU64::new(1);

impl Session {
    pub(crate) fn new(db: Db) -> Self {
        let (status, log) = (Arc::<Status>::default(), Arc::<StatementLog>::default());
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            db,
            memory: Arc::new(Memory::new()),
            held: tokio::sync::Mutex::new(Held::new(status.clone(), log.clone())),
            status,
            log,
            loops: Loops::default(),
            failed: Mutex::new(None),
            statements: AtomicU64::new(0),
            restored: AtomicU64::new(0),
            loading: AtomicU8::new(Loading::Adaptive as u8),
            without_autoflush: AtomicUsize::new(0),
        }
    }

    /// The number of statements sent so far. `BEGIN`, `COMMIT` and savepoints are not counted.
    pub fn statement_count(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Chooses how lazy loads treat the other entities of a result. The default is [`Loading::Adaptive`].
    pub fn set_loading(&self, loading: Loading) {
        self.loading.store(loading as u8, Ordering::Relaxed);
    }

    pub(crate) fn loading(&self) -> Loading {
        match self.loading.load(Ordering::Relaxed) {
            1 => Loading::EachAlone,
            2 => Loading::Peers,
            3 => Loading::RaiseOnSql,
            _ => Loading::Adaptive,
        }
    }

    /// The database of this session.
    pub fn db(&self) -> &Db {
        &self.db
    }

    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    pub(crate) fn memory(&self) -> &Memory {
        &self.memory
    }

    pub(crate) fn entity_at<M: Model>(&self, node: Node, result: ResultId) -> Entity<'_, M> {
        Entity::new(Raw::new(self, node, result))
    }

    /// The entity of a handle that this session made.
    ///
    /// # Errors
    /// [`is_wrong_session`](Error::is_wrong_session) for a handle of another session.
    pub fn entity<M: Model>(&self, handle: Handle<M>) -> Result<Entity<'_, M>> {
        if handle.session != self.id {
            return Err(stranger("`session.entity`", &format!("the {}", M::table().model)));
        }
        Ok(self.entity_at(handle.node, ALONE))
    }

    /// The place of an entity that is this session's own; `what` was given it.
    pub(crate) fn own<M: Model>(&self, entity: Entity<'_, M>, what: impl FnOnce() -> String) -> Result<Node> {
        let raw = entity.raw();
        if raw.session_id() == self.id { Ok(raw.node()) } else { Err(stranger(&what(), &raw.name())) }
    }

    /// What an entity is to this session.
    pub fn state<M: Model>(&self, entity: Entity<'_, M>) -> EntityState {
        if entity.raw().session_id() != self.id {
            return EntityState::Transient;
        }
        match self.memory.arena.state(entity.raw().node()) {
            State::Persistent | State::Deleting => EntityState::Persistent,
            State::Pending => EntityState::Pending,
            State::Deleted => EntityState::Deleted,
            State::Transient => EntityState::Transient,
        }
    }

    /// Whether an entity is part of this session: added or stored, and not deleted by a flush.
    pub fn contains<M: Model>(&self, entity: Entity<'_, M>) -> bool {
        matches!(self.state(entity), EntityState::Pending | EntityState::Persistent)
    }

    /// Whether a flush would write columns of an entity.
    pub fn is_modified<M: Model>(&self, entity: Entity<'_, M>) -> bool {
        let node = entity.raw().node();
        match self.state(entity) {
            EntityState::Pending => true,
            EntityState::Persistent => !self.memory.graph().unwritten_columns(node).is_empty(),
            EntityState::Transient | EntityState::Deleted => false,
        }
    }

    /// Whether a flush would do anything.
    pub fn has_changes(&self) -> bool {
        self.memory.graph().graph.has_changes()
    }

    /// The numbers of added, changed and deleted entities that are not written yet.
    pub(crate) fn unwritten(&self) -> (usize, usize, usize) {
        let graph = self.memory.graph();
        (graph.graph.pending.len(), graph.graph.dirty.len(), graph.graph.deleting.len())
    }

    /// What a flush would do now, without doing it. Children that deletes would have to load first are left out.
    ///
    /// # Errors
    /// What the flush would refuse before it sends anything.
    pub fn plan(&self) -> Result<Plan> {
        self.plan_now()
    }

    /// Frees all memory. That no entity is left is proved by the borrow checker. Changes that are not written are lost, and
    /// what is open is rolled back.
    pub fn clear(&mut self) {
        self.held.get_mut().abandon();
        self.memory = Arc::new(Memory::new());
        *self.failed.get_mut().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The reason why no statement may be sent.
    fn check(&self) -> Result<()> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.as_ref().map_or(Ok(()), |first| {
            Err(first
                .clone()
                .context(format!("an earlier flush or commit failed, and nothing is sent until `rollback`: {first}")))
        })
    }

    fn fail(&self, error: &Error) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.get_or_insert_with(|| error.clone());
    }

    fn forgive(&self) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let (added, changed, deleted) = self.unwritten();
        if added + changed + deleted > 0 && !std::thread::panicking() {
            tracing::warn!(added, changed, deleted, "a session was dropped with changes that were never flushed");
        }
        let uncommitted = self.status.in_transaction() && self.memory.graph().graph.written;
        if uncommitted && !std::thread::panicking() {
            tracing::warn!("a session was dropped without commit: its transaction is rolled back");
        }
        self.db.note_lost_changes(uncommitted || added + changed + deleted > 0);
    }
}
