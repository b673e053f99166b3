//! A driver that stops at a statement of one's choice until it is let go on, so that an interleaving is no accident.
use orm::Result;
use orm_core::driver::{
    BoxFuture, Connection, Control, Dialect, Driver, Outcome, Repeated, RowStream, Sink, Statement, connect,
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

#[derive(Clone)]
pub(crate) struct Gate {
    inner: Arc<dyn Driver>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// What the text of the statement to stop at begins with.
    at: Mutex<Option<&'static str>>,
    reached: Notify,
    open: Notify,
}

impl Gate {
    /// Over SQLite.
    pub(crate) async fn new() -> Result<Self> {
        Ok(Self { inner: connect("sqlite::memory:").await?, shared: Arc::default() })
    }

    /// Stops at the next statement that begins with that text, once.
    pub(crate) fn stop_at(&self, text: &'static str) {
        *self.shared.at() = Some(text);
    }

    /// Does something while the statement is stopped.
    pub(crate) async fn meanwhile<T>(&self, work: impl Future<Output = T>) -> T {
        let reached = tokio::time::timeout(Duration::from_secs(10), self.shared.reached.notified()).await;
        assert!(reached.is_ok(), "there was no such statement");
        let result = work.await;
        self.shared.open.notify_one();
        result
    }
}

impl Shared {
    fn at(&self) -> std::sync::MutexGuard<'_, Option<&'static str>> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn pass(&self, sql: &str) {
        let stops = self.at().take_if(|at| sql.starts_with(*at)).is_some();
        if stops {
            self.reached.notify_one();
            self.open.notified().await;
        }
    }
}

impl Driver for Gate {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>>> {
        Box::pin(async {
            let inner = self.inner.acquire().await?;
            Ok(Box::new(GatedConnection { inner, shared: self.shared.clone() }) as Box<dyn Connection>)
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.inner.close()
    }
}

struct GatedConnection {
    inner: Box<dyn Connection>,
    shared: Arc<Shared>,
}

impl Connection for GatedConnection {
    fn query<'a>(&'a mut self, statement: &'a Statement, sink: Box<dyn Sink>) -> BoxFuture<'a, Result<Box<dyn Sink>>> {
        Box::pin(async move {
            self.shared.pass(&statement.sql).await;
            self.inner.query(statement, sink).await
        })
    }

    fn execute<'a>(&'a mut self, statement: &'a Statement) -> BoxFuture<'a, Result<Outcome>> {
        Box::pin(async move {
            self.shared.pass(&statement.sql).await;
            self.inner.execute(statement).await
        })
    }

    fn execute_each<'a>(&'a mut self, statement: &'a mut Repeated) -> BoxFuture<'a, Result<Vec<Outcome>>> {
        Box::pin(async move {
            self.shared.pass(&statement.sql).await;
            self.inner.execute_each(statement).await
        })
    }

    fn run_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>> {
        self.inner.run_script(sql)
    }

    fn control(&mut self, control: Control) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.shared.pass(&format!("{control:?}")).await;
            self.inner.control(control).await
        })
    }

    fn stream<'a>(
        &'a mut self,
        statement: &'a Statement,
        batch: usize,
    ) -> BoxFuture<'a, Result<Box<dyn RowStream + 'a>>> {
        self.inner.stream(statement, batch)
    }

    fn is_usable(&self) -> bool {
        self.inner.is_usable()
    }

    fn statement_count(&self) -> u64 {
        self.inner.statement_count()
    }
}
