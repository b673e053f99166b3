//! Where a connection is: here, with a statement whose caller lost interest, or gone.
use super::{Raw, Server};
use crate::driver::BoxFuture;
use std::{
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

/// How long a statement that nobody waits for may go on before the server is asked to cancel it.
const GRACE: Duration = Duration::from_millis(30);
/// How long the server may take to cancel it, before the connection is given up.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) enum Place<S: Server> {
    Here(Raw<S::Db>),
    Away(BoxFuture<'static, Raw<S::Db>>),
    Gone,
}

impl<S: Server> Place<S> {
    pub(super) fn back(raw: Raw<S::Db>) -> Self {
        if raw.broken { Self::Gone } else { Self::Here(raw) }
    }

    pub(super) fn take(&mut self) -> Option<Raw<S::Db>> {
        match std::mem::replace(self, Self::Gone) {
            Self::Here(raw) => Some(raw),
            other => {
                *self = other;
                None
            }
        }
    }

    /// Brings a statement to its end whose caller lost interest. May be dropped and called again.
    pub(super) async fn settle(&mut self, server: &S, id: Option<u64>) {
        let Self::Away(running) = self else { return };
        let (start, mut pause) = (Instant::now(), GRACE);
        while start.elapsed() < PATIENCE {
            if let Ok(raw) = tokio::time::timeout(pause, &mut *running).await {
                *self = Self::back(raw);
                return;
            }
            // Asked too early, when the statement has not reached the server, it does nothing: so more than once.
            if let Some(id) = id {
                server.cancel(id).await;
            }
            pause *= 2;
        }
        *self = Self::Gone;
    }
}

/// A statement that runs on a lent connection. Dropped before its end, it goes to the connection's place.
pub(super) struct Loan<'p, S: Server, T: Send + 'static> {
    pub(super) running: Option<BoxFuture<'static, (Raw<S::Db>, T)>>,
    pub(super) place: &'p mut Place<S>,
}

impl<S: Server, T: Send + 'static> Future for Loan<'_, S, T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let loan = self.get_mut();
        let Some(running) = &mut loan.running else { return Poll::Ready(None) };
        let Poll::Ready((raw, result)) = running.as_mut().poll(context) else { return Poll::Pending };
        loan.running = None;
        *loan.place = Place::back(raw);
        Poll::Ready(Some(result))
    }
}

impl<S: Server, T: Send + 'static> Drop for Loan<'_, S, T> {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            *self.place = Place::Away(Box::pin(async { running.await.0 }));
        }
    }
}
