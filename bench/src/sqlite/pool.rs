//! Connections of libraries that block, for requests that come at once.
use crate::{
    Result,
    harness::{Readers, Run},
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Connections that are free, and how to open more. A request blocks its worker, so there are never more than workers.
pub(super) struct Pool<C> {
    free: Arc<Mutex<Vec<C>>>,
    file: Arc<str>,
    open: fn(&str) -> Result<C>,
}

impl<C> Clone for Pool<C> {
    fn clone(&self) -> Self {
        Self { free: self.free.clone(), file: self.file.clone(), open: self.open }
    }
}

impl<C: Send + 'static> Pool<C> {
    pub(super) fn new(file: &str, open: fn(&str) -> Result<C>) -> Self {
        Self { free: Arc::default(), file: file.into(), open }
    }

    /// Readers that give the number of users from a key on, and, if there is one, a writer of a colour of hair.
    pub(super) async fn read(
        &self,
        run: &mut Run,
        request: fn(&mut C, i64) -> Result<usize>,
        write: Option<fn(&mut C, &str) -> Result<()>>,
    ) -> Result<()> {
        let (pool, writing) = (self.clone(), self.clone());
        let readers = match write {
            None => Readers::alone(),
            Some(write) => Readers::beside_writer(move |color| {
                let done = writing.with(|connection| write(connection, &color));
                async { done }
            }),
        };
        let request = move |first| {
            let pool = pool.clone();
            async move { pool.with(|connection| request(connection, first)) }
        };
        readers.read(run, request).await
    }

    fn with<T>(&self, work: impl FnOnce(&mut C) -> Result<T>) -> Result<T> {
        let free = self.free().pop();
        let mut connection = match free {
            Some(connection) => connection,
            None => (self.open)(&self.file)?,
        };
        let result = work(&mut connection);
        self.free().push(connection);
        result
    }

    fn free(&self) -> MutexGuard<'_, Vec<C>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
