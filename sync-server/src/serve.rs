//! The running server.

use std::fs::File;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::accept::{Door, accept_all};
use crate::app::{App, Parts};
use crate::authority::{Challenges, Vault};
use crate::blobs::files::Files;
use crate::codes::NoRandom;
use crate::config::{Config, blobs_dir, database_file, lock_file};
use crate::log::sqlite::{OpenError, SqliteLog};
use crate::metrics::Metrics;
use crate::poke::Pokes;
use crate::rate::Buckets;
use crate::router;
use crate::tls::{Tls, TlsError};

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// There is no council in the directory.
    #[error("{0} holds no council yet; run `pupitre-server init` first.")]
    NoCouncil(PathBuf),
    /// Another server runs on the directory.
    #[error("Another pupitre-server already runs on {0}; stop it first.")]
    Running(PathBuf),
    /// The database does not open.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The directory cannot be used.
    #[error("The data directory {path} cannot be used: {cause}.")]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The system gives no random bytes.
    #[error(transparent)]
    Random(#[from] NoRandom),
    /// The certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// A server that has its data open and no listener yet.
pub struct Server {
    app: App,
    metrics_listener: Option<TcpListener>,
    tls: Option<Tls>,
    _lock: Lock,
}

/// The data directory is this server's until it is dropped or its process ends, however it ends.
struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing would do, were there never a process being started that still shares the file.
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the data directory stays locked until the process ends");
        }
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}

/// Serves until `shutdown`, then finishes what is under way.
///
/// # Errors
/// [`ServeError`], before the first connection is accepted.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    Server::open(config)?.run(listener, shutdown).await;
    Ok(())
}

impl Server {
    /// Opens the data directory.
    ///
    /// # Errors
    /// [`ServeError`].
    pub fn open(config: Config) -> Result<Self, ServeError> {
        let Config { data, clock, limits, database, metrics: metrics_listener, tls } = config;
        if !database_file(&data).exists() {
            return Err(ServeError::NoCouncil(data));
        }
        let lock = lock(&data)?;
        let tls = tls.map(Tls::open).transpose()?;
        let metrics = Arc::new(Metrics::default());
        let log = SqliteLog::open(&database_file(&data), database, Arc::clone(&metrics))?;
        let blobs = Files::open(blobs_dir(&data))
            .map_err(|cause| ServeError::Directory { path: data, cause })?;
        let app = App::new(Parts {
            vault: Vault::new(Arc::new(log), Arc::new(blobs)),
            clock,
            metrics,
            pokes: Pokes::new(&limits),
            challenges: Challenges::new()?,
            devices: Buckets::new(limits.device_rate),
            addresses: Buckets::new(limits.address_rate),
            guesses: Buckets::new(limits.guess_rate),
            requests: Semaphore::new(limits.requests),
            transfers: Arc::new(Semaphore::new(limits.transfers)),
            closing: CancellationToken::new(),
            encrypted: tls.is_some(),
            limits,
        });
        Ok(Self { app, metrics_listener, tls, _lock: lock })
    }

    /// Serves until `shutdown`, then finishes what is under way.
    pub async fn run(self, listener: TcpListener, shutdown: impl Future<Output = ()> + Send) {
        let app = &self.app;
        // Dropping this future closes what it has opened.
        let _closing = app.closing.clone().drop_guard();
        let door = |listener, tls, router| {
            let (limits, metrics) = (app.limits, Arc::clone(&app.metrics));
            accept_all(Door { listener, tls, limits, metrics }, router, app.closing.clone())
        };
        let tablets = door(listener, self.tls.clone(), router::public(app.clone()));
        let operator = async {
            if let Some(listener) = self.metrics_listener {
                door(listener, None, router::operator(app.clone())).await;
            }
        };
        let certificate = async {
            if let Some(tls) = self.tls {
                tls.keep_fresh(app.closing.clone()).await;
            }
        };
        let stop = async {
            shutdown.await;
            tracing::info!("stopping: no new connections, requests under way are finished");
            app.closing.cancel();
        };
        tokio::join!(tablets, operator, certificate, stop);
    }
}

fn lock(data: &std::path::Path) -> Result<Lock, ServeError> {
    let failed = |cause| ServeError::Directory { path: data.to_owned(), cause };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(lock_file(data))
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(std::fs::TryLockError::WouldBlock) => Err(ServeError::Running(data.to_owned())),
        Err(std::fs::TryLockError::Error(cause)) => Err(failed(cause)),
    }
}
