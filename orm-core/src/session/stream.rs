//! Values one by one, in constant memory.
use crate::{db::Db, driver::BoxFuture, entity::Model, error::Result, load, model::Batch, query::Query};
use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::sync::mpsc::{Receiver, channel};

/// The rows of a query as plain values, one by one: what [`Query::stream`] gives.
///
/// It is a [`futures_core::Stream`], and has [`next`](Self::next) for those who need no more. Rows come from the database in
/// batches of 1,000, of which two at most are in memory. Nothing is sent before the first row is asked for. Dropped, it ends
/// its statement and gives its connection back.
#[must_use = "a stream does nothing until its rows are asked for"]
pub struct ValueStream<M> {
    rows: std::vec::IntoIter<M>,
    batches: Receiver<Box<dyn Batch>>,
    /// What reads the batches; none after the last one.
    reading: Option<BoxFuture<'static, Result<()>>>,
}

impl<M: Model> Query<M> {
    /// The rows one by one, in constant memory, on a connection of its own. SQLAlchemy calls this `yield_per`.
    ///
    /// What the query loads along is loaded for each batch, on a second connection; a joined relationship to many is loaded
    /// as by `selectin()`, since its rows would have to be held until the last one. Streams are of values: a session would
    /// keep every row. Inside a session page by key.
    ///
    /// ```no_run
    /// # use orm_core::{Result, db::Db, entity::Model};
    /// # async fn example<Order: Model>(db: &Db, total: impl Fn(&Order) -> f64) -> Result<f64> {
    /// let mut sum = 0.0;
    /// let mut orders = Order::query().stream(db);
    /// while let Some(order) = orders.next().await {
    ///     sum += total(&order?);
    /// }
    /// # Ok(sum)
    /// # }
    /// ```
    pub fn stream(self, db: &Db) -> ValueStream<M> {
        // One batch waits while the next one is read.
        let (sender, batches) = channel(1);
        let (db, parts) = (db.clone(), db.hide(self.parts));
        let reading = Box::pin(async move {
            db.note_use();
            load::stream(&parts, db.driver(), sender).await
        });
        ValueStream { rows: Vec::new().into_iter(), batches, reading: Some(reading) }
    }
}

impl<M: Model> ValueStream<M> {
    /// The next row, or `None` after the last one or after an error.
    ///
    /// # Errors
    /// The database fails, or a row cannot be decoded.
    pub async fn next(&mut self) -> Option<Result<M>> {
        std::future::poll_fn(|context| self.poll_row(context)).await
    }

    fn poll_row(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<M>>> {
        loop {
            if let Some(row) = self.rows.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            let read = self.reading.as_mut().map(|reading| reading.as_mut().poll(context));
            if let Some(Poll::Ready(ended)) = &read {
                self.reading = None;
                if let Err(error) = ended {
                    self.batches.close();
                    return Poll::Ready(Some(Err(error.clone())));
                }
            }
            match (self.batches.try_recv(), read) {
                (Ok(batch), _) => self.rows = super::executor::unpack::<M>(batch)?.into_iter(),
                (Err(_), Some(Poll::Pending)) => return Poll::Pending,
                (Err(_), _) => return Poll::Ready(None),
            }
        }
    }
}

impl<M: Model> futures_core::Stream for ValueStream<M> {
    type Item = Result<M>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<M>>> {
        self.get_mut().poll_row(context)
    }
}

// Nothing in it is pinned: the rows are plain values.
impl<M> Unpin for ValueStream<M> {}

impl<M> fmt::Debug for ValueStream<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValueStream").field("ended", &self.reading.is_none()).finish_non_exhaustive()
    }
}
