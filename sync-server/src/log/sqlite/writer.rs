//! One thread writes; what waits for it shares one commit.
//!
//! A write is a closure over the connection. The thread takes the first that comes and all that
//! wait behind it (at most [`GROUP`]), runs each in a savepoint of one transaction, commits once,
//! and only then answers all of them. Under load the commits grow instead of the queue; alone, a
//! write waits for nobody. When the commit fails, everyone in it is told so.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::schema::OpenError;
use crate::log::LogError;
use crate::metrics::Metrics;

/// Most writes in one commit.
const GROUP: usize = 512;

type Answer = Box<dyn FnOnce(Result<(), LogError>) + Send>;
type Work = Box<dyn FnOnce(&Connection) -> (Outcome, Answer) + Send>;

/// How a write went, before the commit.
enum Outcome {
    Keep,
    Undo,
}

/// The hand that gives work to the writer thread.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Work>>,
    thread: Option<JoinHandle<()>>,
}

/// Dropping it lets the thread finish what it was given and close the database.
impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the log's writer thread panicked");
        }
    }
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        queue: NonZeroUsize,
        metrics: Arc<Metrics>,
    ) -> Result<Self, OpenError> {
        let (sender, receiver) = mpsc::channel(queue.get());
        let thread = std::thread::Builder::new()
            .name("log-writer".to_owned())
            .spawn(move || write_all(&connection, receiver, &metrics))
            .map_err(OpenError::Thread)?;
        Ok(Self { queue: Some(sender), thread: Some(thread) })
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let (sender, receiver) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            let result = work(connection);
            let outcome = if result.is_ok() { Outcome::Keep } else { Outcome::Undo };
            let answer: Answer = Box::new(move |commit| {
                // Nobody waits any more when the connection has gone; the write stands all the same.
                sender.send(result.and_then(|value| commit.map(|()| value))).ok();
            });
            (outcome, answer)
        });
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.send(work).await.map_err(|_| stopped())?;
        receiver.await.map_err(|_| stopped())?
    }
}

fn stopped() -> LogError {
    LogError::Failing("its writer has stopped".to_owned())
}

fn write_all(connection: &Connection, mut queue: mpsc::Receiver<Work>, metrics: &Metrics) {
    let mut group = Vec::new();
    while let Some(first) = queue.blocking_recv() {
        group.push(first);
        while group.len() < GROUP
            && let Ok(next) = queue.try_recv()
        {
            group.push(next);
        }
        let started = Instant::now();
        let size = group.len();
        let mut answers = Vec::with_capacity(size);
        let result = commit_group(connection, &mut group, &mut answers);
        if let Err(error) = &result {
            tracing::error!(%error, writes = size, "a commit failed");
            if !connection.is_autocommit()
                && let Err(error) = connection.execute_batch("ROLLBACK")
            {
                tracing::error!(%error, "the failed commit could not be rolled back");
            }
        }
        metrics.committed(size, started.elapsed(), result.is_ok());
        // Those that had no turn are told as well: dropping their work drops their answer.
        group.clear();
        for answer in answers {
            answer(result.clone());
        }
    }
}

fn commit_group(
    connection: &Connection,
    group: &mut Vec<Work>,
    answers: &mut Vec<Answer>,
) -> Result<(), LogError> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    for work in group.drain(..) {
        connection.execute_batch("SAVEPOINT one")?;
        let (outcome, answer) = work(connection);
        answers.push(answer);
        match outcome {
            Outcome::Keep => connection.execute_batch("RELEASE one")?,
            // A full disk makes SQLite roll the whole transaction back: then nobody has written.
            Outcome::Undo if connection.is_autocommit() => return Err(LogError::Full),
            Outcome::Undo => connection.execute_batch("ROLLBACK TO one; RELEASE one")?,
        }
    }
    connection.execute_batch("COMMIT")?;
    Ok(())
}
