//! A connection that is on a blocking thread for a while.
use super::open::{Raw, Stop};
use crate::{
    driver::BoxFuture,
    error::{Error, Kind, Result},
};
use orm_sqlite::Database;
use tokio::task::JoinHandle;

/// Where a connection is.
pub(super) enum Place {
    /// With its owner.
    Here(Raw),
    /// On a blocking thread, which brings it back; a statement there may have been cancelled.
    Away(BoxFuture<'static, Option<Raw>>),
    /// Nowhere: what ran on it panicked.
    Gone,
}

impl Place {
    /// Waits until the connection is here.
    pub(super) async fn here(&mut self) -> Result<&mut Raw> {
        if let Self::Away(back) = self {
            *self = back.await.map_or(Self::Gone, Self::Here);
            if let Self::Here(raw) = self {
                raw.stop.clear();
            }
        }
        match self {
            Self::Here(raw) => Ok(raw),
            Self::Away(_) | Self::Gone => Err(gone()),
        }
    }

    /// Takes the connection, which is here.
    pub(super) async fn take(&mut self) -> Result<Raw> {
        self.here().await?;
        match std::mem::replace(self, Self::Gone) {
            Self::Here(raw) => Ok(raw),
            other => {
                *self = other;
                Err(gone())
            }
        }
    }

    /// Runs the job on a blocking thread that owns the connection for the time. If the future is dropped, the job is
    /// interrupted, and the connection comes back when it has stopped.
    pub(super) async fn lend<T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&mut Database) -> T + Send + 'static,
    ) -> Result<T> {
        let mut raw = self.take().await?;
        let stop = raw.stop.clone();
        let task = tokio::task::spawn_blocking(move || {
            let done = job(&mut raw.database);
            (raw, done)
        });
        Loan { task: Some(task), stop, place: self }.wait().await
    }
}

fn gone() -> Error {
    Error::new(Kind::Connection, "the connection is lost: something panicked while it ran a statement")
}

/// The wait for a job; dropped before the end, it stops the job.
struct Loan<'p, T: Send + 'static> {
    task: Option<JoinHandle<(Raw, T)>>,
    stop: Stop,
    place: &'p mut Place,
}

impl<T: Send + 'static> Loan<'_, T> {
    async fn wait(mut self) -> Result<T> {
        let Some(task) = &mut self.task else { return Err(gone()) };
        let result = task.await;
        self.task = None;
        let (raw, done) = result.map_err(|error| Error::with_source(Kind::Connection, gone().to_string(), error))?;
        *self.place = Place::Here(raw);
        Ok(done)
    }
}

impl<T: Send + 'static> Drop for Loan<'_, T> {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            self.stop.now();
            *self.place = Place::Away(Box::pin(async { task.await.ok().map(|(raw, _)| raw) }));
        }
    }
}
