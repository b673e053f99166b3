//! Which tasks have an open transaction: a query of the database beside it does not see what it wrote.
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, ThreadId},
};
use tokio::task;

/// The open transactions of one database's sessions, by the tasks that began them.
#[derive(Default)]
pub(crate) struct OpenTransactions {
    tasks: Mutex<Vec<Task>>,
    /// Their number, so that nobody waits for the list while there is none.
    count: AtomicUsize,
    warned: AtomicBool,
}

/// A task; outside of all, what a thread blocks on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    Spawned(task::Id),
    Blocking(ThreadId),
}

impl Task {
    fn current() -> Self {
        task::try_id().map_or_else(|| Self::Blocking(thread::current().id()), Self::Spawned)
    }
}

/// A transaction while it is open.
pub(crate) struct OpenTransaction {
    all: Arc<OpenTransactions>,
    task: Task,
}

impl OpenTransactions {
    /// The current task begins a transaction.
    pub(crate) fn open(self: &Arc<Self>) -> OpenTransaction {
        let task = Task::current();
        self.tasks().push(task);
        self.count.fetch_add(1, Ordering::Relaxed);
        OpenTransaction { all: Arc::clone(self), task }
    }

    /// The database is asked for plain values outside of sessions: warns once, if this task has a transaction open.
    pub(crate) fn note_use(&self) {
        if self.count.load(Ordering::Relaxed) == 0 || self.warned.load(Ordering::Relaxed) {
            return;
        }
        if self.tasks().contains(&Task::current()) && !self.warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "a query was run by `&Db` while a session of the same task has an open transaction: it reads outside of \
                 it and does not see what it wrote; run it by `session.values()`"
            );
        }
    }

    fn tasks(&self) -> MutexGuard<'_, Vec<Task>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OpenTransaction {
    fn drop(&mut self) {
        let mut tasks = self.all.tasks();
        if let Some(position) = tasks.iter().position(|task| *task == self.task) {
            tasks.swap_remove(position);
            self.all.count.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
