//! What every request shares.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::{CouncilId, DeviceId, MemberId};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::authority::{Challenges, Vault};
use crate::config::Clock;
use crate::connector::Connector;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::office::Office;
use crate::poke::Pokes;
use crate::rate::Buckets;
use crate::refusal::Refusal;

/// How long a request queues for its turn before it is told to come back.
const QUEUE: Duration = Duration::from_secs(5);

/// The server's parts, shared by reference.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

/// The server's parts.
pub(crate) struct Parts {
    pub(crate) vault: Vault,
    pub(crate) office: Office,
    pub(crate) clock: Clock,
    pub(crate) limits: Limits,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) pokes: Arc<Pokes>,
    /// Rung when the log has grown: the post listens.
    pub(crate) bell: Arc<Notify>,
    pub(crate) challenges: Challenges,
    pub(crate) devices: Buckets<DeviceId>,
    pub(crate) addresses: Buckets<IpAddr>,
    pub(crate) guesses: Buckets<IpAddr>,
    pub(crate) calendars: Buckets<(CouncilId, MemberId)>,
    pub(crate) requests: Semaphore,
    pub(crate) transfers: Arc<Semaphore>,
    /// The door for drafting software, when it is open.
    pub(crate) connector: Option<Connector>,
    /// Where papers lie until they are known to be the council's.
    pub(crate) staging: PathBuf,
    pub(crate) closing: CancellationToken,
    /// Whether the tablets' door speaks TLS itself.
    pub(crate) encrypted: bool,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The present time, Unix milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        (self.clock)()
    }

    /// A turn to work on a request whose body has arrived.
    pub(crate) async fn turn(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Refusal> {
        match tokio::time::timeout(QUEUE, self.requests.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(Refusal::too_many(
                "The server is busy with other tablets; try again in a moment.",
                self.spread_ms(),
            )),
        }
    }

    /// A turn to move a paper; held until its last byte is through.
    pub(crate) fn transfer(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.transfers).try_acquire_owned().map_err(|_| {
            Refusal::too_many(
                "The server moves as many papers as it can; try again in a moment.",
                self.spread_ms(),
            )
        })
    }

    /// A waiting time that differs between requests, so that those sent away do not come back all
    /// at once.
    pub(crate) fn spread_ms(&self) -> u64 {
        let random = crate::codes::random::<2>().unwrap_or([128, 0]);
        1_000 + u64::from(u16::from_be_bytes(random)) % 9_000
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
