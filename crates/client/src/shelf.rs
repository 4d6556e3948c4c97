//! The store on a thread of its own, behind a handle that tasks can await.
//!
//! Two lanes: what a hand waits for (marks, views) goes before what nobody waits for (indexing,
//! pulls). A job is one short transaction; a long piece of work is many jobs.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use ipc::Problem;
use tokio::sync::oneshot;

use crate::ports::{Store, StoreError, StoreErrorKind};
use crate::problem;

type Job = Box<dyn FnOnce(&mut dyn Store) + Send>;

#[derive(Default)]
struct Lanes {
    urgent: VecDeque<Job>,
    patient: VecDeque<Job>,
    closed: bool,
}

#[derive(Default)]
struct Queue {
    lanes: Mutex<Lanes>,
    ready: Condvar,
}

impl Queue {
    fn push(&self, job: Job, urgent: bool) {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.closed {
            return;
        }
        if urgent {
            lanes.urgent.push_back(job);
        } else {
            lanes.patient.push_back(job);
        }
        drop(lanes);
        self.ready.notify_one();
    }

    fn next(&self) -> Option<Job> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let job = lanes.urgent.pop_front();
            if let Some(job) = job.or_else(|| lanes.patient.pop_front()) {
                return Some(job);
            }
            if lanes.closed {
                return None;
            }
            lanes = self.ready.wait(lanes).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn close(&self) {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.ready.notify_all();
    }
}

/// Asks the store's thread.
#[derive(Clone)]
pub(crate) struct Shelf {
    queue: Arc<Queue>,
    finished: tokio::sync::watch::Receiver<bool>,
}

impl Shelf {
    /// Gives the store its thread.
    pub(crate) fn open(mut store: Box<dyn Store>) -> Self {
        let queue = Arc::new(Queue::default());
        let (finish, finished) = tokio::sync::watch::channel(false);
        let jobs = Arc::clone(&queue);
        let thread = std::thread::Builder::new().name("store".to_owned()).spawn(move || {
            while let Some(job) = jobs.next() {
                // A panic loses one answer, not the tablet: the asker sees its channel closed.
                let ran = std::panic::catch_unwind(AssertUnwindSafe(|| job(&mut *store)));
                if ran.is_err() {
                    tracing::error!("a job of the store panicked");
                }
            }
            drop(store);
            finish.send_replace(true);
        });
        if let Err(error) = thread {
            tracing::error!(%error, "no thread for the store");
            queue.close();
        }
        Self { queue, finished }
    }

    /// Runs a job that somebody waits for.
    ///
    /// # Errors
    /// The store's difficulty.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.run(job, true).await
    }

    /// Runs a job that may wait.
    ///
    /// # Errors
    /// The store's difficulty.
    pub(crate) async fn ask_patiently<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.run(job, false).await
    }

    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn Store) -> Result<T, StoreError> + Send + 'static,
        urgent: bool,
    ) -> Result<T, Problem> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |store| {
            let result = job(store);
            if result.as_ref().is_err_and(|error| error.kind == StoreErrorKind::Corrupt) {
                store.doubted();
            }
            // Whoever asked may have gone meanwhile; the work is done all the same.
            answer.send(result).ok();
        });
        self.queue.push(job, urgent);
        match answered.await {
            Ok(result) => result.map_err(|error| problem::of_store(&error)),
            Err(_) => Err(problem::internal("the store has stopped")),
        }
    }

    /// Takes nothing more; what was asked is still done, then the store is closed.
    pub(crate) fn close(&self) {
        self.queue.close();
    }

    /// Waits until the store is closed.
    pub(crate) async fn closed(&self) {
        let mut finished = self.finished.clone();
        // The sender is gone only when the thread never ran.
        finished.wait_for(|finished| *finished).await.ok();
    }
}
