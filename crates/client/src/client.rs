//! The handle that windows, command lines and tests hold.

use std::sync::{Arc, PoisonError};

use ipc::{Command, Event, PageImage, Problem, Reply};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio_util::sync::DropGuard;
use uuid::Uuid;

use crate::actor::{Actor, Message};
use crate::clerk;
use crate::core::{Core, Parts, stopped};
use crate::farewell::Dismissal;
use crate::pages;
use crate::picture::Picture;
use crate::ports::{Keys, Letters, PaperFiles, PaperImage, Papers, Store, World};
use crate::sealing::SealingWork;
use crate::shelf::Shelf;

/// Events kept for a slow listener; it asks again for what it shows when it has missed some.
pub(crate) const EVENTS: usize = 256;

/// What a client is made of.
pub struct ClientConfig {
    /// The tablet's database.
    pub store: Box<dyn Store>,
    /// The papers as files.
    pub files: Arc<dyn PaperFiles>,
    /// The device's signing key.
    pub keys: Arc<dyn Keys>,
    /// The PDF reader.
    pub papers: Arc<dyn Papers>,
    /// Sets letters.
    pub letters: Arc<dyn Letters>,
    /// Clock and dice.
    pub world: Arc<dyn World>,
    /// Whether to exchange with the server by itself, in the background.
    pub automatic: bool,
}

impl std::fmt::Debug for ClientConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientConfig").field("automatic", &self.automatic).finish_non_exhaustive()
    }
}

/// What the system says about app and network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// The person looks at the app again.
    Foregrounded,
    /// The person has left the app: it keeps no socket open.
    Backgrounded,
    /// There is a network again.
    NetworkReturned,
}

/// A running client. Cheap to clone; when the last clone is dropped, background work stops. Use
/// [`Client::shutdown`] to wait for it.
#[derive(Clone)]
pub struct Client {
    core: Arc<Core>,
    _running: Arc<DropGuard>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client")
    }
}

impl Client {
    /// Starts the actor. Must be called within a tokio runtime. Nothing waits for the network.
    #[must_use]
    pub fn start(config: ClientConfig) -> Self {
        let ClientConfig { store, files, keys, papers, letters, world, automatic } = config;
        let (mailbox, mail) = mpsc::unbounded_channel();
        let (drawn, picture) = watch::channel(Picture::default());
        let (events, _) = broadcast::channel(EVENTS);
        let shelf = Shelf::open(store);
        let parts = Parts { shelf, files, keys, papers, letters, world, events, picture, mailbox };
        let core = Arc::new(Core::new(parts));
        let actor = Actor::new(Arc::clone(&core), drawn, automatic);
        tokio::spawn(actor.run(mail));
        let running = Arc::new(core.closing.clone().drop_guard());
        Self { core, _running: running }
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// [`Problem`], to be shown as a sentence.
    pub async fn handle(&self, command: Command) -> Result<Reply, Problem> {
        let (answer, answered) = oneshot::channel();
        self.core.post(Message::Command(Box::new(command), answer));
        tokio::select! {
            biased;
            answer = answered => answer.unwrap_or_else(|_| Err(stopped())),
            () = self.core.closing.cancelled() => Err(stopped()),
        }
    }

    /// Hears what the app tells by itself, from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.core.events.subscribe()
    }

    /// The image of a page. Does not wait behind commands.
    ///
    /// # Errors
    /// [`Problem`]; `Internal` about work that was dropped when a newer generation came.
    pub async fn page_image(&self, image: PageImage) -> Result<PaperImage, Problem> {
        pages::image(&self.core, image).await
    }

    /// Lays a piece of a file down; pieces come in order from 0. When the last one is down,
    /// `ClerkCommand::Import` or `Command::ImportLaid` reads the file.
    ///
    /// # Errors
    /// [`Problem`]: a guest's tablet, the disk is full, or a piece out of its place.
    pub async fn lay(&self, file: Uuid, offset: u64, bytes: Vec<u8>) -> Result<(), Problem> {
        self.core.within_the_lease()?;
        clerk::import::lay(&self.core, file, offset, bytes).await
    }

    /// Tells what the system says about app and network, so that what waits need not wait longer.
    pub fn hint(&self, hint: Hint) {
        // Without a driver (not automatic, not enrolled) there is nobody to hear it.
        self.core.hints.send(hint).ok();
    }

    /// Hears when this tablet is to be emptied: everything that could be sent is sent by then. Whoever holds
    /// the profile closes the client, empties the profile, and confirms.
    #[must_use]
    pub fn dismissals(&self) -> watch::Receiver<Option<Arc<Dismissal>>> {
        self.core.dismissals()
    }

    /// Whether the server answers, within a second.
    pub async fn server_answers(&self) -> bool {
        match self.core.remote() {
            Ok(remote) => remote.answers().await,
            Err(_) => false,
        }
    }

    /// What was done about the keys of sealed notes since the start: how tests and measurements see
    /// that an exchange with nothing new does nothing.
    #[must_use]
    pub fn sealing_work(&self) -> SealingWork {
        self.core.unwrapped.lock().unwrap_or_else(PoisonError::into_inner).work()
    }

    /// Stops: finishes what is under way, closes the store.
    pub async fn shutdown(self) {
        self.core.closing.cancel();
        self.core.shelf.closed().await;
    }
}
