//! Many readers at once, and a writer beside them.
use super::Run;
use crate::{Error, Result};
use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;

/// The requests of one run, shared by the readers.
pub(super) const REQUESTS: usize = 1_024;
/// The users that a request loads.
pub const ROWS_PER_REQUEST: i64 = 100;
/// How long the writer rests between two commits.
const PAUSE: Duration = Duration::from_millis(1);

/// The first key of a request: in no order of the table.
pub fn first_of_request(request: usize) -> i64 {
    ((request * 7_919) % 9_800 + 1) as i64
}

/// The readers of a run, and the writer, if there is one.
pub struct Readers {
    readers: JoinSet<Result<()>>,
    writer: Option<tokio::task::JoinHandle<Result<()>>>,
    done: Arc<AtomicBool>,
}

impl Readers {
    /// Readers only.
    pub fn alone() -> Self {
        Self { readers: JoinSet::new(), writer: None, done: Arc::default() }
    }

    /// Readers beside a writer, which gives a user that colour of hair and commits, again and again.
    pub fn beside_writer<F>(mut write: impl FnMut(String) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let done = Arc::new(AtomicBool::new(false));
        let ended = done.clone();
        let writer = tokio::spawn(async move {
            let mut count = 0;
            while !ended.load(Ordering::Relaxed) {
                count += 1;
                write(format!("written {count} times")).await?;
                tokio::time::sleep(PAUSE).await;
            }
            Ok(())
        });
        Self { readers: JoinSet::new(), writer: Some(writer), done }
    }

    /// Times all requests: each takes the first key and gives the number of users that it loaded.
    pub async fn read<F>(mut self, run: &mut Run, request: impl Fn(i64) -> F + Clone + Send + 'static) -> Result<()>
    where
        F: Future<Output = Result<usize>> + Send + 'static,
    {
        let tasks = run.size;
        run.time(async {
            for task in 0..tasks {
                self.readers.spawn(read(task, tasks, request.clone()));
            }
            while let Some(reader) = self.readers.join_next().await {
                reader??;
            }
            Ok::<_, Error>(())
        })
        .await?;
        self.done.store(true, Ordering::Relaxed);
        if let Some(writer) = self.writer { writer.await? } else { Ok(()) }
    }
}

/// The requests of one reader.
async fn read<F>(task: usize, tasks: usize, request: impl Fn(i64) -> F) -> Result<()>
where
    F: Future<Output = Result<usize>>,
{
    for number in (task..REQUESTS).step_by(tasks) {
        let rows = request(first_of_request(number)).await?;
        if rows != ROWS_PER_REQUEST as usize {
            return Err(format!("a reader found {rows} users").into());
        }
        // As a server's tasks wait for their clients between requests.
        tokio::task::yield_now().await;
    }
    Ok(())
}
