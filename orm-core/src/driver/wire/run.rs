//! Runs a statement to its end, owning its connection.
use super::{Answer, Arguments, Raw, Server, error::is_broken};
use crate::{
    driver::{BoxFuture, Length, Outcome, Sink},
    error::{Error, Result},
};
use futures_core::stream::BoxStream;
use sqlx::{Connection as _, Database, Either};
use std::{future::poll_fn, sync::Arc};

/// What became of a statement.
pub(super) struct Ran {
    pub(super) sink: Option<Box<dyn Sink>>,
    pub(super) fed: u64,
    pub(super) result: Result<Outcome>,
}

/// What is to be sent.
pub(super) struct Sending<S: Server> {
    pub(super) sql: Arc<str>,
    pub(super) arguments: Arguments<S>,
    pub(super) length: Length,
}

pub(in crate::driver) async fn next<S: Server>(answers: &mut BoxStream<'_, Answer<S>>) -> Option<Answer<S>> {
    poll_fn(|context| answers.as_mut().poll_next(context)).await
}

/// Feeds the rows to the sink; without one they are passed over.
pub(super) fn run<S: Server>(
    mut raw: Raw<S::Db>,
    sending: Sending<S>,
    sink: Option<Box<dyn Sink>>,
) -> BoxFuture<'static, (Raw<S::Db>, Ran)> {
    let Sending { sql, arguments, length } = sending;
    Box::pin(async move {
        if std::mem::take(&mut raw.stale) {
            // If this fails, so does the statement.
            let _ = raw.connection().clear_cached_statements().await;
        }
        let mut feeding = Feeding::<S>::new(sink);
        let end = match length {
            Length::One => feeding.one(S::send_for_one(raw.connection(), Arc::clone(&sql), arguments).await),
            Length::Short | Length::Unknown => {
                feeding.all(S::send(raw.connection(), Arc::clone(&sql), arguments)).await
            }
        };
        let result = finished::<S>(&mut raw, end, &sql).and_then(|()| feeding.failed.map_or(Ok(feeding.outcome), Err));
        (raw, Ran { sink: feeding.sink, fed: feeding.fed, result })
    })
}

/// Runs text with nothing bound.
pub(super) fn text<S: Server>(mut raw: Raw<S::Db>, sql: String) -> BoxFuture<'static, (Raw<S::Db>, Result<()>)> {
    Box::pin(async move {
        let answers = S::send_text(raw.connection(), sql.clone());
        let end = Feeding::<S>::new(None).all(answers).await;
        let result = finished::<S>(&mut raw, end, &sql);
        (raw, result)
    })
}

/// Notes what the end means for the connection.
pub(super) fn finished<S: Server>(
    raw: &mut Raw<S::Db>,
    end: std::result::Result<(), sqlx::Error>,
    sql: &str,
) -> Result<()> {
    end.map_err(|error| {
        raw.broken |= is_broken(&error);
        raw.failed = true;
        raw.stale |= S::is_stale(&error);
        raw.rolled_back |= S::ends_transaction(&error);
        let error = S::error(error, sql);
        // The server may say that it ends the connection before it does.
        raw.broken |= error.is_connection();
        error
    })
}

/// Rows on their way to a sink.
pub(super) struct Feeding<S: Server> {
    sink: Option<Box<dyn Sink>>,
    columns: Option<S::Columns>,
    fed: u64,
    outcome: Outcome,
    failed: Option<Error>,
}

impl<S: Server> Feeding<S> {
    fn new(sink: Option<Box<dyn Sink>>) -> Self {
        Self { sink, columns: None, fed: 0, outcome: Outcome::default(), failed: None }
    }

    /// To the end, also when the sink failed: the connection must not be left with rows unread.
    async fn all(&mut self, mut answers: BoxStream<'_, Answer<S>>) -> std::result::Result<(), sqlx::Error> {
        while let Some(answer) = next::<S>(&mut answers).await {
            match answer? {
                Either::Left(result) => self.outcome = S::outcome(&result),
                Either::Right(row) if self.failed.is_none() => self.failed = self.row(&row).err(),
                Either::Right(_) => {}
            }
        }
        Ok(())
    }

    fn one(&mut self, found: sqlx::Result<Option<<S::Db as Database>::Row>>) -> sqlx::Result<()> {
        self.failed = found?.and_then(|row| self.row(&row).err());
        Ok(())
    }

    fn row(&mut self, row: &<S::Db as Database>::Row) -> Result<()> {
        let Some(sink) = &mut self.sink else { return Ok(()) };
        S::feed(row, self.columns.get_or_insert_with(|| S::columns(row)), &mut **sink)?;
        self.fed += 1;
        Ok(())
    }
}
