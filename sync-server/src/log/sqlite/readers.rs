//! Read-only connections, lent to blocking threads.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::schema;
use crate::log::LogError;

/// A pool that opens its connections when they are first needed.
#[derive(Debug, Clone)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    turns: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: PathBuf, size: NonZeroUsize) -> Self {
        Self { path, idle: Arc::default(), turns: Arc::new(Semaphore::new(size.get())) }
    }

    /// Runs `work` within one read transaction, so that all it reads is of one moment.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(|_| LogError::Failing("its readers are closed".to_owned()))?;
        let pool = self.clone();
        tokio::task::spawn_blocking(move || {
            let connection = pool.take()?;
            connection.prepare_cached("BEGIN")?.execute([])?;
            let result = work(&connection);
            connection.prepare_cached("ROLLBACK")?.execute([])?;
            pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            drop(turn);
            result
        })
        .await
        .map_err(|error| LogError::Failing(error.to_string()))?
    }

    fn take(&self) -> Result<Connection, LogError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(connection) => Ok(connection),
            None => schema::open_read_only(&self.path)
                .map_err(|error| LogError::Failing(error.to_string())),
        }
    }
}
