//! What the server is told at its start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::connector::ConnectorConfig;
use crate::limits::Limits;
use crate::log::sqlite;
use crate::post::PostConfig;
use crate::tls::TlsFiles;

/// The present time in Unix milliseconds; a test brings its own.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's clock.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(|| jiff::Timestamp::now().as_millisecond())
}

/// Everything a server needs beside its listener.
pub struct Config {
    /// The data directory that `init` made.
    pub data: PathBuf,
    /// Where the time comes from.
    pub clock: Clock,
    /// What it grants at most.
    pub limits: Limits,
    /// How the database is opened.
    pub database: sqlite::Options,
    /// Where `/metrics` and `/healthz` are answered, apart from the tablets' door.
    pub metrics: Option<TcpListener>,
    /// The certificate of the tablets' door; none when another server in front speaks TLS.
    pub tls: Option<TlsFiles>,
    /// How convocations leave by e-mail and text message.
    pub post: PostConfig,
    /// The door for drafting software; shut when there is none.
    pub connector: Option<ConnectorConfig>,
}

impl Config {
    /// A server on this data directory with the machine's clock and the usual limits.
    #[must_use]
    pub fn new(data: PathBuf) -> Self {
        Self {
            data,
            clock: system_clock(),
            limits: Limits::default(),
            database: sqlite::Options::default(),
            metrics: None,
            tls: None,
            post: PostConfig::default(),
            connector: None,
        }
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("data", &self.data)
            .field("limits", &self.limits)
            .field("database", &self.database)
            .field("metrics", &self.metrics)
            .field("tls", &self.tls)
            .field("post", &self.post)
            .field("connector", &self.connector.is_some())
            .finish_non_exhaustive()
    }
}

/// The database within a data directory.
#[must_use]
pub fn database_file(data: &Path) -> PathBuf {
    data.join("log.sqlite")
}

/// The papers within a data directory.
#[must_use]
pub fn blobs_dir(data: &Path) -> PathBuf {
    data.join("blobs")
}

/// The server's own signing key within a data directory (PKCS #8, readable by its owner alone).
#[must_use]
pub fn key_file(data: &Path) -> PathBuf {
    data.join("server.key")
}

/// Held while a server runs on a data directory, so that no second one starts.
#[must_use]
pub fn lock_file(data: &Path) -> PathBuf {
    data.join("lock")
}
