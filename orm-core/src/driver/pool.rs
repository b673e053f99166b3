//! A pool of connections, the same for every database.
//!
//! Giving a connection back is synchronous where it is clean already, so a connection that was dropped is there for the
//! next `acquire` at once; whoever gives it back has cleaned it.
use super::{BoxFuture, DbOptions};
use crate::error::{Error, Kind, Result};
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Opens and tests the connections of one database.
pub(super) trait Open: Send + Sync + 'static {
    /// The driver's own connection.
    type Raw: Send + 'static;

    /// A new connection, set up.
    fn open(&self) -> BoxFuture<'_, Result<Self::Raw>>;

    /// How long a connection may lie idle before it is asked whether it still works; `None` where it works as long as it is
    /// open.
    const ASK_AFTER: Option<Duration> = None;

    /// Whether a connection still works that lay idle for that long.
    fn still_works<'a>(&'a self, _: &'a mut Self::Raw) -> BoxFuture<'a, bool> {
        Box::pin(std::future::ready(true))
    }

    /// Whether connections wait here for their next use; if not, they go back by being dropped.
    fn keeps(&self) -> bool {
        true
    }
}

pub(super) struct Pool<O: Open> {
    // Before `open`: connections are closed first, then what `open` holds (the file of a memory database) goes.
    idle: Mutex<Vec<Idle<O::Raw>>>,
    permits: Arc<Semaphore>,
    closed: AtomicBool,
    acquire_timeout: Duration,
    idle_timeout: Option<Duration>,
    keep: usize,
    open: O,
}

struct Idle<Raw> {
    raw: Raw,
    since: Instant,
}

/// The right to hold one connection of the pool.
pub(super) struct Lease<O: Open> {
    // Before the pool: a permit that goes last may be the pool's end.
    _permit: OwnedSemaphorePermit,
    pool: Arc<Pool<O>>,
}

impl<O: Open> Pool<O> {
    /// A pool with its first connections open.
    pub(super) async fn connect(open: O, options: &DbOptions) -> Result<Arc<Self>> {
        let pool = Arc::new(Self {
            idle: Mutex::default(),
            permits: Arc::new(Semaphore::new(options.max_connections as usize)),
            closed: AtomicBool::new(false),
            acquire_timeout: options.acquire_timeout,
            idle_timeout: options.idle_timeout,
            keep: options.min_connections.min(options.max_connections) as usize,
            open,
        });
        for _ in 0..pool.keep.max(1) {
            let raw = pool.open.open().await?;
            if pool.open.keeps() {
                pool.idle().push(Idle { raw, since: Instant::now() });
            }
        }
        Ok(pool)
    }

    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(super) fn opener(&self) -> &O {
        &self.open
    }

    /// A connection, waiting for one up to the timeout.
    pub(super) async fn acquire(self: &Arc<Self>) -> Result<(O::Raw, Lease<O>)> {
        let permit = self.permit().await?;
        let lease = Lease { _permit: permit, pool: Arc::clone(self) };
        while let Some(mut idle) = self.pop() {
            let rested = O::ASK_AFTER.is_none_or(|after| idle.since.elapsed() < after);
            if rested || self.open.still_works(&mut idle.raw).await {
                return Ok((idle.raw, lease));
            }
        }
        Ok((self.open.open().await?, lease))
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit> {
        // Most often one is free, and no timer has to be set.
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        if self.permits.is_closed() {
            return Err(closed());
        }
        let wait = tokio::time::timeout(self.acquire_timeout, Arc::clone(&self.permits).acquire_owned());
        match wait.await {
            Ok(permit) => permit.map_err(|_| closed()),
            Err(_) => Err(Error::new(Kind::Connection, self.exhausted())),
        }
    }

    fn exhausted(&self) -> String {
        format!(
            "no connection became free within {:?}: end sessions and streams sooner, or allow more connections \
             (`DbOptions::max_connections`)",
            self.acquire_timeout
        )
    }

    fn pop(&self) -> Option<Idle<O::Raw>> {
        let (newest, _expired) = {
            let mut idle = self.idle();
            let newest = idle.pop();
            (newest, self.expired(&mut idle))
        };
        newest
    }

    /// Takes out what lay idle too long; the oldest are in front.
    fn expired(&self, idle: &mut Vec<Idle<O::Raw>>) -> Vec<Idle<O::Raw>> {
        let Some(timeout) = self.idle_timeout else { return Vec::new() };
        let old = idle.iter().take_while(|entry| entry.since.elapsed() > timeout).count();
        idle.drain(..old.min(idle.len().saturating_sub(self.keep))).collect()
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle<O::Raw>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives out no more connections, and closes those that are idle.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.permits.close();
        let idle = std::mem::take(&mut *self.idle());
        drop(idle);
    }
}

impl<O: Open> Lease<O> {
    /// Gives the connection back, which is clean.
    pub(super) fn give_back(self, raw: O::Raw) {
        let mut idle = self.pool.idle();
        if self.pool.open.keeps() && !self.pool.closed.load(Ordering::Acquire) {
            idle.push(Idle { raw, since: Instant::now() });
        }
    }

    /// A new connection in place of one that was lost.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(super) async fn reopen(&self) -> Result<O::Raw> {
        self.pool.open.open().await
    }

    pub(super) fn opener(&self) -> &O {
        &self.pool.open
    }
}

fn closed() -> Error {
    Error::new(Kind::Connection, "the database was closed")
}
