//! The running server.

use std::fs::File;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::accept::{Door, accept_all};
use crate::app::{App, Parts};
use crate::authority::{Challenges, Vault};
use crate::blobs::Blobs;
use crate::blobs::files::Files;
use crate::codes::NoRandom;
use crate::config::{Config, blobs_dir, database_file, lock_file};
use crate::connector::Connector;
use crate::connector::register::Register;
use crate::log::Log;
use crate::log::post::Post;
use crate::log::sqlite::{OpenError, SqliteLog};
use crate::metrics::Metrics;
use crate::office::Office;
use crate::poke::Pokes;
use crate::post::Courier;
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
    /// None where the log keeps no queue of messages.
    courier: Option<Courier>,
    /// Only with a door for drafting software.
    register: Option<Register>,
    metrics_listener: Option<TcpListener>,
    tls: Option<Tls>,
    _lock: Option<Lock>,
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

/// Where a server keeps what several processes share; what is none lies in the data directory, which
/// is then this process's alone.
#[derive(Default)]
pub struct Stores {
    /// The log.
    pub log: Option<Arc<dyn Log>>,
    /// The post of that log; without it nothing is sent.
    pub post: Option<Arc<dyn Post>>,
    /// The papers.
    pub blobs: Option<Arc<dyn Blobs>>,
}

impl std::fmt::Debug for Stores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stores")
            .field("log", &self.log.is_some())
            .field("post", &self.post.is_some())
            .field("blobs", &self.blobs.is_some())
            .finish()
    }
}

impl Server {
    /// Opens the data directory.
    ///
    /// # Errors
    /// [`ServeError`].
    pub fn open(config: Config) -> Result<Self, ServeError> {
        Self::open_with(config, Stores::default())
    }

    /// Opens a server on these stores, and the data directory for what they leave to it.
    ///
    /// # Errors
    /// [`ServeError`].
    pub fn open_with(config: Config, stores: Stores) -> Result<Self, ServeError> {
        let Config {
            data,
            clock,
            limits,
            database,
            metrics: metrics_listener,
            tls,
            post,
            connector,
        } = config;
        let accounts = connector.as_ref().map(|door| door.accounts.clone());
        let connector = connector.map(|door| Connector::new(door, &limits, post.language));
        let staging = data.clone();
        if stores.log.is_none() && !database_file(&data).exists() {
            return Err(ServeError::NoCouncil(data));
        }
        let shared = stores.log.is_some() && stores.blobs.is_some();
        let lock = if shared { None } else { Some(lock(&data)?) };
        let tls = tls.map(Tls::open).transpose()?;
        let metrics = Arc::new(Metrics::default());
        let bell = Arc::new(Notify::new());
        let (log, queue) = match stores.log {
            Some(log) => (log, stores.post),
            None => {
                let log = SqliteLog::open(&database_file(&data), database, Arc::clone(&metrics))?;
                let log = Arc::new(log);
                (Arc::clone(&log) as Arc<dyn Log>, Some(log as Arc<dyn Post>))
            }
        };
        let courier =
            queue.map(|queue| Courier::new(queue, post, Arc::clone(&clock), Arc::clone(&bell)));
        let register = accounts.map(|accounts| Register {
            log: Arc::clone(&log),
            clock: Arc::clone(&clock),
            accounts,
        });
        let pokes = Arc::new(Pokes::new(&limits));
        let (of_log, of_clock) = (Arc::clone(&log), Arc::clone(&clock));
        let office = Office::open(&data, of_log, of_clock, Arc::clone(&pokes));
        let blobs = match stores.blobs {
            Some(blobs) => blobs,
            None => Arc::new(
                Files::open(blobs_dir(&data))
                    .map_err(|cause| ServeError::Directory { path: data, cause })?,
            ),
        };
        let app = App::new(Parts {
            vault: Vault::new(log, blobs),
            office,
            clock,
            metrics,
            pokes,
            bell,
            challenges: Challenges::new()?,
            devices: Buckets::new(limits.device_rate),
            addresses: Buckets::new(limits.address_rate),
            guesses: Buckets::new(limits.guess_rate),
            calendars: Buckets::new(limits.calendar_rate),
            connector,
            staging,
            requests: Semaphore::new(limits.requests),
            transfers: Arc::new(Semaphore::new(limits.transfers)),
            closing: CancellationToken::new(),
            encrypted: tls.is_some(),
            limits,
        });
        let pokes = app.clone();
        app.vault.listen(Arc::new(move |council, head| {
            pokes.pokes.poke(council, head);
            pokes.bell.notify_one();
        }));
        Ok(Self { app, courier, register, metrics_listener, tls, _lock: lock })
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
        let directory = app.office.keep_directory(&app.closing);
        let post = async {
            if let Some(courier) = &self.courier {
                courier.run(&app.office, &app.closing).await;
            }
        };
        let register = async {
            if let Some(register) = &self.register {
                register.keep(&app.closing).await;
            }
        };
        let stop = async {
            shutdown.await;
            tracing::info!("stopping: no new connections, requests under way are finished");
            app.closing.cancel();
        };
        tokio::join!(tablets, operator, certificate, directory, post, register, stop);
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
